<?php
echo "start\n";
interface I { function f(); function g(); } class A implements I {}
