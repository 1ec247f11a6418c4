<?php
// The worked example: a cache in pure PHP. All entries are one file, which is replaced as a whole (so nobody sees half of it,
// and nobody leaves half of it when it is killed) by whoever holds the lock on the file beside it (which dies with its holder).
return new class {
  const NAME = 'files';
  const VERSION = '1';
  const CLAIMS = ['ttl', 'objects', 'references'];
  const CHOICES = ['compaction' => 'yes', 'class-keys' => 'no', 'scalar-inline' => 'no', 'next-index' => 'lost'];

  public function get(string $key, mixed $default): mixed {
    $values = $this->get_multiple([$key], $default);
    return $values === false ? false : $values[$key];
  }

  public function get_multiple(array $keys, mixed $default): array|false {
    array_map($this->check(...), $keys);
    if ($this->size() === 0) return false;
    $entries = $this->entries();
    $values = [];
    foreach ($keys as $key) $values[$key] = isset($entries[$key]) ? unserialize($entries[$key][0]) : $default;
    return $values;
  }

  public function set(string $key, mixed $value, int $ttl): bool { return $this->set_multiple([$key => $value], $ttl); }

  public function set_multiple(array $values, int $ttl): bool {
    if ($ttl < 0) throw new ValueError('the time to live must not be negative');
    $until = $ttl === 0 ? PHP_INT_MAX : (int)min(time() + (float)$ttl, PHP_INT_MAX - 1024);
    $new = [];
    foreach ($values as $key => $value) {
      $this->check((string)$key);
      $new[$key] = [serialize($value), $until];
    }
    return $this->change(fn($entries) => array_replace($entries, $new));
  }

  public function has(string $key): bool {
    $this->check($key);
    return isset($this->entries()[$key]);
  }
  public function delete(string $key): bool { return $this->delete_multiple([$key]); }
  public function delete_multiple(array $keys): bool {
    array_map($this->check(...), $keys);
    return $this->change(fn($entries) => array_diff_key($entries, array_flip($keys)));
  }
  public function clear(): bool { return $this->change(fn() => []); }

  public function info(): array {
    $memory = $this->size();
    return ['enabled' => $memory > 0, 'available' => $memory > 0, 'startup_failed' => false,
      'backend_initialized' => $memory > 0, 'configured_memory' => $memory, 'shared_memory' => $memory,
      'entry_count' => count($this->entries()), 'segment_count' => $memory > 0 ? 1 : 0,
      'shared_model' => $memory > 0 ? 'file' : '', 'failure_reason' => null];
  }

  // The size that a trace gives the cache, which is no directive of any extension: 8 MiB where it gives none, 0 for off.
  private function size(): int {
    $size = get_cfg_var('opcache.static_cache.volatile_size_mb');
    return 1048576 * ($size === false ? 8 : (int)$size);
  }

  private function check(mixed $key): void {
    if (!is_string($key) && !is_int($key)) throw new TypeError('a key must be a string or an integer');
    if ($key === '') throw new ValueError('a key must not be empty');
  }

  // Key => [serialized value, second in which it expires], without what has expired.
  private function entries(): array {
    $text = @file_get_contents(sys_get_temp_dir() . '/cache');
    return array_filter($text ? unserialize($text) : [], fn($entry) => $entry[1] > time());
  }

  private function change(callable $change): bool {
    $folder = sys_get_temp_dir();
    $lock = fopen("$folder/cache.lock", 'c');
    flock($lock, LOCK_EX);
    $text = serialize($change($this->entries()));
    if (strlen($text) > $this->size()) return false;
    return file_put_contents("$folder/cache.new", $text) === strlen($text) && rename("$folder/cache.new", "$folder/cache");
  }
};
