<?php
echo "start\n";
class A implements B {}
