<?php
function opt($a = 1, $b) { return $b; }
return opt(1, 2);
