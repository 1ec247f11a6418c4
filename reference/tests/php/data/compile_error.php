<?php echo "start\n"; try { include "parts/compile_error.php"; } catch (Throwable $e) { echo "caught"; } echo "not reached";
