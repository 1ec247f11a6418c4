#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "conformance/adapters/php/driver_worker.h"
#include "conformance/adapters/php/php_settings.h"

namespace assay::conformance::php {

// A way to run PHP.
struct PhpKind {
  std::function<Expected<std::unique_ptr<DriverRuntime>>(const PhpSettings&, const Configuration&, const Sandbox&)>
      start;
  std::set<std::string> features;  // what the adapter itself provides, whatever is judged
};

const PhpKind& fpm_kind();
const PhpKind& cli_kind();

// A target whose runtimes are PHPs of one kind with these settings.
class DriverTarget final : public Target {
 public:
  DriverTarget(const PhpKind& kind, PhpSettings settings, Description description)
      : kind_(kind), settings_(std::move(settings)), description_(std::move(description)) {}

  const Description& description() const override { return description_; }

  Expected<std::unique_ptr<Runtime>> start(const Configuration& configuration, const Sandbox& sandbox) override {
    return std::unique_ptr<Runtime>(ASSAY_TRY(kind_.start(settings_, configuration, sandbox)));
  }

 private:
  const PhpKind& kind_;
  PhpSettings settings_;
  Description description_;
};

}  // namespace assay::conformance::php
