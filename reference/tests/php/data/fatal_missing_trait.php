<?php
echo "start\n";
class A { use B; }
