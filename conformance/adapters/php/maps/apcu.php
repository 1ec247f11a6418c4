<?php
// APCu as a volatile static cache, bridged as appendix C.3 of docs/spec/static-cache.md says. What APCu has no word for is
// not emulated; where only the form of an answer differs (a list of failures instead of false) the form is changed.

// The clock of times to live: seen monotonic in 5.1.22, and that of the wall in 5.1.24 and 5.1.28.
define('APCU_TTL_CLOCK', version_compare((string)phpversion('apcu'), '5.1.24', '<') ? 'monotonic' : 'wall');

return new class {
  const NAME = 'apcu';
  const EXTENSION = 'apcu';
  const CLAIMS = ['ttl', 'objects', 'references', 'forbidden_values', 'add', 'counters', 'remember', 'keys'];
  const CHOICES = [
    'evict' => 'wipe', 'locks' => 'none', 'leases' => 'no', 'ttl-clock' => APCU_TTL_CLOCK, 'ttl-edge' => 'inclusive', 'expired' => APCU_TTL_CLOCK === 'wall' ? 'returns' : 'stays',
    'store-type' => 'no', 'attributes' => 'no', 'partitions' => 'no', 'counters-overflow' => 'wrap-silent',
    'multi-read' => 'per-key', 'compaction' => 'no', 'sweep' => 'no', 'int-keys' => 'yes', 'class-keys' => 'no',
    'next-index' => 'lost', 'read-lock' => 'waiting',
  ];
  const MISSING = [
    'lock' => 'APCu has no reservations', 'unlock' => 'APCu has no reservations',
    'store_type' => 'APCu does not tell how a value is stored', 'pinned' => 'APCu has no pinned backend',
  ];
  const SIZE = ['apc.shm_size' => '{MiB}M'];
  const OFF = ['apc.enabled' => '0'];

  public function get(string $key, $default) {
    $value = apcu_fetch($key, $found);
    return $found ? $value : $default;
  }

  // APCu leaves out what it does not find and refuses keys that are no text.
  public function get_multiple(array $keys, $default) {
    $found = apcu_fetch(array_map('strval', $keys));
    if (!is_array($found)) return false;
    $values = [];
    foreach ($keys as $key) $values[$key] = array_key_exists($key, $found) ? $found[$key] : $default;
    return $values;
  }

  public function set(string $key, $value, int $ttl): bool { return apcu_store($key, $value, $ttl); }
  public function set_multiple(array $values, int $ttl): bool { return apcu_store($values, null, $ttl) === []; }
  public function has(string $key): bool { return apcu_exists($key); }

  // False (in the list form: a key in the answer) means only that there was nothing to delete, which is done then. Whether
  // a key is gone must not be asked: another worker may have stored it since.
  public function delete(string $key): bool {
    apcu_delete($key);
    return true;
  }

  public function delete_multiple(array $keys): bool {
    apcu_delete(array_map('strval', $keys));
    return true;
  }

  public function clear(): bool { return apcu_clear_cache(); }
  public function add(string $key, $value, int $ttl): bool { return apcu_add($key, $value, $ttl); }
  public function remember(string $key, callable $compute, int $ttl) { return apcu_entry($key, $compute, $ttl); }

  // As text: what is written "5" is a key like any other.
  public function keys(): array {
    $keys = [];
    foreach (new APCUIterator(null, APC_ITER_KEY) as $entry) $keys[] = $entry['key'];
    return $keys;
  }

  public function increment(string $key, int $step) { return apcu_inc($key, $step); }
  public function decrement(string $key, int $step) { return apcu_dec($key, $step); }

  public function info(): array {
    $enabled = apcu_enabled();
    $cache = $enabled ? apcu_cache_info(true) : false;
    $memory = $enabled ? apcu_sma_info(true) : false;
    return [
      'enabled' => $enabled,
      'available' => $cache !== false,
      'startup_failed' => false,
      'backend_initialized' => $cache !== false,
      'configured_memory' => $enabled ? self::configured() : 0,
      'shared_memory' => $memory ? (int)($memory['seg_size'] * $memory['num_seg']) : 0,
      'entry_count' => $cache ? (int)$cache['num_entries'] : 0,
      'segment_count' => $memory ? (int)$memory['num_seg'] : 0,
      'shared_model' => $cache ? (string)$cache['memory_type'] : '',
      'failure_reason' => null,
    ];
  }

  // apc.shm_size is a number with a unit, of each segment. Since 5.1.28 (seen) there is one, and no directive for it.
  private static function configured(): int {
    $size = ini_get('apc.shm_size');
    $units = ['K' => 1024, 'M' => 1024 ** 2, 'G' => 1024 ** 3];
    return (int)$size * ($units[strtoupper(substr($size, -1))] ?? 1) * (int)(ini_get('apc.shm_segments') ?: 1);
  }
};
