Text before, with a newline
<?php
var_dump(1, -5, 0x1F, 0b101, 0o17, 017, 1_000_000, 9223372036854775807, 9223372036854775808, -9223372036854775807);
var_dump(1.5, 1e3, 1E-7, .5, 6.0, 1e100, -0.0, 0.1 + 0.2, 1/3, 123456789012345678.0);
var_dump(true, FALSE, Null, "", 'it\'s \\ \n', "tab\tnl\n\x41\101\u{1F600}\$\"\e[0m" . 'end');
echo 1.0, ' ', 2.50, ' ', 1e15, ' ', 123456789.12345678, ' ', 1e14, ' ', 0.00001, ' ', -1.5e-10, "\n";
var_dump([1, 'a' => 2, 3, "5" => 'five', 6, -3 => 'minus', 7, true => 't', null => 'n', '05' => 'x', 1.7 => 'f']);
var_dump([[], [[]], [1, [2, [3]]]], array(1, array('x' => array())));
?>
between
<?= "short echo" ?>

after<?php echo "!\n";
