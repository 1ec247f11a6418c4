<?php
// The driver: executes the operations of one request of the suite inside a worker and replies to each.
//
// Request (php://input): [setup, operations]; setup = {root, rendezvous, entry_cost, map}, operation = [piece, name, argument...],
// with all arguments in the order of conformance/vocabulary/operation.def and in the canonical JSON form of values.
// Reply: the line "\x01assay", one line for each operation that was begun, and "\x02" with the process id and "done", or
// "early" where the last of these operations ended the request.
//
// It leaves as little trace as it can: no global variable, no include, no path but its own; the script cache is told not
// to store it. What it has to leave (its own place in the realpath cache, in the list of included files and in the list of
// files that are not cached) it takes out of the replies.
//
// Since it is not stored, it is compiled anew in each request. So it is assembled (driver_source.cpp) of this core and of
// pieces, which stand behind its end as data and are compiled when a request needs them. All of it is in the syntax of PHP 7.4,
// the oldest that is judged.
namespace Assay\Driver;

// In functions without a variable, so that an included file sees an empty scope.
function run_include() { return include \func_get_arg(0); }
function run_include_once() { return include_once \func_get_arg(0); }
function run_require() { return require \func_get_arg(0); }
function run_require_once() { return require_once \func_get_arg(0); }

// What is there only because of the driver; so is the map.
const OWN_FILES = [__DIR__, __FILE__, __DIR__ . '/blacklist'];

final class Request {
  public array $setup;
  public array $results = [];
  public string $lines = '';
  public bool $running = false;
  public bool $tells_place = false;  // of a fatal error
  private array $pieces = [];
  private int $level = 0;

  public function serve(): void {
    [$this->setup, $operations] = \json_decode(\file_get_contents('php://input'), true, 100000, \JSON_THROW_ON_ERROR);
    \register_shutdown_function([$this, 'end']);
    \chdir($this->setup['root']);
    $this->running = true;
    foreach ($operations as $index => $operation) {
      $this->results[$index] = $thrown = null;
      \ob_start();
      $this->level = \ob_get_level();
      try {
        $this->results[$index] = $operation[0] === 'Include'
            ? ('Assay\Driver\run_' . $operation[3])(\is_string($operation[2]) ? $operation[2] : $this->load('Reading')::of($operation[2]))
            : $this->load('Operations')::perform($this, ...$operation);
      } catch (\Throwable $thrown) {
      }
      $output = $this->output();
      $this->lines .= ($thrown === null
          ? '{"value":' . $this->text($this->results[$index])
          : $this->load('Ending')::thrown($this, $thrown)) . ($output === '' ? "}\n" : $this->load('Ending')::beside($this, $output));
    }
    $this->running = false;
    echo "\x01assay\n", $this->lines, "\x02", \getmypid(), " done\n";
  }

  // Also after a fatal error, exit(), or in a request that was abandoned.
  public function end(): void {
    if ($this->running) $this->load('Ending')::early($this);
  }

  public function load(string $piece): string {
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

  // What the operation printed, also where it left buffers of its own open.
  public function output(): string {
    while (\ob_get_level() > $this->level) \ob_end_flush();
    return \ob_get_level() === $this->level ? (string)\ob_get_clean() : '';
  }

  public function text($value): string {
    if (\is_string($value) || \is_int($value) || \is_bool($value) || $value === null) {
      $text = \json_encode($value, \JSON_UNESCAPED_SLASHES | \JSON_UNESCAPED_UNICODE);
      if ($text !== false) return $text;
    }
    return $this->load('Form')::text($value);
  }
}

(new Request)->serve();
__halt_compiler();
