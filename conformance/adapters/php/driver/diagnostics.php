<?php
namespace Assay\Driver;

// Warnings and notices, told apart from what scripts print. A handler set with set_error_handler() would not see what PHP
// says while it compiles for the script cache, and would be in the way of scripts that set one.
final class Diagnostics {
  // The output without them, and each as "Level: text".
  public static function split(string $output): array {
    $parts = \explode("<assay-diagnostic>\n", $output);
    $output = \array_shift($parts);
    $diagnostics = [];
    foreach ($parts as $part) {
      [$text, $rest] = \explode("\n</assay-diagnostic>", $part, 2) + [1 => ''];
      $diagnostics[] = self::without_place($text);
      $output .= $rest;
    }
    return [$output, $diagnostics];
  }

  // "Level: text in FILE on line N"
  private static function without_place(string $text): string {
    $line = \strrpos($text, ' on line ');
    $file = $line === false ? false : \strrpos(\substr($text, 0, $line), ' in ');
    return $file === false ? $text : \substr($text, 0, $file);
  }
}
