#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/adapters/php/runtime_guard.h"
#include "support/error.h"
#include "support/file_descriptor.h"

namespace assay::conformance::process {

// How an adapter's program is started.
struct AdapterCommand {
  std::vector<std::string> words;  // the program as it was named, and its arguments
  std::string program;             // its file
  std::string text() const;        // for people
};

// A started adapter: a process group of its own, with a pipe to its standard input and one from its standard output. What
// it writes to its standard error stands in `errors`. The destructor kills it and all that it started; so does a guard, if
// this process is killed. Used by one thread, but for the descriptors.
class AdapterProcess {
 public:
  // `environment` is on top of PATH, HOME, LD_LIBRARY_PATH and a plain locale.
  static Expected<std::unique_ptr<AdapterProcess>> start(const AdapterCommand& command,
                                                         const std::vector<std::string>& environment,
                                                         const std::filesystem::path& errors);
  ~AdapterProcess() { (void)end(std::chrono::milliseconds(0)); }

  int input() const { return input_.get(); }    // written by the suite; does not block
  int output() const { return output_.get(); }  // read by the suite; does not block
  int handle() const { return handle_.get(); }  // readable when the process has ended
  pid_t pid() const { return pid_; }

  // How it ended, for people ("ended with status 3", "was killed by signal 11"); nothing while it runs.
  std::optional<std::string> ending();
  // The end of what it wrote to its standard error, indented, for a message; empty where it wrote nothing.
  std::string last_words() const;
  std::string errors() const;

  // Closes its input, gives it that long to end by itself, then kills what is left of it. Whether it did by itself. The
  // descriptors stay open where no time is given: somebody else may still wait on them.
  bool end(std::chrono::milliseconds grace);

 private:
  AdapterProcess() = default;

  FileDescriptor input_, output_, handle_;
  pid_t pid_ = -1;
  std::optional<int> status_;
  bool is_over_ = false;  // end() was called
  std::filesystem::path errors_;
  std::optional<php::RuntimeGuard> guard_;
};

}  // namespace assay::conformance::process
