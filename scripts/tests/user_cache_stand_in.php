<?php
// What appendix C of docs/spec/static-cache.md says of user_cache, in PHP: for the map of that name to be tried on.
namespace UserCache;

require_once __DIR__ . '/stand_in_pool.php';

final class Cache {
  private function __construct(private \StandIn\Pool $pool) {}
  public static function getPool(string $name): self { return new self(new \StandIn\Pool($name)); }

  public function fetch(string $key, mixed $default = null): mixed {
    $entry = $this->entries()[self::checked($key)] ?? null;
    return $entry === null ? $default : unserialize($entry[0]);
  }
  public function fetchMultiple(array $keys, mixed $default = null): array {
    $entries = $this->entries();
    $values = [];
    foreach ($keys as $key) {
      $entry = $entries[self::checked($key)] ?? null;
      $values[$key] = $entry === null ? $default : unserialize($entry[0]);
    }
    return $values;
  }
  public function store(string $key, mixed $value, int $ttl = 0): bool { return $this->storeMultiple([$key => $value], $ttl); }
  public function storeMultiple(array $values, int $ttl = 0): bool {
    if ($ttl < 0) throw new \ValueError('the time to live must not be negative');
    $new = [];
    foreach ($values as $key => $value) $new[self::checked($key)] = self::entry($value, $ttl);
    return $this->locked(fn() => $this->write(array_replace($this->entries(), $new)));
  }
  public function has(string $key): bool { return isset($this->entries()[self::checked($key)]); }
  public function delete(string $key): bool { return $this->deleteMultiple([$key]); }
  public function deleteMultiple(array $keys): bool {
    $gone = array_flip(array_map(self::checked(...), $keys));
    return $this->locked(fn() => $this->write(array_diff_key($this->entries(), $gone)));
  }
  public function clear(): bool { return $this->locked(fn() => $this->write([])); }

  public function add(string $key, mixed $value, int $ttl = 0): bool {
    return $this->locked(function () use ($key, $value, $ttl) {
      $entries = $this->entries();
      return !isset($entries[self::checked($key)]) && $this->write([$key => self::entry($value, $ttl)] + $entries);
    });
  }
  public function remember(string $key, callable $compute, int $ttl = 0): mixed {
    return $this->locked(function () use ($key, $compute, $ttl) {
      $entries = $this->entries();
      if (isset($entries[self::checked($key)])) return unserialize($entries[$key][0]);
      $value = $compute($key);
      $this->write([$key => self::entry($value, $ttl)] + $entries);
      return $value;
    });
  }
  public function increment(string $key, int $step = 1): ?int { return $this->count($key, $step, $step); }
  public function decrement(string $key, int $step = 1): ?int { return $this->count($key, $step, -$step); }

  private function count(string $key, int $step, int $by): ?int {
    if ($step < 0) throw new \ValueError('the step must not be negative');
    return $this->locked(function () use ($key, $by) {
      $entries = $this->entries();
      $entry = $entries[self::checked($key)] ?? self::entry(0, 0);
      $number = unserialize($entry[0]);
      if (!is_int($number)) throw new \ValueError('the value is no integer');
      if (!is_int($number + $by)) throw new \ArithmeticError('the counter goes beyond the range of integers');
      return $this->write([$key => [serialize($number + $by), $entry[1]]] + $entries) ? $number + $by : null;
    });
  }

  private static function checked(mixed $key): string|int {
    if (!is_string($key) && !is_int($key)) throw new \TypeError('a key must be a string or an integer');
    if ($key === '' || str_contains((string)$key, "\x1f")) throw new \ValueError('a key must not be empty');
    return $key;
  }
  private static function entry(mixed $value, int $ttl): array {
    return [serialize($value), $ttl === 0 ? PHP_INT_MAX : (int)min(time() + (float)$ttl, PHP_INT_MAX - 1024)];
  }
  private function entries(): array { return array_filter($this->pool->entries(), fn($entry) => $entry[1] > time()); }
  private function write(array $entries): bool { return $this->pool->write($entries); }
  private function locked(callable $change): mixed { return $this->pool->locked($change); }
}
