<?php
namespace Assay\Driver;

// Finds the piece that performs an operation, and reads its arguments.
final class Operations {
  public static function perform(Request $request, string $piece, string $name, ...$arguments) {
    foreach ($arguments as &$argument) {
      if (\is_array($argument)) $argument = $request->load('Reading')::of($argument);
    }
    unset($argument);
    // Exceptions of the driver itself are declared there.
    $request->load('Ending');
    if ($piece !== 'StaticCaches') $arguments += [null, null, null, null];
    return $request->load($piece)::perform($request, $name, ...$arguments);
  }
}
