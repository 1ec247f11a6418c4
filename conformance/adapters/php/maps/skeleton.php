<?php
// A map: the static cache of docs/spec/static-cache.md on what your extension has. The suite calls the methods below; the
// file returns the object that has them. Take away each method that your cache has nothing for: its tests are skipped, which
// is honest; emulating is not. See docs/php-map.md.
return new class {
  // Who is judged, in reports and in the name of its expectations.
  const NAME = 'yours';

  // The extension to load, by the name that extension_loaded() knows; where it is another file, run with
  // --target php-fpm:extension=/path/to/yours.so,map=yours.php. Without the line, none is needed. VERSION is for what is none.
  // const EXTENSION = 'yours';
  const VERSION = '0';

  // What it has beside get and set; each is judged then, and without it the tests that need it are skipped:
  //   ttl         entries expire after $ttl seconds
  //   objects     objects come back as objects of their class
  //   references  references inside arrays come back as references
  //   forbidden_values  closures and resources are refused, not taken; not if your cache dies of them
  //   locks       lock() and unlock() reserve a key
  //   pinned      there is a pinned backend too, with increment() and decrement(): backend($name) is called first
  //   store_type  store_type() tells how a value is stored
  //   add         add() stores only where there is no live entry
  //   counters    increment() and decrement() count on this cache
  //   remember    remember() computes a missing value by a function of the caller
  //   keys        keys() lists the keys of live entries
  const CLAIMS = [];

  // Where a clause leaves freedom, what your cache does (appendix C.5 of the specification), for example
  //   'evict' => 'refuse' (a full cache refuses), 'wipe' (forgets all) or 'lru' (forgets some)
  //   'ttl-edge' => 'exclusive' (an entry is gone in second set + ttl) or 'inclusive' (in the next)
  //   'ttl-clock' => 'wall' or 'monotonic';  'multi-read' => 'snapshot' or 'per-key' (a list read is one moment or several)
  const CHOICES = [];

  // Why a method is missing, for the reader of the report.
  const MISSING = ['lock' => 'it has no reservations', 'unlock' => 'it has no reservations'];

  // What your cache calls its size in MiB, and how it is switched off. Without them the suite cannot size it: then tests of
  // full caches see the size that you say in info(), or get_cfg_var('opcache.static_cache.volatile_size_mb').
  // const SIZE = ['yours.memory' => '{MiB}M'];
  // const OFF = ['yours.enable' => '0'];

  private static array $entries = [];  // lives as long as the request only: put your cache in its place

  // The value under the key, or the default. A stored null or false is a value.
  public function get(string $key, mixed $default): mixed {
    return array_key_exists($key, self::$entries) ? self::$entries[$key] : $default;
  }

  // Stores; false where it cannot. $ttl is in seconds, 0 for no end.
  public function set(string $key, mixed $value, int $ttl): bool {
    self::$entries[$key] = $value;
    return true;
  }

  // [key => value or default, ...], in the order of the keys.
  public function get_multiple(array $keys, mixed $default): array|false {
    $values = [];
    foreach ($keys as $key) $values[$key] = $this->get((string)$key, $default);
    return $values;
  }

  // True where all were stored.
  public function set_multiple(array $values, int $ttl): bool {
    foreach ($values as $key => $value) $this->set((string)$key, $value, $ttl);
    return true;
  }

  public function has(string $key): bool { return array_key_exists($key, self::$entries); }

  // True also where there was nothing to delete.
  public function delete(string $key): bool {
    unset(self::$entries[$key]);
    return true;
  }

  public function delete_multiple(array $keys): bool {
    foreach ($keys as $key) $this->delete((string)$key);
    return true;
  }

  public function clear(): bool {
    self::$entries = [];
    return true;
  }

  // True where there was no live entry and the value is stored.
  // public function add(string $key, mixed $value, int $ttl): bool {}

  // The value of a live entry, else what $compute() returns, which is stored. What it throws passes through.
  // public function remember(string $key, callable $compute, int $ttl): mixed {}

  // public function keys(): array {}

  // The new number. Asked only of what claims counters, or pinned.
  // public function increment(string $key, int $step): int|false {}
  // public function decrement(string $key, int $step): int|false {}

  // lock() does not wait: true where this worker has the reservation now, false where another has it.
  // public function lock(string $key, int $lease): bool {}
  // public function unlock(string $key): bool {}

  // Leave elements out that you cannot tell, and the method if you can tell none.
  public function info(): array {
    return ['enabled' => true, 'available' => true, 'startup_failed' => false, 'backend_initialized' => true,
      'configured_memory' => 8388608, 'shared_memory' => 8388608, 'entry_count' => count(self::$entries),
      'segment_count' => 1, 'shared_model' => 'request', 'failure_reason' => null];
  }

  // What your cache cannot do in one case only, it says by: throw new Assay\Unsupported('why'). The test is skipped.
};
