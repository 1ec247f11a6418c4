#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "support/error.h"

namespace assay::conformance {

// The suite's side of the operation `rendezvous` (conformance/adapter/rendezvous.h): files in the scratch folder of a run.
// No state of its own. A name with a slash would be one elsewhere: an error of the code `leads_out`.
class Rendezvous {
 public:
  // The folder outlives this.
  explicit Rendezvous(const std::filesystem::path& scratch) : scratch_(scratch) {}

  // Waits until a request has arrived at the rendezvous: true. False as soon as `is_expected` says that no request is
  // on its way any more; an error after ten seconds (a time budget).
  Expected<bool> wait_for_arrival(const std::string& name, const std::function<bool()>& is_expected) const;
  // Lets the request that waits there, or comes there later, continue.
  Expected<void> release(const std::string& name) const;

 private:
  const std::filesystem::path& scratch_;
};

}  // namespace assay::conformance
