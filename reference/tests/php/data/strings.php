<?php
$name = 'World'; $a = ['k' => 'v', 3 => 'three', 'n' => ['x' => 'deep']]; $o = new stdClass; $o->p = 'prop'; $o->q = new stdClass; $o->q->r = 'rr';
echo "Hello $name! {$name}s ${name} $a[k] $a[3] {$a['n']['x']} $o->p {$o->q->r} \$name {$a['k']}\n";
$i = 3; echo "$a[$i]\n";
echo <<<EOT
  heredoc $name
    indented {$a['k']} "quoted" \t tab
  EOT . "|\n";
echo <<<'EOT'
raw $name \n
EOT;
echo "\n", 'a' . 1 . 2.5 . true . null . false . "b", "\n";
$s = 'abc'; $s .= 'def'; $s .= 5; echo $s, strlen($s), "\n";
echo str_repeat('ab', 3), '|', implode(',', [1, 2.5, true, null, 'x']), '|', strtoupper('aé'), ucfirst('foo'), "\n";
var_dump("abc"[1], "abc"[-1], 'abc'[0], substr('abcdef', 1, 3), substr('abc', -2), substr('abc', 5), substr('abcdef', 1, -2));
var_dump(explode(',', 'a,b,,c'), explode(',', 'a,b,c', 2), strpos('hello', 'l'), strpos('hello', 'z'), strrpos('hello', 'l'));
var_dump(trim("  x \n"), rtrim('xaa', 'a'), ltrim('  y'), str_replace('l', 'L', 'hello'), str_contains('abc', 'b'), strrev('abc'));
var_dump(sprintf('%05d|%-6s|%6.2f|%x|%X|%b|%c|%%|%s|%2$s|%+d', 42, 'ab', 3.14159, 255, 255, 5, 65, true, 7));
var_dump(basename('/a/b/c.php'), basename('/a/b/c.php', '.php'), basename('/a/b/'), dirname('/a/b/c'), dirname('/a'), dirname('a'), dirname('/a/b/c', 2), dirname(''), dirname('/'));
