<?php
echo "start\n";
class A {} class A {}
