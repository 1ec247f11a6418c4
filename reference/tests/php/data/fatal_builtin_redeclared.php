<?php
echo "start\n";
function strlen() {}
