<?php
// Wrong on purpose: a value is stored in two halves, and readers see the first alone. ST-SET-03/whole-reads catches it.
return new class(require __DIR__ . '/../files.php') {
  const NAME = 'tears-values';
  const CLAIMS = ['ttl'];
  const CHOICES = ['compaction' => 'yes', 'class-keys' => 'no', 'scalar-inline' => 'no', 'next-index' => 'lost'];

  public function __construct(private object $cache) {}

  public function get(string $key, mixed $default): mixed { return $this->cache->get($key, $default); }
  public function get_multiple(array $keys, mixed $default): array|false { return $this->cache->get_multiple($keys, $default); }
  public function set(string $key, mixed $value, int $ttl): bool {
    $half = is_array($value) ? array_slice($value, 0, intdiv(count($value), 2), true) : $value;
    return $this->cache->set($key, is_string($value) ? substr($value, 0, intdiv(strlen($value), 2)) : $half, $ttl)
        && $this->cache->set($key, $value, $ttl);
  }
  public function set_multiple(array $values, int $ttl): bool { return $this->cache->set_multiple($values, $ttl); }
  public function has(string $key): bool { return $this->cache->has($key); }
  public function delete(string $key): bool { return $this->cache->delete($key); }
  public function delete_multiple(array $keys): bool { return $this->cache->delete_multiple($keys); }
  public function clear(): bool { return $this->cache->clear(); }
  public function info(): array { return $this->cache->info(); }
};
