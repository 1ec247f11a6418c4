<?php include "parts/dup_class_a.php"; echo class_exists("Dup"), "\n"; include "parts/dup_class_b.php"; echo "not reached";
