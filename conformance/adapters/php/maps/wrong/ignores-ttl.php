<?php
// Wrong on purpose: no entry ever expires. ST-TTL-04/last-second catches it.
return new class(require __DIR__ . '/../files.php') {
  const NAME = 'ignores-ttl';
  const CLAIMS = ['ttl'];
  const CHOICES = ['compaction' => 'yes', 'class-keys' => 'no', 'scalar-inline' => 'no', 'next-index' => 'lost'];

  public function __construct(private object $cache) {}

  public function get(string $key, mixed $default): mixed { return $this->cache->get($key, $default); }
  public function get_multiple(array $keys, mixed $default): array|false { return $this->cache->get_multiple($keys, $default); }
  public function set(string $key, mixed $value, int $ttl): bool { return $this->cache->set($key, $value, min($ttl, 0)); }
  public function set_multiple(array $values, int $ttl): bool { return $this->cache->set_multiple($values, min($ttl, 0)); }
  public function has(string $key): bool { return $this->cache->has($key); }
  public function delete(string $key): bool { return $this->cache->delete($key); }
  public function delete_multiple(array $keys): bool { return $this->cache->delete_multiple($keys); }
  public function clear(): bool { return $this->cache->clear(); }
  public function info(): array { return $this->cache->info(); }
};
