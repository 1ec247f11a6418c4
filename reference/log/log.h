#pragma once

#include <string>
#include <string_view>

#include "reference/config/settings.h"

namespace assay::reference {

enum class LogLevel { fatal, error, warning, message, debug };

// The log of the script cache (SC-LOG-01): a line is written if its level is at most the verbosity. The file is opened
// for each line and appended to, so that whoever rotates it may do so; a line is one write, so that lines of several
// workers do not mix. A line that cannot be written is lost, and nobody is told (GU-SYS-03). A plain value, usable by
// any thread.
class Log {
 public:
  // Standard error where no file is named.
  explicit Log(const Settings& settings) : verbosity_(settings.log_verbosity_level), path_(settings.error_log) {}

  void write(LogLevel level, std::string_view text) const;

 private:
  std::int64_t verbosity_;
  std::string path_;
};

}  // namespace assay::reference
