<?php
function last($what, $more = 'none') { echo "shutdown $what $more\n"; }
register_shutdown_function('last', 'one');
register_shutdown_function('last', 'two', 'more');
register_shutdown_function(function () {
  echo "closure\n";
  register_shutdown_function('last', 'late');
  echo $undefined;
});
set_error_handler(function ($level, $text) { echo "handled $text\n"; });
echo "first\n";
register_shutdown_function(function () { echo include __DIR__ . '/parts/returns.php', "\n"; });
throw new Exception('nobody catches');
