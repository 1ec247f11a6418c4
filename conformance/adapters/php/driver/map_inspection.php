<?php
namespace Assay\Driver;

// For the adapter alone: what a map says of itself, before anything is claimed.
final class MapInspection {
  public static function perform(Request $request, string $name): array {
    $request->load('StaticCaches');
    $request->tells_place = true;
    $file = $request->setup['map'];
    \ob_start();
    try {
      $map = (static fn() => require $file)();
    } catch (\Throwable $thrown) {
      \ob_end_clean();
      return ['problem' => $thrown instanceof \ParseError ? 'parse' : 'thrown', 'class' => \get_class($thrown),
        'message' => $thrown->getMessage(), 'file' => $thrown->getFile(), 'line' => $thrown->getLine()];
    }
    $printed = (string)\ob_get_clean();
    if ($printed !== '') return ['problem' => 'printed', 'message' => $printed];
    if (!\is_object($map)) return ['problem' => 'returned', 'message' => self::type_of($map)];
    return self::head($map);
  }

  // As get_debug_type() of PHP 8.0.
  private static function type_of($value): string {
    $type = \gettype($value);
    return ['boolean' => 'bool', 'integer' => 'int', 'double' => 'float', 'NULL' => 'null'][$type] ?? $type;
  }

  private static function head(object $map): array {
    $class = new \ReflectionObject($map);
    $methods = [];
    foreach ($class->getMethods(\ReflectionMethod::IS_PUBLIC) as $method) {
      $methods[$method->getName()] = [
        'needs' => $method->getNumberOfRequiredParameters(),
        'takes' => $method->isVariadic() ? 99 : $method->getNumberOfParameters(),
        'line' => (int)$method->getStartLine(),
      ];
    }
    $constants = $class->getConstants();
    $extension = $constants['EXTENSION'] ?? null;
    $is_loaded = !\is_string($extension) || \extension_loaded($extension);
    return ['constants' => $constants, 'methods' => $methods, 'loaded' => $is_loaded,
      'version' => \is_string($extension) && $is_loaded ? (string)\phpversion($extension) : ''];
  }
}
