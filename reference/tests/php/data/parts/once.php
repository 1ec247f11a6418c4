<?php echo "[once]"; return "first";
