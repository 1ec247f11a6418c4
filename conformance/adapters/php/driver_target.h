#pragma once

#include <set>
#include <string>
#include <utility>

#include "conformance/adapters/php/php_runtime.h"

namespace assay::conformance::php {

// A target whose runtimes are masters of php-fpm with these settings.
class FpmTarget final : public Target {
 public:
  FpmTarget(PhpSettings settings, Description description)
      : settings_(std::move(settings)), description_(std::move(description)) {}

  const Description& description() const override { return description_; }

  Expected<std::unique_ptr<Runtime>> start(const Configuration& configuration, const Sandbox& sandbox) override {
    return std::unique_ptr<Runtime>(ASSAY_TRY(PhpRuntime::start(settings_, configuration, sandbox)));
  }

 private:
  PhpSettings settings_;
  Description description_;
};

// Of every PHP under php-fpm with the interposer: what the adapter itself provides.
inline const std::set<std::string>& common_features() {
  static const std::set<std::string> features = {"scripts", "files", "workers",    "workers.processes", "clock.virtual",
                                                 "reload",  "fault", "fault.kill", "rendezvous"};
  return features;
}

}  // namespace assay::conformance::php
