<?php
// The classes of the proposal (docs/spec/static-cache.md, 0.4), in PHP: for the map of that name to be tried on. Statics and
// partitions are not there, nor is what only an engine can know (how a value is stored).
namespace OPcache;

require_once __DIR__ . '/stand_in_pool.php';

class StaticCacheException extends \Exception {}
enum CacheStoreType { case NotFound; case Scalar; case SharedGraph; case OPcacheSerialized; case PHPSerialized; }

final class StaticCacheInfo {
  public function __construct(
    public readonly int $entry_count, public readonly int $configured_memory, public readonly int $shared_memory,
    public readonly int $segment_count = 1, public readonly string $shared_model = 'file', public readonly bool $enabled = true,
    public readonly bool $available = true, public readonly bool $startup_failed = false,
    public readonly bool $backend_initialized = true, public readonly ?string $failure_reason = null) {}
}

// Who has reserved a key, for as long as its request runs, its process lives, or its lease says.
final class Reservations {
  private static ?string $request = null;
  private static array $by_backend = [];

  public static function of(string $backend): self {
    return self::$by_backend[$backend] ??= new self(new \StandIn\Pool("$backend.reserved"));
  }
  private function __construct(private \StandIn\Pool $pool) {}

  public function take(string $key, int $lease): bool {
    return $this->pool->locked(function () use ($key, $lease) {
      $all = $this->living();
      if (isset($all[$key])) return $all[$key]['request'] === self::request();
      $until = $lease === 0 ? null : microtime(true) + $lease;
      $own = ['request' => self::request(), 'process' => getmypid(), 'until' => $until, 'is_over' => false];
      return $this->pool->write([$key => $own] + $all);
    });
  }
  public function give_back(string $key): bool {
    return $this->pool->locked(function () use ($key) {
      $all = $this->living();
      if (($all[$key]['request'] ?? null) !== self::request()) return false;
      unset($all[$key]);
      return $this->pool->write($all);
    });
  }
  public function is_anothers(string $key): bool {
    return ($this->living()[$key]['request'] ?? self::request()) !== self::request();
  }
  // The caller's own, and leases whose owner is gone (ST-LCK-17).
  public function clear(): void {
    $this->pool->locked(fn() => $this->pool->write(array_filter($this->living(), fn($one) =>
      $one['request'] !== self::request() && !$one['is_over'] && file_exists("/proc/$one[process]"))));
  }

  private function living(): array {
    return array_filter($this->pool->entries(), fn($one) =>
      $one['until'] !== null ? microtime(true) < $one['until'] : file_exists("/proc/$one[process]"));
  }
  private static function request(): string {
    if (self::$request === null) {
      self::$request = bin2hex(random_bytes(8));
      register_shutdown_function(self::end_request(...));
    }
    return self::$request;
  }
  private static function end_request(): void {
    foreach (self::$by_backend as $each) $each->pool->locked(function () use ($each) {
      $all = $each->living();
      foreach ($all as $key => $one) {
        if ($one['request'] !== self::$request) continue;
        $all[$key]['is_over'] = true;
        if ($one['until'] === null) unset($all[$key]);
      }
      $each->pool->write($all);
    });
  }
}

trait Backend {
  public static function get(string $key, mixed $default = null): mixed {
    $entry = self::live()[self::checked($key)] ?? null;
    if (self::is_forbidden($default)) throw new \TypeError('neither closures nor resources can be defaults');
    return $entry === null ? $default : unserialize($entry['value']);
  }
  public static function getMultiple(array $keys, mixed $default = null): array|false {
    $live = self::live();
    $values = [];
    foreach (array_map(self::in_list(...), $keys) as $key)
      $values[$key] = isset($live[$key]) ? unserialize($live[$key]['value']) : $default;
    return $values;
  }
  public static function has(string $key): bool { return isset(self::live()[self::checked($key)]); }
  public static function delete(string $key): bool {
    return class_exists($key, false) || self::remove(self::checked($key));
  }
  public static function deleteMultiple(array $keys): bool {
    foreach (array_map(self::in_list(...), $keys) as $key) self::remove($key);
    return true;
  }
  public static function clear(): bool {
    Reservations::of(self::NAME)->clear();
    return self::pool()->locked(fn() => self::pool()->write([]));
  }
  public static function lock(string $key, int $lease = 0): bool {
    if ($lease < 0) throw new \ValueError('the lease must not be negative');
    return Reservations::of(self::NAME)->take(self::checked($key), $lease);
  }
  public static function unlock(string $key): bool { return Reservations::of(self::NAME)->give_back(self::checked($key)); }
  // Roughly: only an engine has all of these.
  public static function getCacheStoreType(string $key, ?string $class = null): CacheStoreType {
    $entry = self::live()[self::checked($key)] ?? null;
    if ($entry === null) return CacheStoreType::NotFound;
    return match ($entry['value'][0]) {
      'a' => CacheStoreType::SharedGraph,
      'O', 'C', 'E' => CacheStoreType::PHPSerialized,
      default => CacheStoreType::Scalar,
    };
  }
  public static function info(): StaticCacheInfo { return new StaticCacheInfo(count(self::pool()->entries()), 8 << 20, 8 << 20); }

  // A store of a key that another request has reserved waits.
  private static function change(string $key, callable $change): mixed {
    $reserved = Reservations::of(self::NAME);
    while (true) {
      $done = self::pool()->locked(fn() => $reserved->is_anothers($key) ? null : [$change(self::live())]);
      if ($done !== null) break;
      usleep(1000);
    }
    if ($done[0] !== false) $reserved->give_back($key);
    return $done[0];
  }
  private static function store(string $key, mixed $value, ?float $until): bool {
    if (self::has_resource([$value])) return false;
    try {
      $entry = ['value' => serialize($value), 'until' => $until];
    } catch (\Exception $e) {
      return str_contains($e->getMessage(), 'is not allowed') ? false : throw $e;
    }
    return self::change($key, fn(array $live) => self::pool()->write([$key => $entry] + $live));
  }
  private static function is_forbidden(mixed $value): bool { return $value instanceof \Closure || is_resource($value); }
  private static function allowed(mixed $value): mixed {
    return self::is_forbidden($value) ? throw new \TypeError('neither closures nor resources can be stored') : $value;
  }
  private static function remove(string $key): bool {
    self::pool()->locked(fn() => self::pool()->write(array_diff_key(self::live(), [$key => true])));
    Reservations::of(self::NAME)->give_back($key);
    return true;
  }
  private static function store_all(array $values, ?float $until): bool {
    foreach ($values as $key => $value)
      is_string($key) ? self::checked($key) : throw new \ValueError('a key must be a string');
    foreach ($values as $key => $value)
      if (!self::store($key, $value, $until)) return false;
    return true;
  }
  // In arrays and properties; each object is looked at once, arrays that hold themselves to some depth.
  private static function has_resource(array $values, array &$seen = [], int $depth = 0): bool {
    foreach ($values as $value) {
      if (is_resource($value)) return true;
      if (is_object($value)) {
        if (isset($seen[spl_object_id($value)])) continue;
        $seen[spl_object_id($value)] = true;
        $value = (array)$value;
      }
      if (is_array($value) && $depth < 100 && self::has_resource($value, $seen, $depth + 1)) return true;
    }
    return false;
  }
  private static function live(): array {
    return array_filter(self::pool()->entries(), fn($entry) => $entry['until'] === null || time() < $entry['until']);
  }
  private static function pool(): \StandIn\Pool {
    static $pool = new \StandIn\Pool(self::NAME);
    return $pool;
  }
  private static function in_list(mixed $key): string {
    if (!is_string($key) && !is_int($key)) throw new \ValueError('a key must be a string or an integer');
    return self::checked((string)$key);
  }
  private static function checked(string $key): string {
    $is_taken = $key === '' || preg_match('/^(pinned|volatile)_static_class:/', $key) ||
      class_exists($key, false) || interface_exists($key, false) || trait_exists($key, false);
    return $is_taken ? throw new \ValueError("\"$key\" can be no key") : $key;
  }
}

final class VolatileCache {
  use Backend;
  private const NAME = 'volatile';

  public static function set(string $key, mixed $value, int $ttl = 0): bool {
    return self::store(self::checked($key), self::allowed($value), self::until($ttl));
  }
  public static function setMultiple(array $values, int $ttl = 0): bool { return self::store_all($values, self::until($ttl)); }

  private static function until(int $ttl): ?float {
    if ($ttl < 0) throw new \ValueError('the time to live must not be negative');
    return $ttl === 0 ? null : time() + (float)$ttl;
  }
}

final class PinnedCache {
  use Backend;
  private const NAME = 'pinned';

  public static function set(string $key, mixed $value): bool {
    if (func_num_args() > 2) throw new \ArgumentCountError('nothing in this backend has a time to live');
    return self::store(self::checked($key), self::allowed($value), null);
  }
  public static function setMultiple(array $values): bool {
    if (func_num_args() > 1) throw new \ArgumentCountError('nothing in this backend has a time to live');
    return self::store_all($values, null);
  }
  public static function increment(string $key, int $step = 1): int|false { return self::count($key, $step); }
  public static function decrement(string $key, int $step = 1): int|false {
    return $step === PHP_INT_MIN ? self::count($key, $step, true) : self::count($key, -$step);
  }

  private static function count(string $key, int $by, bool $wraps = false): int|false {
    $new = self::change(self::checked($key), function (array $live) use ($key, $by, &$wraps) {
      $old = isset($live[$key]) ? unserialize($live[$key]['value']) : 0;
      if (!is_int($old)) return false;
      $new = $old + $by;
      if (!is_int($new)) {
        $wraps = true;
        $new = $by > 0 ? ($old + PHP_INT_MIN) + ($by + PHP_INT_MIN) : ($old - PHP_INT_MIN) + ($by - PHP_INT_MIN);
      }
      return self::pool()->write([$key => ['value' => serialize($new), 'until' => null]] + $live) ? $new : false;
    });
    if ($wraps && $new !== false) trigger_error('a counter of the static cache overflowed', E_USER_WARNING);
    return $new;
  }
}
