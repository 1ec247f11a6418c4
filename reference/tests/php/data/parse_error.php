<?php
echo "a\n";
$x = 5 $y;
