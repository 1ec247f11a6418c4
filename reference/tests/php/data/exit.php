<?php
echo "shown\n";
exit(3);
echo "hidden";
