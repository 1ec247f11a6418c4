<?php include "parts/dup_a.php"; echo dup(), "\n"; include "parts/dup_b.php"; echo "not reached";
