--TEST--
PL-SET-01 to PL-SET-05, PL-SET-09, PL-CFG-08: what a preload script declares exists, and nothing else
--EXTENSIONS--
opcache
--INI--
opcache.enable_cli=1
opcache.preload={PWD}/declared.inc
opcache.preload_user=root
--FILE--
<?php
spl_autoload_register(function ($name) { echo "asked for $name\n"; });
var_dump(class_exists('Declared'), interface_exists('DeclaredInterface'), trait_exists('DeclaredTrait'));
var_dump(declared_in_block(), class_exists('FromEval'), DeclaredAlias::C);
var_dump(Declared::$count, counts(), counts());
var_dump(defined('FROM_PRELOAD'), defined('DEFINED_IN_PRELOAD'), isset($global_of_preload));
var_dump(get_include_path() === '/nowhere', get_included_files() === [__FILE__]);
?>
--EXPECT--
end of preloading
bool(true)
bool(true)
bool(true)
string(5) "block"
bool(true)
int(5)
int(0)
int(1)
int(2)
bool(false)
bool(false)
bool(false)
bool(false)
bool(true)
