<?php
echo "start\n";
class A extends B {}
