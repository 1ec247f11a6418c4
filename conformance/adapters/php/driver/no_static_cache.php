<?php
namespace Assay\Driver;

// For targets without a static cache.
final class StaticCache {
  public static function of(string $backend): never { throw new Unsupported('the target has no static cache'); }
}
