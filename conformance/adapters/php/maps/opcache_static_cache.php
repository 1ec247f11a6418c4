<?php
// The proposal's own classes, OPcache\VolatileCache and OPcache\PinnedCache, one to one: for PHP builds that have them.
return new class {
  const NAME = 'static-cache';
  const EXTENSION = 'Zend OPcache';
  const CLAIMS = ['ttl', 'pinned', 'locks', 'objects', 'references', 'forbidden_values', 'store_type'];
  private string $class = OPcache\VolatileCache::class;

  // Which backend the next operation means.
  public function backend(string $name): void {
    $this->class = $name === 'pinned' ? OPcache\PinnedCache::class : OPcache\VolatileCache::class;
  }

  public function get(string $key, mixed $default): mixed { return $this->class::get($key, $default); }
  public function get_multiple(array $keys, mixed $default): mixed { return $this->class::getMultiple($keys, $default); }

  // A pinned entry has no TTL: the parameter does not exist there.
  public function set(string $key, mixed $value, int $ttl): mixed {
    return $ttl === 0 ? $this->class::set($key, $value) : $this->class::set($key, $value, $ttl);
  }
  public function set_multiple(array $values, int $ttl): mixed {
    return $ttl === 0 ? $this->class::setMultiple($values) : $this->class::setMultiple($values, $ttl);
  }
  public function has(string $key): mixed { return $this->class::has($key); }
  public function delete(string $key): mixed { return $this->class::delete($key); }
  public function delete_multiple(array $keys): mixed { return $this->class::deleteMultiple($keys); }
  public function clear(): mixed { return $this->class::clear(); }
  public function increment(string $key, int $step): mixed { return $this->class::increment($key, $step); }
  public function decrement(string $key, int $step): mixed { return $this->class::decrement($key, $step); }
  public function lock(string $key, int $lease): mixed { return $this->class::lock($key, $lease); }
  public function unlock(string $key): mixed { return $this->class::unlock($key); }
  public function store_type(string $key, ?string $class): mixed { return $this->class::getCacheStoreType($key, $class)->name; }
  public function info(): mixed { return get_object_vars($this->class::info()); }
};
