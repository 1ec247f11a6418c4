#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/adapters/php/ini.h"

namespace assay::conformance::php {

// Where a map is: a file of its author, or a text of ours, which each runtime gets as a file.
struct MapSource {
  std::string file;       // absolute; empty: the text
  std::string_view text;  // lives as long as the program

  bool empty() const { return file.empty() && text.empty(); }
};

// What a map says of itself at its head (docs/php-map.md), checked.
struct MapHead {
  std::string name;
  std::string version;
  std::string extension;         // that it needs; empty: none
  bool extension_loaded = true;  // in the runtime that was asked
  std::set<std::string> claims;  // features
  std::map<std::string, std::string> choices;
  std::map<std::string, std::string> missing;  // operation -> why the map does not have it
  std::vector<std::string> operations;         // those that it has, in the order of the vocabulary
  IniSettings size, off;                       // see map_directives.h
};

}  // namespace assay::conformance::php
