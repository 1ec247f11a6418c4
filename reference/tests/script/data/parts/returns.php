<?php return 41;
