<?php
echo "start\n";
echo "abc;
