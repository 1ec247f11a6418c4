<?php
register_shutdown_function(function () { echo "one\n"; });
register_shutdown_function(function () { echo "two\n"; exit(3); });
register_shutdown_function(function () { echo "three\n"; });
exit("gone\n");
