#pragma once

namespace assay::conformance {

// The PHP that stands in front of the steps of a printed .phpt. Its output is what run-tests.php compares.
inline constexpr char phpt_harness[] = R"php(
// A reply is a value or something thrown, with what was printed and diagnosed beside it.
final class Reply {
  public bool $is_value = true;
  public mixed $value = null;
  public string $class = '';
  public string $message = '';
  public string $output = '';
  public array $diagnostics = [];
}

// Scripts run in functions without a variable, so that they see an empty scope.
function run_include() { return include func_get_arg(0); }
function run_include_once() { return include_once func_get_arg(0); }
function run_require() { return require func_get_arg(0); }
function run_require_once() { return require_once func_get_arg(0); }

// The world changes from outside: PHP's own file functions would also change what this process has cached.
function outside(string $code): void {
  $code = 'define("ROOT", ' . var_export(ROOT, true) . ');' . $code;
  exec(escapeshellarg(PHP_BINARY) . ' -n -r ' . escapeshellarg($code) . ' 2>&1', $said, $status);
  if ($status !== 0 || $said !== []) die('cannot set the stage: ' . implode("\n", $said));
}

$replies = [];
$results = [];

// A new request of the same worker, as far as one process can have one.
function request(): void {
  global $results;
  $results = [];
  clearstatcache();
}

function reply(callable $operation): Reply {
  global $results;
  $reply = new Reply;
  set_error_handler(function (int $level, string $message) use ($reply): bool {
    if ((error_reporting() & $level) === 0) return true;
    $reply->diagnostics[] = match ($level) {
      E_WARNING, E_USER_WARNING, E_COMPILE_WARNING, E_CORE_WARNING => 'Warning: ',
      E_NOTICE, E_USER_NOTICE => 'Notice: ',
      E_DEPRECATED, E_USER_DEPRECATED => 'Deprecated: ',
      default => 'Fatal error: ',
    } . with_at($message);
    return true;
  });
  ob_start();
  $level = ob_get_level();
  try {
    $reply->value = $operation();
  } catch (Throwable $thrown) {
    $reply->is_value = false;
    $reply->class = $thrown::class;
    $reply->message = with_at($thrown->getMessage());
  }
  while (ob_get_level() > $level) ob_end_flush();
  $reply->output = with_at(ob_get_clean());
  restore_error_handler();
  $results[] = $reply->value;
  return $reply;
}

function mutate(int $operation, int|string $key, mixed $value): mixed {
  global $results;
  if (is_object($results[$operation])) $results[$operation]->$key = $value;
  else $results[$operation][$key] = $value;
  return $results[$operation];
}

function with_at(string $text): string { return str_replace(ROOT, '@', $text); }

// One line of plain ASCII for each value.
function text(mixed $value): string {
  if (is_string($value)) return quoted($value);
  if (is_array($value)) {
    $list = array_is_list($value);
    $parts = [];
    foreach ($value as $key => $element) $parts[] = ($list ? '' : (is_int($key) ? $key : quoted($key)) . ' => ') . text($element);
    return '[' . implode(', ', $parts) . ']';
  }
  if ($value instanceof UnitEnum) return '\\' . $value::class . '::' . $value->name;
  if (is_object($value)) return 'an object of ' . $value::class;
  return is_float($value) ? var_export($value, true) : strtolower(var_export($value, true));
}

function quoted(string $text): string {
  $quote = fn(array $found): string => strlen($found[0]) === 1 && strpos('"\\$', $found[0]) !== false
      ? '\\' . $found[0] : '\\x' . bin2hex($found[0]);
  return '"' . preg_replace_callback('/["\\\\$]|[^\x20-\x7e]/', $quote, with_at($text)) . '"';
}

function type_of(mixed $value): string {
  return $value instanceof UnitEnum ? 'enum' : (is_object($value) ? 'object' : get_debug_type($value));
}

function value(mixed $value): Reply {
  $reply = new Reply;
  $reply->value = $value;
  return $reply;
}

// Keys of arrays and names of properties, from the outside in. Paths in keys hold "@" for the sandbox.
function step(mixed $value, int|string $key): array {
  if (is_object($value)) $value = get_object_vars($value);
  return is_array($value) && array_key_exists($key, $value) ? [$value[$key]] : [];
}
function walk(mixed $value, array $path): array {
  $found = [$value];
  foreach ($path as $key) {
    $found = $found === [] ? [] : step($found[0], $key);
  }
  return $found;
}
function there(mixed $value, array $path): bool { return walk($value, $path) !== []; }
function at(mixed $value, array $path): mixed { return walk($value, $path)[0] ?? null; }
function is_number(mixed $value): bool { return is_int($value) || is_float($value); }
function length(mixed $value): int { return is_array($value) ? count($value) : (is_string($value) ? strlen(with_at($value)) : -1); }

function adds_up(mixed $value, array $parts, array $total): bool {
  $numbers = array_map(fn($path) => at($value, $path), [...$parts, $total]);
  if (array_filter($numbers, 'is_number') !== $numbers) return false;
  return (float)array_pop($numbers) === (float)array_sum($numbers);
}
function both(mixed $value, Reply $before, array $path): ?array {
  if (!$before->is_value || !there($value, $path) || !there($before->value, $path)) return null;
  return [at($value, $path), at($before->value, $path)];
}
function numbers(mixed $value, Reply $before, array $path): ?array {
  $both = both($value, $before, $path);
  return $both !== null && is_number($both[0]) && is_number($both[1]) ? $both : null;
}
function grew(mixed $value, Reply $before, array $path, int|float|array $by): bool {
  $both = numbers($value, $before, $path);
  if ($both !== null && is_array($by)) return $both[0] >= $both[1] + $by[0] && $both[0] <= $both[1] + $by[1];
  return $both !== null && (float)$both[0] === (float)$both[1] + $by;
}
function gained(mixed $value, Reply $before, array $path, array $keys): bool {
  $both = both($value, $before, $path);
  if ($both === null || !is_array($both[0]) || !is_array($both[1])) return false;
  $now = array_map('text', array_keys($both[0]));
  $expected = array_merge(array_map('text', array_keys($both[1])), $keys);
  sort($now);
  sort($expected);
  return $now === $expected;
}
function same_as(mixed $value, Reply $before, array $path): bool {
  $both = both($value, $before, $path);
  return $both !== null && text($both[0]) === text($both[1]);
}
function differs_from(mixed $value, Reply $before, array $path): bool {
  $both = both($value, $before, $path);
  return $both !== null && text($both[0]) !== text($both[1]);
}
function at_least(mixed $value, Reply $before, array $path): bool {
  $both = numbers($value, $before, $path);
  return $both !== null && $both[0] >= $both[1];
}
function at_most(mixed $value, Reply $before, array $path): bool {
  $both = numbers($value, $before, $path);
  return $both !== null && $both[0] <= $both[1];
}
function threw(Reply $reply, string $class, string $pattern): bool {
  return !$reply->is_value && ($class === '' || $class === $reply->class) && preg_match($pattern, $reply->message) === 1;
}

function shown(Reply $reply): string {
  return $reply->is_value ? text($reply->value) : 'thrown ' . $reply->class . ': ' . quoted($reply->message);
}
function show(string $what, Reply $reply): void { echo $what, ' = ', shown($reply), "\n"; }
function check(string $what, bool $holds, Reply $reply): void { echo $what, ': ', $holds ? 'yes' : 'no, but ' . shown($reply), "\n"; }
)php";

// The static cache's operations on APCu, for tests that ask for them.
inline constexpr char phpt_apcu[] = R"php(
function apcu_get(string $key, mixed $default): mixed {
  $value = apcu_fetch($key, $found);
  return $found ? $value : $default;
}
function apcu_get_multiple(array $keys, mixed $default): array {
  $found = apcu_fetch(array_map('strval', $keys));
  $values = [];
  foreach ($keys as $key) $values[$key] = array_key_exists($key, $found) ? $found[$key] : $default;
  return $values;
}
function apcu_remove(string $key): bool {
  apcu_delete($key);
  return !apcu_exists($key);
}
function apcu_remove_multiple(array $keys): bool {
  apcu_delete(array_map('strval', $keys));
  return apcu_exists(array_map('strval', $keys)) === [];
}
)php";

}  // namespace assay::conformance
