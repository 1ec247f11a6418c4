<?php $x .= "+scope"; $fromInclude = __LINE__ . basename(__FILE__) . basename(__DIR__); return ["x" => $x];
