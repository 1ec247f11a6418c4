#include <limits>

#include "reference/php/library/standard_functions.h"

namespace assay::reference::php {

namespace {

constexpr std::string_view kStandardClasses = R"php(<?php
class stdClass {}
final class Closure {}
interface Stringable { public function __toString(): string; }
interface UnitEnum {}
interface Traversable {}
interface Iterator extends Traversable {
  public function current(); public function key(); public function next(); public function rewind(); public function valid();
}
interface IteratorAggregate extends Traversable { public function getIterator(); }
interface OuterIterator extends Iterator { public function getInnerIterator(); }
interface RecursiveIterator extends Iterator { public function hasChildren(); public function getChildren(); }
interface SeekableIterator extends Iterator { public function seek(int $offset); }
interface ArrayAccess {
  public function offsetExists($offset); public function offsetGet($offset);
  public function offsetSet($offset, $value); public function offsetUnset($offset);
}
interface Countable { public function count(); }
interface JsonSerializable { public function jsonSerialize(); }
interface Throwable {}
class Exception implements Throwable {
  protected $message = '';
  protected $code = 0;
  protected string $file = '';
  protected int $line = 0;
  private ?Throwable $previous = null;
  public function __construct($message = '', $code = 0, $previous = null) {
    $this->message = $message;
    $this->code = $code;
    $this->previous = $previous;
  }
  final public function getMessage(): string { return $this->message; }
  final public function getCode() { return $this->code; }
  final public function getPrevious(): ?Throwable { return $this->previous; }
  final public function getFile(): string { return $this->file; }
  final public function getLine(): int { return $this->line; }
  final public function getTrace(): array { return []; }
  final public function getTraceAsString(): string { return '#0 {main}'; }
}
class Error implements Throwable {
  protected $message = '';
  protected $code = 0;
  protected string $file = '';
  protected int $line = 0;
  private ?Throwable $previous = null;
  public function __construct($message = '', $code = 0, $previous = null) {
    $this->message = $message;
    $this->code = $code;
    $this->previous = $previous;
  }
  final public function getMessage(): string { return $this->message; }
  final public function getCode() { return $this->code; }
  final public function getPrevious(): ?Throwable { return $this->previous; }
  final public function getFile(): string { return $this->file; }
  final public function getLine(): int { return $this->line; }
  final public function getTrace(): array { return []; }
  final public function getTraceAsString(): string { return '#0 {main}'; }
}
class ErrorException extends Exception {}
class CompileError extends Error {}
class ParseError extends CompileError {}
class TypeError extends Error {}
class ValueError extends Error {}
class ArithmeticError extends Error {}
class DivisionByZeroError extends ArithmeticError {}
class ArgumentCountError extends TypeError {}
class UnhandledMatchError extends Error {}
class LogicException extends Exception {}
class BadFunctionCallException extends LogicException {}
class BadMethodCallException extends BadFunctionCallException {}
class DomainException extends LogicException {}
class InvalidArgumentException extends LogicException {}
class LengthException extends LogicException {}
class OutOfRangeException extends LogicException {}
class RuntimeException extends Exception {}
class OutOfBoundsException extends RuntimeException {}
class OverflowException extends RuntimeException {}
class RangeException extends RuntimeException {}
class UnderflowException extends RuntimeException {}
class UnexpectedValueException extends RuntimeException {}
final class Attribute {
  const TARGET_CLASS = 1; const TARGET_FUNCTION = 2; const TARGET_METHOD = 4; const TARGET_PROPERTY = 8;
  const TARGET_CLASS_CONSTANT = 16; const TARGET_PARAMETER = 32; const TARGET_ALL = 63; const IS_REPEATABLE = 64;
}
)php";

}  // namespace

std::unique_ptr<Builtins> standard_builtins() {
  auto builtins = std::make_unique<Builtins>();
  // The text above is our own: it compiles, or no test of the subset passes.
  (void)builtins->add_prelude(kStandardClasses);
  builtins->add_constant("PHP_EOL", Value("\n"));
  builtins->add_constant("PHP_INT_MAX", Value(std::numeric_limits<std::int64_t>::max()));
  builtins->add_constant("PHP_INT_MIN", Value(std::numeric_limits<std::int64_t>::min()));
  builtins->add_constant("PHP_INT_SIZE", Value(8));
  builtins->add_constant("PHP_FLOAT_EPSILON", Value(std::numeric_limits<double>::epsilon()));
  builtins->add_constant("PHP_FLOAT_MAX", Value(std::numeric_limits<double>::max()));
  builtins->add_constant("PHP_OS_FAMILY", Value("Linux"));
  builtins->add_constant("PHP_OS", Value("Linux"));
  builtins->add_constant("DIRECTORY_SEPARATOR", Value("/"));
  builtins->add_constant("PATH_SEPARATOR", Value(":"));
  builtins->add_constant("INF", Value(std::numeric_limits<double>::infinity()));
  builtins->add_constant("NAN", Value(std::numeric_limits<double>::quiet_NaN()));
  builtins->add_constant("M_PI", Value(3.14159265358979323846));
  builtins->add_constant("COUNT_RECURSIVE", Value(1));
  add_string_functions(*builtins);
  add_array_functions(*builtins);
  add_value_functions(*builtins);
  add_class_functions(*builtins);
  add_request_functions(*builtins);
  add_process_functions(*builtins);
  add_error_functions(*builtins);
  add_file_functions(*builtins);
  add_stream_functions(*builtins);
  add_iterator_functions(*builtins);
  add_array_classes(*builtins);
  add_list_classes(*builtins);
  add_storage_classes(*builtins);
  add_heap_classes(*builtins);
  add_collection_functions(*builtins);
  add_date_classes(*builtins);
  add_date_functions(*builtins);
  return builtins;
}

}  // namespace assay::reference::php
