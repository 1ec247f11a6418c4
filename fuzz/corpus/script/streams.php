<?php
class Own {
  public $context;
  private $text = '';
  private $at = 0;
  public static $log = [];
  public static $texts = [];
  function __construct() { self::$log[] = 'new'; }
  function stream_open($path, $mode, $options, &$opened) {
    self::$log[] = "open $path $mode $options " . gettype($opened);
    if (!isset(self::$texts[$path])) return false;
    $this->text = self::$texts[$path];
    return true;
  }
  function stream_read($count) {
    self::$log[] = "read $count";
    $part = substr($this->text, $this->at, 10);
    $this->at += strlen($part);
    return $part;
  }
  function stream_eof() {
    $end = $this->at >= strlen($this->text);
    self::$log[] = 'eof ' . ($end ? 1 : 0);
    return $end;
  }
  function stream_stat() {
    self::$log[] = 'stat';
    return ['mtime' => 1000, 'size' => strlen($this->text), 'mode' => 0100644];
  }
  function url_stat($path, $flags) {
    self::$log[] = "url_stat $path $flags";
    return isset(self::$texts[$path]) ? ['mtime' => 1000, 'size' => 5, 'mode' => 0100644] : false;
  }
  function stream_set_option($option, $one, $two) { self::$log[] = "option $option"; return false; }
  function stream_close() { self::$log[] = 'close'; }
  static function told() {
    $log = implode(', ', self::$log);
    self::$log = [];
    return "[$log]\n";
  }
}
class Poor {
  public $context;
  private $reads = 0;
  function stream_open($path, $mode, $options, &$opened) { return true; }
  function stream_read($count) { return $this->reads++ ? '' : '<?php return 5;'; }
}
class Throwing {
  public $context;
  function stream_open($path, $mode, $options, &$opened) { throw new Exception("not $path"); }
}
function shown($value) { echo json_encode($value), ' ', Own::told(); }
function quietly($name) { return @include $name; }

shown(stream_wrapper_register('own', 'Own'));
Own::$texts = ['own://a' => '<?php return [__FILE__, __DIR__, 1];', 'own://b' => 'plain text, longer', 'own://once' => '<?php return "once";'];
shown(include 'own://a');
shown(include 'OWN://a');
shown(include_once 'own://once');
shown(quietly('own://missing'));
shown(include 'own://missing');
shown(file_get_contents('own://missing'));
echo json_encode(file_get_contents('own://b')), "\n";
Own::told();
shown(file_exists('own://b'));
shown(file_exists('own://c'));
try { require 'own://missing'; } catch (Error $error) { shown($error->getMessage()); }

echo "registry\n";
shown(stream_wrapper_register('own', 'Own'));
shown(stream_wrapper_register('o_w', 'Own'));
try { stream_wrapper_register('other', 'NoSuchClass'); } catch (TypeError $error) { echo $error->getMessage(), "\n"; }
shown(stream_wrapper_unregister('own'));
shown(stream_wrapper_unregister('own'));
shown(stream_wrapper_restore('own'));
shown(stream_wrapper_restore('file'));
shown(in_array('file', stream_get_wrappers()));

echo "methods that are not there\n";
stream_wrapper_register('poor', 'Poor');
shown(include 'poor://a');
shown(file_exists('poor://a'));
stream_wrapper_register('throwing', 'Throwing');
try { include 'throwing://a'; } catch (Exception $exception) { shown($exception->getMessage()); }

echo "plain files\n";
shown(stream_wrapper_unregister('file'));
shown(file_get_contents('nothing-there'));
shown(include 'nothing-there');
shown(stream_wrapper_register('file', 'Own'));
Own::$texts['/nowhere/own.php'] = '<?php return "mine";';
shown(include '/nowhere/own.php');
shown(include 'file:///nowhere/own.php');
shown(file_exists('/nowhere/own.php'));
shown(stream_wrapper_restore('file'));

echo "data\n";
shown(include 'data:text/plain,<?php return 1;');
shown(file_get_contents('data:text/plain,hello%20there'));
shown(file_get_contents('data://text/plain;base64,aGVsbG8='));
shown(file_get_contents('data:bad'));
shown(file_get_contents('php://filter/read=string.toupper/resource=data:,abc'));
shown(file_get_contents('php://filter/string.toupper|string.rot13/resource=data:,abc'));
shown(file_get_contents('php://filter/read=string.nothing/resource=data:,abc'));
