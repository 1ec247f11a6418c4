#pragma once

#include <sys/wait.h>

#include <cstdlib>
#include <string>

#include "conformance/tests/test_folder.h"

namespace assay::conformance {

// The programs that read our reports, where they are installed.
inline bool is_installed(const std::string& program) {
  return std::system(("command -v " + program + " >/dev/null").c_str()) == 0;
}

// The exit status of a reader on a text, which stands in the file that its command line names as $1; -1 where it died.
inline int status_of_reader(const std::string& command, const std::string& text) {
  const TestFolder folder;
  const std::string file = folder.write("report", text);
  const int status = std::system(("set -- '" + file + "'; " + command + " >/dev/null 2>&1").c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace assay::conformance
