#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "reference/php/compiler/compiler.h"

namespace assay::reference::php {

// Classes written in the subset that most requests never use: compiled when the first of them is asked for, once for a
// process. It must outlive all that was asked of it; any number of threads may ask. `source` begins with <?php, and each
// declaration begins a line.
class LatePrelude {
 public:
  explicit LatePrelude(std::string_view source) : source_(source) {}
  LatePrelude(const LatePrelude&) = delete;
  LatePrelude& operator=(const LatePrelude&) = delete;

  // In lower case; nothing is compiled for it.
  std::vector<std::string> names() const;
  const Script& script() const;
  const ClassData* find(const std::string& lower_name) const;

 private:
  void compile() const;

  std::string_view source_;
  mutable std::once_flag once_;
  mutable Arena arena_;
  mutable const Script* script_ = nullptr;
  mutable std::unordered_map<std::string, const ClassData*> classes_;
};

}  // namespace assay::reference::php
