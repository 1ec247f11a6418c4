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
    if ($method === 'remember') return self::remember($map, ...$arguments);
    $reply = $map->$method(...$arguments);
    return $method === 'keys' && \is_array($reply) ? self::sorted($reply) : $reply;
  }

  private static function sorted(array $keys): array {
    \sort($keys, \SORT_STRING);
    return $keys;
  }

  private static function remember(object $map, string $key, $value, int $ttl, bool $throws): array {
    $has_run = false;
    $told = $map->remember($key, function () use ($value, $throws, &$has_run) {
      $has_run = true;
      if ($throws) throw new \LogicException('on purpose');
      return $value;
    }, $ttl);
    return [$told, $has_run];
  }

  private static function map(Request $request): object {
    if (self::$map !== null) return self::$map;
    $file = $request->setup['map'];
    if ($file === '') throw new Unsupported('the target has no static cache');
    self::$map = run_map($file);
    if (!\class_exists('OPcache\VolatileCache', false)) eval(self::CLASS_OF_SCRIPTS);
    return self::$map;
  }

  // For scripts that call the cache themselves, by the names of the proposal.
  public static function of_script(string $method, ...$arguments) {
    if (\is_callable([self::$map, 'backend'])) self::$map->backend('volatile');
    if (!\is_callable([self::$map, $method])) throw new Unsupported(self::why_missing(self::$map, $method, "the map has no method $method"));
    return self::$map->$method(...$arguments);
  }

  private const CLASS_OF_SCRIPTS = <<<'PHP'
namespace OPcache;
use Assay\Driver\StaticCaches as Map;
final class VolatileCache {
  public static function get(string $key, $default = null) { return Map::of_script('get', $key, $default); }
  public static function getMultiple(array $keys, ?array $default = null) { return Map::of_script('get_multiple', $keys, $default); }
  public static function set(string $key, $value, int $ttl = 0) { return Map::of_script('set', $key, $value, $ttl); }
  public static function setMultiple(array $values, int $ttl = 0) { return Map::of_script('set_multiple', $values, $ttl); }
  public static function has(string $key) { return Map::of_script('has', $key); }
  public static function delete(string $key) { return Map::of_script('delete', $key); }
  public static function deleteMultiple(array $keys) { return Map::of_script('delete_multiple', $keys); }
  public static function clear() { return Map::of_script('clear'); }
  public static function lock(string $key, int $lease = 0) { return Map::of_script('lock', $key, $lease); }
  public static function unlock(string $key) { return Map::of_script('unlock', $key); }
}
PHP;

  private static function why_missing(object $map, string $what, string $otherwise): string {
    return (new \ReflectionObject($map))->getConstants()['MISSING'][$what] ?? $otherwise;
  }
}
