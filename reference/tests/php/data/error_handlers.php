<?php
function told($level, $text, $file, $line) { echo "[$level ", substr($text, 0, 20), ' ', basename($file), " $line]\n"; return true; }
var_dump(set_error_handler('told'));
echo $undefined, @$silenced, "\n";
var_dump(@include 'none-such.php');
trigger_error('by itself');
trigger_error('a warning', E_USER_WARNING);
trigger_error('old', E_USER_DEPRECATED);
trigger_error('an error', E_USER_ERROR);
echo "goes on\n";
var_dump(set_error_handler(function ($level, $text) { echo "closure: $text\n"; return false; }, E_WARNING | E_USER_NOTICE));
echo $other, "\n";
trigger_error('not for it', E_USER_WARNING);
var_dump(restore_error_handler());
echo $third, "\n";
set_error_handler(function ($level, $text) { echo "outer $text; ", $inner, "\n"; });
echo $fourth, "\n";
set_error_handler(null);
echo $fifth, "\n";
restore_error_handler();
echo $sixth, "\n";
set_error_handler(function ($level, $text) { throw new Exception("thrown: $text"); });
try { echo [1][2]; } catch (Exception $e) { echo $e->getMessage(), ' on ', $e->getLine(), "\n"; }
function result() { try { return strlen('four') + $none; } catch (Exception $e) { return $e->getMessage(); } }
echo result(), "\n";
restore_error_handler(); restore_error_handler(); restore_error_handler(); restore_error_handler();
echo $seventh, "\n";
try { set_error_handler('no_such_function'); } catch (TypeError $e) { echo $e->getMessage(), "\n"; }
try { register_shutdown_function('no_such_function'); } catch (TypeError $e) { echo $e->getMessage(), "\n"; }
try { trigger_error('x', 5); } catch (ValueError $e) { echo $e->getMessage(), "\n"; }
trigger_error('the end', E_USER_ERROR);
echo 'never';
