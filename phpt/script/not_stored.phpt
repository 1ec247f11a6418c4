--TEST--
SC-PER-03, SC-PER-08, SC-EXC-05, SC-EXC-06: what is not stored, and the empty file, which is
--EXTENSIONS--
opcache
--INI--
opcache.enable_cli=1
opcache.file_update_protection=0
opcache.max_file_size=200
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
$scripts = count_of('num_cached_scripts');
foreach (['broken' => 'return 1 +;', 'large' => '/*' . str_repeat('x', 300) . '*/ return 1;'] as $name => $code) {
  $file = script("$name.php", $code);
  try { var_dump(include $file); } catch (ParseError) { echo "parse error\n"; }
  var_dump(opcache_is_script_cached($file));
}
var_dump(eval('return 2;'), count_of('num_cached_scripts') - $scripts);
$empty = script('empty.php', '');
file_put_contents($empty, '');
touch($empty, time() - 1000);
var_dump(include $empty, opcache_is_script_cached($empty));
?>
--EXPECT--
parse error
bool(false)
int(1)
bool(false)
int(2)
int(0)
int(1)
bool(true)
