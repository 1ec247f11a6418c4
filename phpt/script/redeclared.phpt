--TEST--
SC-PER-06: caching does not hide that a class is declared twice
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
foreach (['a', 'b'] as $name) $files[] = script("$name.php", 'class Twice {}');
foreach ($files as $file) opcache_compile_file($file);
include $files[0];
include $files[1];
echo "not reached\n";
?>
--EXPECTF--

Fatal error: Cannot declare class Twice, because the name is already in use in %sb.php on line 1
