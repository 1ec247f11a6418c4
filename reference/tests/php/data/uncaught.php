<?php
echo "shown\n";
throw new LogicException("end");
