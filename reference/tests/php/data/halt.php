<?php
echo "offset works\n";
function after() { return 'hoisted before halt'; }
echo after(), "\n";
__halt_compiler();raw data <?php echo "not run"; ?> more
