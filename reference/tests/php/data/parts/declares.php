<?php
function part_function() { static $n = 5; return "pf" . ++$n; }
class PartClass { public function name() { return static::class . __LINE__; } }
const PART_CONST = "pc";
