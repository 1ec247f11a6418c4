<?php
echo "start\n";
echo "ok\n"; $f = fn($n) => $n == 0 ? 0 : 1 + $f($n - 1); try { $f(1); } catch (Error $e) { echo $e->getMessage(); }
