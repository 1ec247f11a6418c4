<?php
namespace Assay\Driver;

// The operations of the static cache: cache_NAME is the method NAME of StaticCache, the bridge to whatever the target has.
final class StaticCaches {
  public static function perform(Request $request, string $name, mixed ...$arguments): mixed {
    $cache = StaticCache::of(\array_pop($arguments));
    $method = \substr($name, 6);
    if (!\method_exists($cache, $method)) throw new Unsupported("the target's static cache has no $method");
    return $cache->$method(...$arguments);
  }
}
