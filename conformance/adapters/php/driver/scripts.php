<?php
namespace Assay\Driver;

// The operations of the script cache.
final class Scripts {
  private const FUNCTIONS = [
    'compile_file' => 'opcache_compile_file', 'invalidate' => 'opcache_invalidate', 'reset' => 'opcache_reset',
    'is_cached' => 'opcache_is_script_cached', 'script_status' => 'opcache_get_status',
    'script_configuration' => 'opcache_get_configuration',
  ];

  public static function perform(Request $request, string $name, mixed $a, mixed $b): mixed {
    $needed = self::FUNCTIONS[$name];
    if (!\function_exists($needed)) throw new Unsupported("there is no function $needed");
    return match ($name) {
      'compile_file' => \opcache_compile_file($a),
      'invalidate' => \opcache_invalidate($a, $b),
      'reset' => \opcache_reset(),
      'is_cached' => \opcache_is_script_cached($a),
      'script_status' => \opcache_get_status($a),
      'script_configuration' => self::configuration([...OWN_FILES, $request->setup['map']]),
    };
  }

  // Without the lines that exclude the driver and the map.
  private static function configuration(array $own): mixed {
    $configuration = \opcache_get_configuration();
    if (isset($configuration['blacklist'])) {
      $configuration['blacklist'] = \array_values(\array_diff($configuration['blacklist'], $own));
    }
    return $configuration;
  }
}
