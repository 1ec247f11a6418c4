<?php
namespace Assay\Driver;

// A canonical form back to a value.
final class Reading {
  private array $objects = [];
  private array $references = [];

  public static function of($form) { return \is_array($form) ? (new self)->value($form) : $form; }

  private function value($form) {
    if (!\is_array($form)) return $form;
    if ($form === [] || \array_key_first($form) === 0) return $this->elements($form, false);
    $body = \reset($form);
    switch (\key($form)) {
      case '$bytes': return \base64_decode($body);
      case '$float': return ['nan' => \NAN, 'inf' => \INF, '-inf' => -\INF][$body] ?? (float)$body;
      case '$array': return $this->elements($body, true);
      case '$object': return $this->object($form);
      case '$enum': return \constant($body);
      case '$reference': return $this->reference($form);
    }
    throw new \UnexpectedValueException('unknown form of a value: ' . \key($form));
  }

  // Of a list of pairs (key, value), or of a list of values.
  private function elements(array $parts, bool $have_keys): array {
    $array = [];
    foreach ($parts as $key => $form) {
      if ($have_keys) [$key, $form] = [$this->value($form[0]), $form[1]];
      if (\is_array($form) && isset($form['$reference'])) {
        $array[$key] = &$this->bound($form);
      } else {
        $array[$key] = $this->value($form);
      }
    }
    return $array;
  }

  private function &bound(array $form) {
    $number = $form['$reference'];
    if (!\array_key_exists($number, $this->references)) {
      $this->references[$number] = null;
      $this->references[$number] = $this->value($form['value']);
    }
    return $this->references[$number];
  }

  private function reference(array $form) { return $this->bound($form); }

  // Also what stands for a resource, which is no object.
  private function object(array $form) {
    $number = $form['$object'];
    if (isset($this->objects[$number])) return $this->objects[$number];
    if ($form['class'] === 'resource') return $this->objects[$number] = \fopen('php://memory', 'r');
    if ($form['class'] === 'Closure') return $this->objects[$number] = static function () {};
    $class = new \ReflectionClass($form['class']);
    $object = $this->objects[$number] = $class->newInstanceWithoutConstructor();
    foreach ($form['properties'] ?? [] as [$name, $value]) {
      if ($class->hasProperty($name)) {
        $class->getProperty($name)->setValue($object, $this->value($value));
      } else {
        $object->$name = $this->value($value);
      }
    }
    return $object;
  }
}
