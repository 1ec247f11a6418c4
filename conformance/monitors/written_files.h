#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conformance/models/literal_script.h"
#include "conformance/vocabulary/observation.h"

namespace assay::conformance {

// What including the file of this operation gave; nullopt where it says nothing about the file's content: another
// operation, a once-form, no file (false), a warning, a result that holds a path of the sandbox.
std::optional<Value> included(const Observation& observation);

// The contents that a run has written, by path, as far as they tell versions apart.
class WrittenFiles {
 public:
  struct Version {
    std::optional<Value> result;  // literal_result
    int number = 0;               // from 1; writes with one and the same file time are one version
  };

  void act(const ActionTaken& taken);
  void observe(const Observation& observation);

  // The versions of a path, in the order of the writes; empty where the path stands for nothing that was written
  // under just this name.
  const std::vector<Version>& versions(const std::string& path) const;

  // All scripts that were written under any name return a literal; `result` is among them.
  bool all_literal() const { return all_literal_; }
  bool anywhere(const Value& result) const;

  // Some file may be reached by another name, or change otherwise than by a write: names say nothing.
  bool names_are_loose() const { return loose_; }

 private:
  void write(const std::string& path, const std::string& content, std::optional<std::int64_t> mtime);

  std::map<std::string, std::vector<Version>> versions_;
  std::map<std::string, std::int64_t> mtimes_;
  bool all_literal_ = true, loose_ = false;
};

}  // namespace assay::conformance
