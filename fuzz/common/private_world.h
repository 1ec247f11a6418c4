#pragma once

#include <sys/stat.h>

#include <array>
#include <filesystem>
#include <string>
#include <vector>

namespace assay::fuzz {

// The part of the file system that a fuzz target may change, and whether it changed more than its sandbox.
//
//   WORLD/run/       runs make their sandboxes here, and remove them
//   WORLD/tmp/       TMPDIR
//   WORLD/canary/    a file, a folder with a file, a link, a second name of the file: nobody changes them
//
// Where the kernel lets this process have a mount namespace of its own, everything else but the folders that the engine
// writes to (of its arguments) is mounted read-only for it: whatever an input does, it harms nobody. The folder is
// removed when the program ends in good order.
class PrivateWorld {
 public:
  // The one of this process; made by the first call, which comes before any thread (LLVMFuzzerInitialize).
  static PrivateWorld& of_process(int argc = 0, char** argv = nullptr);

  // Whether all but the world is read-only.
  bool is_confined() const { return is_confined_; }
  std::filesystem::path run_folder() const { return folder_ / "run"; }

  // Looks at what is beside the sandboxes, and at `also`.
  struct State {
    std::vector<struct stat> seen;
    std::string difference(const State& later) const;  // empty: none
    std::vector<std::filesystem::path> names;
  };
  State look(const std::vector<std::filesystem::path>& also = {}) const;
  // Makes the canary anew, after a target was led to it.
  void lay_canary();

 private:
  PrivateWorld(int argc, char** argv);

  std::filesystem::path folder_;
  bool is_confined_ = false;
};

}  // namespace assay::fuzz
