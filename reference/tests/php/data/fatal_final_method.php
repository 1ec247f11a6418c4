<?php
echo "start\n";
class A { final function f() {} } class B extends A { function f() {} }
