#include "conformance/tests/suite/choice_values.h"

#include "conformance/adapters/php/map_choices.h"

namespace assay::conformance {

std::map<std::string, std::vector<std::string>> choice_values() {
  std::map<std::string, std::vector<std::string>> values;
  for (const php::MapChoice& choice : php::map_choices())
    values[std::string(choice.name)] = {choice.values.begin(), choice.values.end()};
  return values;
}

}  // namespace assay::conformance
