<?php
echo "a\n";
function f() {
  if (true) {
