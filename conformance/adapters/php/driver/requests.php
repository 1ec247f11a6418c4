<?php
namespace Assay\Driver;

// The operations on the request itself.
final class Requests {
  public static function perform(Request $request, string $name, $a, $b, $c) {
    switch ($name) {
      case 'included_files': return \array_values(\array_diff(\get_included_files(), OWN_FILES, [$request->setup['map']]));
      case 'ini_get': return \ini_get($a);
      case 'ini_set': return \ini_set($a, $b);
      case 'time': return \time();
      case 'request_time': return $_SERVER['REQUEST_TIME'];
      case 'process_id': return \getmypid();
      case 'recall': return self::recall($request, $a);
      case 'mutate': return self::mutate($request, $a, $b, $c);
      case 'rendezvous': return self::rendezvous($a, ...$request->setup['rendezvous']);
      case 'inspect': return self::inspect($request);
    }
    throw new \Error("the driver has no operation $name");
  }

  private static function recall(Request $request, int $index) {
    if (!\array_key_exists($index, $request->results)) throw new \Error('there is no such operation in this request');
    return $request->results[$index];
  }

  private static function mutate(Request $request, int $index, $key, $value) {
    $held = self::recall($request, $index);
    if (\is_object($held)) {
      $held->$key = $value;
    } elseif (\is_array($held)) {
      $request->results[$index][$key] = $value;
    } else {
      throw new \Error('only an array or an object can be changed');
    }
    return $request->results[$index];
  }

  // Opens files instead of asking for them: a question would be answered from the stat cache.
  private static function rendezvous(string $name, string $prefix, string $arrived, string $go): bool {
    \fclose(\fopen($prefix . $name . $arrived, 'x'));
    while (($file = @\fopen($prefix . $name . $go, 'r')) === false) \usleep(200);
    \fclose($file);
    return true;
  }

  // For the adapter alone: what it has to know of a PHP before it claims anything. Changes the realpath cache.
  private static function inspect(Request $request): array {
    \clearstatcache(true);
    \realpath(\dirname(__DIR__));
    $outer = \realpath_cache_size();
    \realpath(__DIR__);
    $entry = \realpath_cache_size() - $outer;
    \clearstatcache(true);
    return [
      'time' => \time(),
      'request_time' => $_SERVER['REQUEST_TIME'],
      'monotonic' => \hrtime(true),
      'entry_cost' => $entry > 0 ? $entry - \strlen(__DIR__) : 0,
      'script_cache' => \function_exists('opcache_get_status') && \is_array(\opcache_get_status(false)),
      'apcu' => \function_exists('apcu_enabled') && \apcu_enabled() ? (string)\phpversion('apcu') : '',
      'volatile' => \class_exists('OPcache\VolatileCache', false),
      'pinned' => \class_exists('OPcache\PinnedCache', false),
    ];
  }
}
