<?php return ["db" => ["host" => "localhost", "port" => 3306], "list" => [1, 2, 3]];
