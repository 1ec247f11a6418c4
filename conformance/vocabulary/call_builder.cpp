#include "conformance/vocabulary/call_builder.h"

#include <fmt/format.h>

#include <stdexcept>
#include <string>

namespace assay::conformance {

Call build_call(const CallSpec& spec, std::initializer_list<std::pair<const char*, Value>> arguments) {
  Call call{&spec, {}};
  call.arguments.reserve(spec.parameters.size());
  std::size_t used = 0;
  for (const Parameter& parameter : spec.parameters) {
    const Value* given = nullptr;
    for (const auto& [name, value] : arguments) {
      if (std::string_view(name) == parameter.name) given = &value;
    }
    if (!given && !parameter.default_json)
      throw std::logic_error(fmt::format("{} needs {}", spec.name, parameter.name));
    if (given) ++used;
    call.arguments.push_back(given ? *given : parameter.default_value);
  }
  if (used != arguments.size()) throw std::logic_error(fmt::format("unknown argument for {}", spec.name));
  return call;
}

}  // namespace assay::conformance
