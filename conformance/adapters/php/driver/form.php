<?php
namespace Assay\Driver;

// A value in its canonical form (conformance/vocabulary/value_json.h). Objects and references are numbered within one value.
final class Form {
  private array $objects = [];
  private array $references = [];
  private bool $check_text;

  public function __construct(bool $check_text) { $this->check_text = $check_text; }

  public static function text($value): string {
    $flags = \JSON_UNESCAPED_SLASHES | \JSON_UNESCAPED_UNICODE;
    // Almost all text is UTF-8: look at each string only if that turns out to be wrong.
    $json = \json_encode((new self(false))->of($value), $flags, 100000);
    return $json === false ? \json_encode((new self(true))->of($value), $flags | \JSON_THROW_ON_ERROR, 100000) : $json;
  }

  public function of($value) {
    if (\is_string($value)) return $this->check_text ? $this->bytes($value) : $value;
    if (\is_array($value)) return $this->elements($value);
    if (\is_float($value)) return ['$float' => self::float_text($value)];
    if (\is_object($value)) return $this->object($value);
    if (\is_resource($value) || \gettype($value) === 'resource (closed)') return ['$object' => 1, 'class' => 'resource', 'properties' => []];
    return $value;
  }

  private function bytes(string $value) {
    if (\preg_match('//u', $value) === 1) return $value;
    return ['$bytes' => \base64_encode($value)];
  }

  // 17 digits read back exactly whatever the settings for output are.
  private static function float_text(float $value): string {
    if (\is_nan($value)) return 'nan';
    if (\is_infinite($value)) return $value > 0 ? 'inf' : '-inf';
    return \sprintf('%.17g', $value);
  }

  private function elements(array $array): array {
    if (self::is_list($array)) {
      $list = [];
      foreach ($array as $key => $value) $list[] = $this->element($array, $key, $value);
      return $list;
    }
    return ['$array' => $this->pairs($array)];
  }

  // As array_is_list() of PHP 8.1.
  public static function is_list(array $array): bool {
    $next = 0;
    foreach ($array as $key => $_) {
      if ($key !== $next++) return false;
    }
    return true;
  }

  private function pairs(array $array): array {
    $pairs = [];
    foreach ($array as $key => $value) {
      $pairs[] = [\is_string($key) && $this->check_text ? $this->bytes($key) : $key, $this->element($array, $key, $value)];
    }
    return $pairs;
  }

  private function element(array $array, $key, $value) {
    $reference = \ReflectionReference::fromArrayElement($array, $key);
    if ($reference === null) return $this->of($value);
    $id = $reference->getId();
    if (isset($this->references[$id])) return ['$reference' => $this->references[$id]];
    $number = $this->references[$id] = \count($this->references) + 1;
    return ['$reference' => $number, 'value' => $this->of($value)];
  }

  private function object(object $object): array {
    if ($object instanceof \UnitEnum) return ['$enum' => \get_class($object) . '::' . $object->name];
    $id = \spl_object_id($object);
    if (isset($this->objects[$id])) return ['$object' => $this->objects[$id]];
    $number = $this->objects[$id] = \count($this->objects) + 1;
    $properties = [];
    foreach ((array)$object as $name => $value) {
      $name = (string)$name;  // "\0*\0name" and "\0Class\0name" for what is not public
      $properties[$name !== '' && $name[0] === "\0" ? \substr($name, \strrpos($name, "\0") + 1) : $name] = $value;
    }
    return ['$object' => $number, 'class' => \get_class($object), 'properties' => $object instanceof \Closure ? [] : $this->pairs($properties)];
  }
}
