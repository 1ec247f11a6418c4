#pragma once

#include <string>

namespace assay::conformance {

// The options of `assay map`: exactly one of `fresh`, `check` and `list` is set.
struct MapCommand {
  std::string fresh;              // --new: the file to write
  std::string like = "skeleton";  // --like: the map to begin with
  std::string check;              // --check: the file to look at
  std::string target = "php-fpm";
  bool list = false;
};

// `assay map`: writes a map to begin with; says what a map claims, has and lacks, and tries each operation once (status 1
// where one of them fails); or lists the maps of the project.
int map_command(const MapCommand& command);

}  // namespace assay::conformance
