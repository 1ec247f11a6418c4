#include "conformance/command/output.h"

#include <unistd.h>

#include <cstdio>
#include <utility>

#include "conformance/command/exit_status.h"
#include "conformance/reports/report_file.h"

namespace assay::conformance {
namespace {

struct Output {
  std::string kept;
  std::string error;  // the first one
};

Output& output() {
  static Output instance;
  return instance;
}

}  // namespace

void put(std::string_view text) {
  constexpr std::size_t worth_writing = 1 << 16;
  output().kept += text;
  if (output().kept.size() >= worth_writing) flush_output();
}

void flush_output() {
  Output& out = output();
  if (out.kept.empty()) return;
  const std::string text = std::move(out.kept);
  out.kept.clear();
  if (!out.error.empty()) return;
  if (auto written = write_to_descriptor(STDOUT_FILENO, "standard output", text); !written)
    out.error = written.error().message;
}

int end_output(int status) {
  flush_output();
  const std::string error = std::exchange(output().error, {});
  if (error.empty()) return status;
  complain(error);
  return exit_suite_broke;
}

void complain(const std::string& message) {
  flush_output();
  std::fprintf(stderr, "assay: %s\n", message.c_str());
}

}  // namespace assay::conformance
