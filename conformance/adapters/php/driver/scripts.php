<?php
namespace Assay\Driver;

// The operations of the script cache.
final class Scripts {
  private const FUNCTIONS = [
    'compile_file' => 'opcache_compile_file', 'invalidate' => 'opcache_invalidate', 'reset' => 'opcache_reset',
    'is_cached' => 'opcache_is_script_cached', 'script_status' => 'opcache_get_status',
    'script_configuration' => 'opcache_get_configuration',
  ];

  public static function perform(Request $request, string $name, $a, $b) {
    $needed = self::FUNCTIONS[$name];
    if (!\function_exists($needed)) throw new Unsupported("there is no function $needed");
    switch ($name) {
      case 'compile_file': return \opcache_compile_file($a);
      case 'invalidate': return \opcache_invalidate($a, $b);
      case 'reset': return \opcache_reset();
      case 'is_cached': return \opcache_is_script_cached($a);
      case 'script_status': return \opcache_get_status($a);
      case 'script_configuration': return self::configuration([...OWN_FILES, $request->setup['map']]);
    }
  }

  // Without the lines that exclude the driver and the map.
  private static function configuration(array $own) {
    $configuration = \opcache_get_configuration();
    if (isset($configuration['blacklist'])) {
      $configuration['blacklist'] = \array_values(\array_diff($configuration['blacklist'], $own));
    }
    return $configuration;
  }
}
