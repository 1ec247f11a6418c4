<?php
echo "unreached";
while (1) { break 2; }
