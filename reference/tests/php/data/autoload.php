<?php
spl_autoload_register(function ($name) { echo "[load $name]"; if ($name === 'Auto') { class Auto { const X = 'loaded'; } } if ($name == 'AutoBase') { include 'parts/auto_base.php'; } });
echo Auto::X, class_exists('Missing') ? 'y' : 'n', class_exists('Missing2', false) ? 'y' : 'n', "\n"; class Derived extends AutoBase {} echo (new Derived)->base(), "\n"; try { new Missing3; } catch (Error $e) { echo $e->getMessage(), "\n"; } var_dump(new Auto instanceof NotLoaded);
