<?php
function dup() { return 1; }
