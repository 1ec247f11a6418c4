<?php var_dump(include "parts/warns.php", include "parts/warns.php");
