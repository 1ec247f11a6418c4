--TEST--
SC-STA-03, SC-STA-05, SC-STA-07: hits, misses and times of an entry
--EXTENSIONS--
opcache
--INI--
opcache.enable_cli=1
opcache.file_update_protection=0
--FILE--
<?php
function script($name, $code) {
  $path = realpath(sys_get_temp_dir()) . "/assay-" . getmypid() . "-$name";
  file_put_contents($path, "<?php $code");
  touch($path, time() - 1000);
  register_shutdown_function(fn() => @unlink($path));
  return $path;
}
function count_of($what) { return opcache_get_status(false)['opcache_statistics'][$what]; }
$file = script('a.php', 'return 1;');
[$hits, $misses] = [count_of('hits'), count_of('misses')];
for ($i = 0; $i < 3; ++$i) include $file;
var_dump(count_of('hits') - $hits, count_of('misses') - $misses);
$entry = opcache_get_status()['scripts'][$file];
var_dump($entry['hits'], $entry['timestamp'] === filemtime($file), $entry['full_path'] === $file);
?>
--EXPECT--
int(2)
int(1)
int(2)
bool(true)
bool(true)
