#include "support/text/error_name.h"

#include <cerrno>

namespace assay {
namespace {

struct Row {
  int error;
  std::string_view name;
};

constexpr Row kRows[] = {
#define ASSAY_ERROR_NAME(name) {name, #name},
#include "support/text/error_names.def"
#undef ASSAY_ERROR_NAME
};

}  // namespace

std::string_view error_name(int error) {
  for (const Row& row : kRows)
    if (row.error == error) return row.name;
  return {};
}

std::optional<int> error_named(std::string_view name) {
  for (const Row& row : kRows)
    if (row.name == name) return row.error;
  return std::nullopt;
}

}  // namespace assay
