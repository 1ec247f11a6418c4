<?php
namespace Assay\Driver;

// The operations of the static cache; StaticCache is the bridge to whatever the target has.
final class StaticCaches {
  public static function perform(Request $request, string $name, mixed $a, mixed $b, mixed $c, mixed $d): mixed {
    return match ($name) {
      'cache_get' => StaticCache::of($c)->get($a, $b),
      'cache_get_multiple' => StaticCache::of($c)->get_multiple($a, $b),
      'cache_set' => StaticCache::of($d)->set($a, $b, $c),
      'cache_set_multiple' => StaticCache::of($c)->set_multiple($a, $b),
      'cache_has' => StaticCache::of($b)->has($a),
      'cache_delete' => StaticCache::of($b)->delete($a),
      'cache_delete_multiple' => StaticCache::of($b)->delete_multiple($a),
      'cache_clear' => StaticCache::of($a)->clear(),
      'cache_info' => StaticCache::of($a)->info(),
      'cache_increment' => StaticCache::of($c)->increment($a, $b),
      'cache_decrement' => StaticCache::of($c)->decrement($a, $b),
      'cache_lock' => StaticCache::of($c)->lock($a, $b),
      'cache_unlock' => StaticCache::of($b)->unlock($a),
      'cache_store_type' => StaticCache::of($c)->store_type($a, $b),
    };
  }
}
