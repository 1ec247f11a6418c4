<?php
echo class_exists('Plain') ? 'y' : 'n', class_exists('ChildAfter') ? 'y' : 'n', class_exists('ChildBefore') ? 'y' : 'n', class_exists('Impl') ? 'y' : 'n', class_exists('UsesTrait') ? 'y' : 'n', class_exists('Conditional') ? 'y' : 'n', function_exists('later') ? 'y' : 'n', "\n";
class ChildBefore extends ParentLate {}
class ParentLate {}
class Plain {}
class ChildAfter extends Plain {}
interface I {} 
class Impl implements I {}
trait T {}
class UsesTrait { use T; }
if (true) { class Conditional {} }
function later() {}
echo class_exists('ChildBefore') ? 'y' : 'n', class_exists('Conditional') ? 'y' : 'n', "\n";
