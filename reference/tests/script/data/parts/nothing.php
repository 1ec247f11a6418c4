<?php $nothing = 1;
