--TEST--
SC-KEY-15: includes by way of wrappers are not stored
--EXTENSIONS--
opcache
--INI--
opcache.enable_cli=1
opcache.file_update_protection=0
allow_url_include=1
error_reporting=8191
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
[$hits, $misses, $scripts] = [count_of('hits'), count_of('misses'), count_of('num_cached_scripts')];
var_dump(include "php://filter/read=string.rot13|string.rot13/resource=$file", include "FILE://$file", include 'data://text/plain,<?php return 2;');
var_dump(count_of('hits') - $hits, count_of('misses') - $misses, count_of('num_cached_scripts') - $scripts);
var_dump(include "file://$file", opcache_is_script_cached($file));
?>
--EXPECT--
int(1)
int(1)
int(2)
int(0)
int(0)
int(0)
int(1)
bool(true)
