<?php
echo "start\n";
final class G {} class H extends G {}
