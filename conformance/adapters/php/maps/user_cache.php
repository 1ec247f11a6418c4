<?php
// The proposal's successor in review, a separate extension: one pool of it as a volatile static cache (appendix C.1 and C.2 of
// docs/spec/static-cache.md). Add `const EXTENSION = 'user_cache';` where it is installed.

// The class that has getPool(): the specification does not name it.
use UserCache\Cache as Pools;

define('USER_CACHE_VERSION', (string)(phpversion('user_cache') ?: '0'));

return new class {
  const NAME = 'user-cache';
  const VERSION = USER_CACHE_VERSION;
  const CLAIMS = ['ttl', 'objects', 'references', 'add', 'counters', 'remember'];
  const CHOICES = [
    'evict' => 'lru', 'ttl-clock' => 'monotonic', 'counters-overflow' => 'error', 'undecodable' => 'delete', 'int-keys' => 'yes',
    'class-keys' => 'no', 'store-type' => 'no', 'attributes' => 'no', 'partitions' => 'no',
  ];
  const MISSING = ['store_type' => 'user_cache does not tell how a value is stored', 'pinned' => 'user_cache has one kind of pool',
    'lock' => 'a store keeps the lock of its owner, and a clear is refused by others: other rules than the clauses have'];
  const SIZE = ['user_cache.shm_size' => '{MiB}M'];
  const OFF = ['user_cache.enable' => '0'];
  private ?Pools $pool = null;

  private function pool(): Pools { return $this->pool ??= Pools::getPool('assay'); }

  public function get(string $key, mixed $default): mixed { return $this->pool()->fetch($key, $default); }
  public function get_multiple(array $keys, mixed $default): mixed { return $this->pool()->fetchMultiple($keys, $default); }
  public function set(string $key, mixed $value, int $ttl): bool { return $this->pool()->store($key, $value, $ttl); }
  public function set_multiple(array $values, int $ttl): bool { return $this->pool()->storeMultiple($values, $ttl); }
  public function has(string $key): bool { return $this->pool()->has($key); }
  public function delete(string $key): bool { return $this->pool()->delete($key); }
  public function delete_multiple(array $keys): bool { return $this->pool()->deleteMultiple($keys); }
  public function clear(): bool { return $this->pool()->clear(); }
  public function add(string $key, mixed $value, int $ttl): bool { return $this->pool()->add($key, $value, $ttl); }
  public function remember(string $key, callable $compute, int $ttl): mixed { return $this->pool()->remember($key, $compute, $ttl); }
  public function increment(string $key, int $step): int|false { return $this->count('increment', 'decrement', $key, $step); }
  public function decrement(string $key, int $step): int|false { return $this->count('decrement', 'increment', $key, $step); }

  // It takes no negative steps, has no room by null, and an exception for what is no number or becomes none.
  private function count(string $forth, string $back, string $key, int $step): int|false {
    if ($step === PHP_INT_MIN) throw new Assay\Unsupported('the negative of the smallest integer is none');
    try {
      return ($step < 0 ? $this->pool()->$back($key, -$step) : $this->pool()->$forth($key, $step)) ?? false;
    } catch (ValueError | ArithmeticError) {
      return false;
    }
  }
};
