<?php
namespace Assay\Driver;

// The operations on files and paths.
final class Files {
  // Open files that this request has locked; they are closed when it ends.
  private static array $locked = [];

  public static function perform(Request $request, string $name, $a, $b) {
    switch ($name) {
      case 'realpath': return \realpath($a);
      case 'realpath_cache_get': return self::listing($request)[0];
      case 'realpath_cache_size': return self::listing($request)[1];
      case 'clear_stat_cache': return $b === null || $b === '' ? \clearstatcache($a) : \clearstatcache($a, $b);
      case 'resolve_include_path': return \stream_resolve_include_path($a);
      case 'read_file': return \file_get_contents($a);
      case 'put_file': return \file_put_contents($a, $b);
      case 'file_exists': return \file_exists($a);
      case 'is_file': return \is_file($a);
      case 'is_dir': return \is_dir($a);
      case 'is_link': return \is_link($a);
      case 'is_readable': return \is_readable($a);
      case 'is_writable': return \is_writable($a);
      case 'is_executable': return \is_executable($a);
      case 'file_mtime': return \filemtime($a);
      case 'file_size': return \filesize($a);
      case 'read_link': return \readlink($a);
      case 'unlink': return \unlink($a);
      case 'rename': return \rename($a, $b);
      case 'make_dir': return \mkdir($a, 0777, $b);
      case 'remove_dir': return \rmdir($a);
      case 'touch': return $b === 0 ? \touch($a) : \touch($a, $b);
      case 'chmod': return \chmod($a, $b);
      case 'symlink': return \symlink($a, $b);
      case 'link': return \link($a, $b);
      case 'copy': return \copy($a, $b);
      case 'temp_name': return ($made = \tempnam($a, $b)) === false ? false : \dirname($made);
      case 'change_dir': return \chdir($a);
      case 'current_dir': return \getcwd();
      case 'scan_dir': return \scandir($a);
      case 'lock_file': return self::lock($a);
    }
    throw new \Error("the driver has no operation $name");
  }

  private static function lock(string $path): bool {
    $file = \fopen($path, 'r');
    if ($file === false || !\flock($file, \LOCK_EX | \LOCK_NB)) return false;
    self::$locked[] = $file;
    return true;
  }

  // Listing and size without the entries that are there because of the driver: its folder, itself, the list that excludes
  // it. Ancestors of the sandbox stay: its own resolutions would make them.
  private static function listing(Request $request): array {
    $listing = \realpath_cache_get();
    $size = \realpath_cache_size();
    foreach ([...OWN_FILES, $request->setup['map']] as $own) {
      if (!isset($listing[$own])) continue;
      unset($listing[$own]);
      $size -= $request->setup['entry_cost'] + \strlen($own);
    }
    return [$listing, $size];
  }
}
