<?php $local .= "+included" . (isset($x) ? "x" : "nox");
