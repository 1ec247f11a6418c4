#include "conformance/vocabulary/trace.h"

#include <fmt/format.h>

namespace assay::conformance {

int Configuration::worker_count() const {
  int count = 0;
  for (const Pool& pool : pools) count += pool.workers;
  return count;
}

std::set<std::string> features_of(const Trace& trace) {
  std::set<std::string> features = trace.needs;
  if (trace.configuration.worker_count() > 1) features.insert("workers");
  for (const Step& step : trace.steps) {
    if (const auto* action = std::get_if<Action>(&step)) {
      features.insert(action->spec->feature);
      continue;
    }
    const Request& request = std::get<Request>(step);
    for (const Exchange& exchange : request.exchanges) {
      const Call& operation = exchange.operation;
      std::string feature = operation.spec->feature;
      if (feature == "static_cache") feature += "." + operation.text("backend");
      if (feature == "static_cache.counters" && operation.text("backend") == "pinned") feature = "static_cache.pinned";
      features.insert(feature);
    }
  }
  features.erase("files");
  features.erase("");
  return features;
}

std::string to_text(const Exchange& exchange) {
  std::string out = exchange.label.empty() ? "" : exchange.label + " = ";
  out += to_text(static_cast<const Call&>(exchange.operation));
  if (exchange.expected) out += "   expect " + to_text(*exchange.expected);
  return out;
}

std::string to_text(const Trace& trace) {
  std::string out;
  for (const auto& [name, value] : trace.configuration.ini) out += fmt::format("   ini  {} = {}\n", name, value);
  int worker = 0;
  for (const Pool& pool : trace.configuration.pools) {
    for (const auto& [name, value] : pool.ini)
      out += fmt::format("   ini of worker {}  {} = {}\n", worker, name, value);
    worker += pool.workers;
  }
  int number = 0;
  for (const Step& step : trace.steps) {
    ++number;
    if (const auto* action = std::get_if<Action>(&step)) {
      out += fmt::format("{:3}.     {}\n", number, to_text(static_cast<const Call&>(*action)));
      continue;
    }
    const Request& request = std::get<Request>(step);
    std::string lead = fmt::format("{:3}. W{}: ", number, request.worker);
    for (const Exchange& exchange : request.exchanges) {
      out += lead + to_text(exchange) + "\n";
      lead = fmt::format("     W{}: ", request.worker);
    }
    if (!request.background.empty()) out += fmt::format("          (in the background as {})\n", request.background);
    if (request.ends != "completed") out += fmt::format("          (the request may end: {})\n", request.ends);
  }
  return out;
}

}  // namespace assay::conformance
