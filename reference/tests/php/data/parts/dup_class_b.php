<?php
class Dup { public $other; }
