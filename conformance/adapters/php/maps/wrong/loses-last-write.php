<?php
// Wrong on purpose: what is stored over a live entry is lost, and the store says that it was done. ST-SET-04/last-writer catches it.
return new class(require __DIR__ . '/../files.php') {
  const NAME = 'loses-last-write';
  const CLAIMS = ['ttl'];
  const CHOICES = ['compaction' => 'yes', 'class-keys' => 'no', 'scalar-inline' => 'no', 'next-index' => 'lost'];

  public function __construct(private object $cache) {}

  public function get(string $key, mixed $default): mixed { return $this->cache->get($key, $default); }
  public function get_multiple(array $keys, mixed $default): array|false { return $this->cache->get_multiple($keys, $default); }
  public function set(string $key, mixed $value, int $ttl): bool {
    return $this->cache->has($key) || $this->cache->set($key, $value, $ttl);
  }
  public function set_multiple(array $values, int $ttl): bool { return $this->cache->set_multiple($values, $ttl); }
  public function has(string $key): bool { return $this->cache->has($key); }
  public function delete(string $key): bool { return $this->cache->delete($key); }
  public function delete_multiple(array $keys): bool { return $this->cache->delete_multiple($keys); }
  public function clear(): bool { return $this->cache->clear(); }
  public function info(): array { return $this->cache->info(); }
};
