<?php

function dup() { return 2; }
