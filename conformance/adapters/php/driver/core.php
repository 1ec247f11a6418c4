<?php
// The driver: executes the operations of one request of the suite inside a worker and replies to each.
//
// Request (php://input): [setup, operations]; setup = {root, scratch, entry_cost}, operation = [piece, name, argument...],
// with all arguments in the order of conformance/vocabulary/operation.def and in the canonical JSON form of values.
// Reply: the line "\x01assay", one line for each operation that was begun, and "\x02" with the process id and "done", or
// "early" where the last of these operations ended the request.
//
// It leaves as little trace as it can: no global variable, no include, no path but its own; the script cache is told not
// to store it. What it has to leave (its own place in the realpath cache, in the list of included files and in the list of
// files that are not cached) it takes out of the replies.
//
// Since it is not stored, it is compiled anew in each request. So it is assembled (driver_source.cpp) of this core and of
// pieces, which stand behind its end as data and are compiled when a request needs them.
namespace Assay\Driver;

// In functions without a variable, so that an included file sees an empty scope.
function run_include() { return include \func_get_arg(0); }
function run_include_once() { return include_once \func_get_arg(0); }
function run_require() { return require \func_get_arg(0); }
function run_require_once() { return require_once \func_get_arg(0); }

final class Request {
  public array $setup;
  public array $results = [];
  private array $pieces = [];
  private string $lines = '';
  private bool $running = false;
  private int $level = 0;

  public function serve(): void {
    [$this->setup, $operations] = \json_decode(\file_get_contents('php://input'), true, 100000, \JSON_THROW_ON_ERROR);
    \register_shutdown_function($this->end_early(...));
    \chdir($this->setup['root']);
    $this->running = true;
    foreach ($operations as $index => $operation) $this->lines .= $this->reply($index, $operation) . "\n";
    $this->running = false;
    $this->send('done');
  }

  public function own_files(): array { return [__DIR__, __FILE__, __DIR__ . '/blacklist']; }

  private function send(string $end): void { echo "\x01assay\n", $this->lines, "\x02", \getmypid(), " $end\n"; }

  private function load(string $piece): string {
    if ($this->pieces === []) {
      $text = \file_get_contents(__FILE__, false, null, __COMPILER_HALT_OFFSET__);
      foreach (\explode("\x01piece ", $text) as $part) {
        [$name, $code] = \explode("\n", $part, 2);
        $this->pieces[$name] = $code;
      }
    }
    if ($this->pieces[$piece] !== '') {
      eval($this->pieces[$piece]);
      $this->pieces[$piece] = '';
    }
    return 'Assay\Driver\\' . $piece;
  }

  private function reply(int $index, array $operation): string {
    $this->results[$index] = $thrown = null;
    \ob_start();
    $this->level = \ob_get_level();
    try {
      $this->results[$index] = $this->perform(...$operation);
    } catch (\Throwable $thrown) {
    }
    $output = $this->collect_output();
    if ($thrown === null) return '{"value":' . $this->text($this->results[$index]) . $this->beside($output);
    if ($thrown::class === Unsupported::class) return '{"unsupported":' . $this->text($thrown->getMessage()) . '}';
    return $this->thrown($thrown::class, $thrown->getMessage(), $output);
  }

  private function perform(string $piece, string $name, mixed $a = null, mixed $b = null, mixed $c = null, mixed $d = null): mixed {
    if ($piece === 'Include') return ('Assay\Driver\run_' . $b)($a);
    if (\is_array($a)) $a = $this->load('Reading')::of($a);
    if (\is_array($b)) $b = $this->load('Reading')::of($b);
    if (\is_array($c)) $c = $this->load('Reading')::of($c);
    if ($piece === 'StaticCaches') $this->load('StaticCache');
    return $this->load($piece)::perform($this, $name, $a, $b, $c, $d);
  }

  // What the operation printed, also where it left buffers of its own open.
  private function collect_output(): string {
    while (\ob_get_level() > $this->level) \ob_end_flush();
    return \ob_get_level() === $this->level ? (string)\ob_get_clean() : '';
  }

  private function text(mixed $value): string {
    if ($value === null || \is_scalar($value) && !\is_float($value)) {
      $text = \json_encode($value, \JSON_UNESCAPED_SLASHES | \JSON_UNESCAPED_UNICODE);
      if ($text !== false) return $text;
    }
    return $this->load('Form')::text($value);
  }

  // What was printed, and the warnings among it: PHP displays them between marks that the adapter chose.
  private function beside(string $output): string {
    if ($output === '') return '}';
    if (!\str_contains($output, '<assay-diagnostic>')) return ',"output":' . $this->text($output) . '}';
    [$output, $diagnostics] = $this->load('Diagnostics')::split($output);
    return ($output === '' ? '' : ',"output":' . $this->text($output)) . ',"diagnostics":' . $this->text($diagnostics) . '}';
  }

  private function thrown(string $class, string $message, string $output): string {
    return '{"thrown":{"class":' . $this->text($class) . ',"message":' . $this->text($message) . '}' . $this->beside($output);
  }

  // A fatal error, exit(), or a request that was abandoned: what was done so far is told, and how it ended if PHP says so.
  private function end_early(): void {
    if (!$this->running) return;
    $output = $this->collect_output();
    $last = \error_get_last();
    $is_fatal = $last !== null
        && ($last['type'] & (\E_ERROR | \E_PARSE | \E_CORE_ERROR | \E_COMPILE_ERROR | \E_USER_ERROR | \E_RECOVERABLE_ERROR)) !== 0;
    $this->lines .= ($is_fatal
        ? $this->thrown($last['type'] === \E_PARSE ? 'Parse error' : 'Fatal error', $last['message'], $output)
        : '{"not_run":true' . $this->beside($output)) . "\n";
    $this->send('early');
  }
}

final class Unsupported extends \Exception {}

(new Request)->serve();
__halt_compiler();
