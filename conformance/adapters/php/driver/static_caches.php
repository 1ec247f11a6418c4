<?php
namespace Assay\Driver;

// In a function without a variable: what a map sees around it is nothing.
function run_map(): object { return require \func_get_arg(0); }

// The operations of the static cache: cache_NAME is the method NAME of the map, a PHP file that returns an object
// (docs/php-map.md).
final class StaticCaches {
  private static ?object $map = null;

  public static function perform(Request $request, string $name, ...$arguments) {
    $backend = \array_pop($arguments);
    $map = self::map($request);
    if (\is_callable([$map, 'backend'])) {
      $map->backend($backend);
    } elseif ($backend !== 'volatile') {
      throw new Unsupported(self::why_missing($map, $backend, "the map has no $backend backend"));
    }
    $method = \substr($name, 6);
    if (!\is_callable([$map, $method])) throw new Unsupported(self::why_missing($map, $method, "the map has no method $method"));
    return $map->$method(...$arguments);
  }

  private static function map(Request $request): object {
    if (self::$map !== null) return self::$map;
    $file = $request->setup['map'];
    if ($file === '') throw new Unsupported('the target has no static cache');
    return self::$map = run_map($file);
  }

  private static function why_missing(object $map, string $what, string $otherwise): string {
    return (new \ReflectionObject($map))->getConstants()['MISSING'][$what] ?? $otherwise;
  }
}
