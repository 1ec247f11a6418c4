<?php
// Wrong on purpose: the lock is a folder, which nobody removes when its holder is killed. GU-LIV-01/kill-in-store catches it.
return new class(require __DIR__ . '/../files.php') {
  const NAME = 'keeps-lock-when-killed';
  const CLAIMS = ['ttl'];
  const CHOICES = ['compaction' => 'yes', 'class-keys' => 'no', 'scalar-inline' => 'no', 'next-index' => 'lost'];

  public function __construct(private object $cache) {}

  public function get(string $key, mixed $default): mixed { return $this->cache->get($key, $default); }
  public function get_multiple(array $keys, mixed $default): array|false { return $this->cache->get_multiple($keys, $default); }
  public function set(string $key, mixed $value, int $ttl): bool { return $this->set_multiple([$key => $value], $ttl); }
  public function set_multiple(array $values, int $ttl): bool {
    $lock = sys_get_temp_dir() . '/cache.held';
    while (!@mkdir($lock)) usleep(200);
    $done = $this->cache->set_multiple($values, $ttl);
    rmdir($lock);
    return $done;
  }
  public function has(string $key): bool { return $this->cache->has($key); }
  public function delete(string $key): bool { return $this->cache->delete($key); }
  public function delete_multiple(array $keys): bool { return $this->cache->delete_multiple($keys); }
  public function clear(): bool { return $this->cache->clear(); }
  public function info(): array { return $this->cache->info(); }
};
