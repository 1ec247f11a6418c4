--TEST--
SC-STA-01, SC-STA-08, SC-STA-09, SC-SIZ-03 to SC-SIZ-05: a fresh cache, and values out of range
--EXTENSIONS--
opcache
--INI--
opcache.enable_cli=1
opcache.max_accelerated_files=199
opcache.max_wasted_percentage=51
--FILE--
<?php
$status = opcache_get_status(false);
var_dump(array_key_exists('scripts', $status), $status['opcache_enabled'], $status['cache_full'], $status['restart_pending'], $status['restart_in_progress']);
var_dump($status['opcache_statistics']['max_cached_keys'], $status['opcache_statistics']['last_restart_time']);
$directives = opcache_get_configuration()['directives'];
var_dump($directives['opcache.max_accelerated_files'], $directives['opcache.max_wasted_percentage']);
?>
--EXPECT--
bool(false)
bool(true)
bool(false)
bool(false)
bool(false)
int(16229)
int(0)
int(10000)
float(0.05)
