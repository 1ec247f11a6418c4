#pragma once

#include <memory>
#include <vector>

#include "conformance/vocabulary/value.h"
#include "reference/php/value/value.h"

namespace assay::conformance {

// Between the values of the suite and those of the reference. Objects and references are numbered in the order of their
// first appearance, as the canonical form has them.
Value from_reference(const reference::Value& value);

// The arguments of one operation. Nobody else has their objects and references when it is over: the destructor empties
// them, since those that contain themselves would stay for good.
class ReferenceArguments {
 public:
  ReferenceArguments() = default;
  ReferenceArguments(const ReferenceArguments&) = delete;
  ReferenceArguments& operator=(const ReferenceArguments&) = delete;
  ~ReferenceArguments();

  reference::Value of(const Value& value);

 private:
  std::vector<std::shared_ptr<reference::Object>> objects_;
  std::vector<std::shared_ptr<reference::Reference>> references_;
};

}  // namespace assay::conformance
