<?php $o = new stdClass; $o->v = 1; return $o;
