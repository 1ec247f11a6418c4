<?php class AutoBase { function base() { return "base"; } }
