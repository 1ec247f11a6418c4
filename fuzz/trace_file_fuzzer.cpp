// Any bytes are a trace or a clear error; what is a trace is written and read back as the same one.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "conformance/vocabulary/trace.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::conformance;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto trace = trace_from_json_lines(text, "input");
  if (!trace) {
    if (trace.error().message.rfind("input", 0) != 0) std::abort();  // the message names the file
    return 0;
  }
  const std::string written = to_json_lines(*trace);
  const auto again = trace_from_json_lines(written, "written");
  if (!again || to_json_lines(*again) != written) std::abort();
  (void)to_text(*trace);
  (void)features_of(*trace);
  return 0;
}
