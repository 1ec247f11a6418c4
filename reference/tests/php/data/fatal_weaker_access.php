<?php
echo "start\n";
class A { public $x; } class B extends A { private $x; }
