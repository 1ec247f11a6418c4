#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "conformance/vocabulary/trace.h"
#include "fuzz/common/dice.h"

namespace assay::fuzz {

// What arguments of a trace are drawn from: those of the trace itself, and a fixed stock.
class ArgumentStock {
 public:
  explicit ArgumentStock(const conformance::Trace& trace);

  conformance::Value draw(const conformance::Parameter& parameter, Dice& dice) const;
  // A call of that spec.
  conformance::Call call(const conformance::CallSpec& spec, Dice& dice) const;
  // A directive and a value for it.
  static std::pair<std::string, std::string> directive(Dice& dice);

 private:
  void take(const conformance::Call& call);
  conformance::Value any_value(Dice& dice) const;

  std::vector<std::string> paths_, texts_;
  std::vector<conformance::Value> values_;
  std::vector<std::int64_t> integers_;
};

}  // namespace assay::fuzz
