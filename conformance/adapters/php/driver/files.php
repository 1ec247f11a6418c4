<?php
namespace Assay\Driver;

// The operations on files and paths.
final class Files {
  // Open files that this request has locked; they are closed when it ends.
  private static array $locked = [];

  public static function perform(Request $request, string $name, mixed $a, mixed $b): mixed {
    return match ($name) {
      'realpath' => \realpath($a),
      'realpath_cache_get' => self::listing($request)[0],
      'realpath_cache_size' => self::listing($request)[1],
      'clear_stat_cache' => $b === null || $b === '' ? \clearstatcache($a) : \clearstatcache($a, $b),
      'resolve_include_path' => \stream_resolve_include_path($a),
      'read_file' => \file_get_contents($a),
      'put_file' => \file_put_contents($a, $b),
      'file_exists' => \file_exists($a),
      'is_file' => \is_file($a),
      'is_dir' => \is_dir($a),
      'is_link' => \is_link($a),
      'is_readable' => \is_readable($a),
      'is_writable' => \is_writable($a),
      'is_executable' => \is_executable($a),
      'file_mtime' => \filemtime($a),
      'file_size' => \filesize($a),
      'read_link' => \readlink($a),
      'unlink' => \unlink($a),
      'rename' => \rename($a, $b),
      'make_dir' => \mkdir($a, 0777, $b),
      'remove_dir' => \rmdir($a),
      'touch' => $b === 0 ? \touch($a) : \touch($a, $b),
      'chmod' => \chmod($a, $b),
      'symlink' => \symlink($a, $b),
      'link' => \link($a, $b),
      'copy' => \copy($a, $b),
      'temp_name' => ($made = \tempnam($a, $b)) === false ? false : \dirname($made),
      'change_dir' => \chdir($a),
      'current_dir' => \getcwd(),
      'scan_dir' => \scandir($a),
      'lock_file' => self::lock($a),
    };
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
