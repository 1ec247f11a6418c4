--TEST--
RP-LIFE-05: a forked child starts with a copy; from then on the two are independent
--EXTENSIONS--
pcntl
--FILE--
<?php
clearstatcache(true);
realpath('/usr/share');
$child = pcntl_fork();
if ($child === 0) {
  echo 'child ', realpath_cache_size(), "\n";
  clearstatcache(true);
  echo 'child ', realpath_cache_size(), "\n";
  exit;
}
pcntl_waitpid($child, $status);
echo 'parent ', realpath_cache_size(), "\n";
?>
--EXPECT--
child 112
child 0
parent 112
