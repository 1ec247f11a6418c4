<?php
echo "start\n";
echo "x"; break;
