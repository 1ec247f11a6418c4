<?php
// Yac as a volatile static cache (appendix C.6 of docs/spec/static-cache.md). It has no success flag: what get() returns
// for a miss is what it returns for a stored false. So each value is stored in a list of one, and what is no list is a miss.
return new class {
  const NAME = 'yac';
  const EXTENSION = 'yac';
  const CLAIMS = ['ttl', 'objects', 'references', 'add'];
  const CHOICES = [
    'evict' => 'lru', 'locks' => 'none', 'leases' => 'no', 'ttl-clock' => 'wall', 'ttl-edge' => 'exclusive', 'expired' => 'returns',
    'store-type' => 'no', 'attributes' => 'no', 'partitions' => 'no', 'multi-read' => 'per-key', 'read-lock' => 'try',
    'compaction' => 'no', 'sweep' => 'no', 'int-keys' => 'yes', 'class-keys' => 'no', 'next-index' => 'lost',
    'key-max' => '48',
  ];
  const MISSING = ['lock' => 'Yac has no reservations', 'unlock' => 'Yac has no reservations',
    'store_type' => 'Yac does not tell how a value is stored', 'pinned' => 'Yac has no pinned backend',
    'increment' => 'Yac has no counters', 'decrement' => 'Yac has no counters'];
  const SIZE = ['yac.values_memory_size' => '{MiB>=4}M'];  // with less than 4M php-fpm dies of SIGFPE at its start
  const OFF = ['yac.enable' => '0'];
  private ?Yac $cache = null;

  private function cache(): Yac { return $this->cache ??= new Yac; }

  public function get(string $key, mixed $default): mixed {
    $found = $this->cache()->get($key);
    return is_array($found) ? $found[0] : $default;
  }

  public function get_multiple(array $keys, mixed $default): array {
    $values = [];
    foreach ($this->cache()->get(array_map('strval', $keys)) as $key => $found) $values[$key] = is_array($found) ? $found[0] : $default;
    return $values;
  }

  public function set(string $key, mixed $value, int $ttl): bool { return $this->cache()->set($key, [$value], $ttl); }
  public function set_multiple(array $values, int $ttl): bool {
    return $this->cache()->set(array_map(fn($value) => [$value], $values), $ttl);
  }
  public function add(string $key, mixed $value, int $ttl): bool { return $this->cache()->add($key, [$value], $ttl); }
  public function has(string $key): bool { return is_array($this->cache()->get($key)); }

  // False only means that there was nothing to delete, which is done then.
  public function delete(string $key): bool {
    $this->cache()->delete($key);
    return true;
  }
  public function delete_multiple(array $keys): bool {
    foreach ($keys as $key) $this->cache()->delete((string)$key);
    return true;
  }
  public function clear(): bool { return $this->cache()->flush(); }

  // slots_used counts the deleted and the expired too; dump() tells when each ends (a deleted one at 1).
  private function entries(int $slots): int {
    return count(array_filter($this->cache()->dump($slots), fn($entry) => $entry['ttl'] === 0 || $entry['ttl'] > time()));
  }

  public function info(): array {
    $on = (bool)ini_get('yac.enable');
    $info = $on ? $this->cache()->info() : [];
    return ['enabled' => $on, 'available' => $on, 'startup_failed' => false, 'backend_initialized' => $on,
      'configured_memory' => $on ? $info['values_memory_size'] : 0, 'shared_memory' => $on ? $info['memory_size'] : 0,
      'entry_count' => $on ? $this->entries($info['slots_size']) : 0, 'segment_count' => $on ? $info['segment_num'] : 0,
      'shared_model' => $on ? 'mmap' : '', 'failure_reason' => null];
  }
};
