<?php
namespace Assay\Driver;

final class Unsupported extends \Exception {}
\class_alias(Unsupported::class, 'Assay\Unsupported');  // the name for maps

// What a reply holds beside a value: exceptions, output, diagnostics; and how a request that ends early is told.
final class Ending {
  private const FATAL = \E_ERROR | \E_PARSE | \E_CORE_ERROR | \E_COMPILE_ERROR | \E_USER_ERROR | \E_RECOVERABLE_ERROR;

  public static function thrown(Request $request, \Throwable $thrown): string {
    if ($thrown instanceof Unsupported) return '{"unsupported":' . $request->text($thrown->getMessage());
    return self::error($request, \get_class($thrown), $thrown->getMessage());
  }

  private static function place(Request $request, array $error): string {
    return $request->tells_place ? " in {$error['file']} on line {$error['line']}" : '';
  }

  private static function error(Request $request, string $class, string $message): string {
    return '{"thrown":{"class":' . $request->text($class) . ',"message":' . $request->text($message) . '}';
  }

  // The end of a reply: what was printed, and the warnings among it.
  public static function beside(Request $request, string $output): string {
    [$output, $diagnostics] = self::split($output);
    return ($output === '' ? '' : ',"output":' . $request->text($output))
        . ($diagnostics === [] ? '' : ',"diagnostics":' . $request->text($diagnostics)) . "}\n";
  }

  // What was done so far, and how the request ended if PHP says so.
  public static function early(Request $request): void {
    $output = $request->output();
    $last = \error_get_last();
    $request->lines .= $last !== null && ($last['type'] & self::FATAL) !== 0
        ? self::error($request, $last['type'] === \E_PARSE ? 'Parse error' : 'Fatal error', $last['message'] . self::place($request, $last))
        : '{"not_run":true';
    echo "\x01assay\n", $request->lines, self::beside($request, $output), "\x02", \getmypid(), " early\n";
  }

  // Warnings and notices, told apart from what scripts print: PHP displays them between marks that the adapter chose. A
  // handler set with set_error_handler() would not see what PHP says while it compiles for the script cache, and would be
  // in the way of scripts that set one. Gives the output without them, and each as "Level: text".
  private static function split(string $output): array {
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
