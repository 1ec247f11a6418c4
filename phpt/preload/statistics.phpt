--TEST--
PL-STA-01, PL-STA-03, PL-STA-04: what the status says of preloading
--EXTENSIONS--
opcache
--INI--
opcache.enable_cli=1
opcache.preload={PWD}/statistics.inc
opcache.preload_user=root
--FILE--
<?php
$status = opcache_get_status();
$preload = $status['preload_statistics'];
sort($preload['functions']);
var_dump($preload['functions'], $preload['classes'], array_map('basename', $preload['scripts']));
var_dump($preload['memory_consumption'] === $status['scripts']['$PRELOAD$']['memory_consumption']);
$entry = $status['scripts'][__DIR__ . '/statistics_file.inc'];
var_dump($entry['hits'], $entry['last_used_timestamp'], $entry['timestamp']);
var_dump($status['opcache_statistics']['hits'], $status['opcache_statistics']['num_cached_scripts'] === count($status['scripts']));
?>
--EXPECT--
array(2) {
  [0]=>
  string(7) "of_file"
  [1]=>
  string(9) "of_script"
}
array(1) {
  [0]=>
  string(6) "OfFile"
}
array(2) {
  [0]=>
  string(14) "statistics.inc"
  [1]=>
  string(19) "statistics_file.inc"
}
bool(true)
int(0)
int(0)
int(0)
int(0)
bool(true)
