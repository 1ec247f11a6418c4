#pragma once

// Starting programs under test: own environment, own folder, output collected, ended with the test.

#include <sys/types.h>
#include <map>
#include <string>
#include <vector>

namespace assay::interposer_tests {

using Arguments = std::vector<std::string>;
using Environment = std::map<std::string, std::string>;  // added to the test's own

// A child of the test, in a process group of its own. Killed and collected, group and all, at the end of its life.
class Process {
 public:
  Process(const Arguments& arguments, const Environment& environment, const std::string& folder);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  std::string read_line();  // of its standard output and error
  std::string read_all();
  int wait();  // its wait status
  bool collected() const { return collected_; }
  void signal(int number);  // to the process alone

 private:
  pid_t pid_ = -1;
  int output_ = -1;
  bool collected_ = false;
};

struct Outcome {
  int status = 0;  // exit status, or 128 + signal
  std::string output;
};

Outcome run(const Arguments& arguments, const Environment& environment, const std::string& folder);

// True when `program` can be found in PATH or at its absolute path.
bool have_program(const std::string& program);

void write_file(const std::string& path, const std::string& text);
std::string read_file(const std::string& path);

}  // namespace assay::interposer_tests
