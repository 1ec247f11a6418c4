--TEST--
PL-LNK-01, PL-LNK-02, PL-LNK-05 to PL-LNK-08, PL-STA-02: compiled files are linked when the preload script has ended
--EXTENSIONS--
opcache
--INI--
opcache.enable_cli=1
opcache.preload={PWD}/linking.inc
opcache.preload_user=root
--FILE--
<?php
var_dump((new LinkingChild)->both());
var_dump(class_exists('Unlinked', false), beside_unlinked());
var_dump(class_exists('InBlock', false), function_exists('in_block'));
$listed = opcache_get_status(false)['preload_statistics']['classes'];
var_dump(in_array('Unlinked', $listed), in_array('InBlock', $listed));
include __DIR__ . '/linking_block.inc';
var_dump(class_exists('InBlock', false), function_exists('in_block'));
interface NoSuchInterface {}
include __DIR__ . '/linking_unknown.inc';
var_dump(class_exists('Unlinked', false));
?>
--EXPECTF--
bool(false)

Warning: Can't preload unlinked class Unlinked: Unknown interface NoSuchInterface in %slinking_unknown.inc on line 2

Warning: Can't preload already declared class LinkingParent in %slinking_again.inc on line 2
string(15) "parent of child"
bool(false)
string(4) "here"
bool(false)
bool(false)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
