#include "conformance/checkers/with_and_without.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <map>

namespace assay::conformance {
namespace {

constexpr int without_cache = 0;

using Request_ = std::vector<const Observation*>;  // its replies, without those of the script cache

bool is_of_the_cache(const Observation& seen) {
  return std::string_view(seen.operation.spec->feature) == "script_cache";
}

bool ask_the_same(const Request_& a, const Request_& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Observation* x, const Observation* y) { return x->operation == y->operation; });
}

bool is_said_while_compiling(const std::string& diagnostic) {
  static const re2::RE2 said("declared before required parameter|\"continue\" targeting switch");
  return re2::RE2::PartialMatch(diagnostic, said);
}

// `with` is `without`, in which what is said while compiling may be missing.
bool are_diagnostics_allowed(const std::vector<std::string>& with, const std::vector<std::string>& without,
                             bool recorded) {
  auto at = with.begin();
  for (const std::string& diagnostic : without) {
    if (at != with.end() && *at == diagnostic)
      ++at;
    else if (recorded || !is_said_while_compiling(diagnostic))
      return false;
  }
  return at == with.end();
}

// What ends while it is compiled says more or less before, as its declarations stand.
bool is_same_fatal_error(const Reply& a, const Reply& b) {
  return a.kind == Reply::Kind::thrown && b.kind == a.kind && a.error_class == "Fatal error" &&
         a.error_class == b.error_class && a.error_message == b.error_message;
}

std::string literally(const std::string& text) {
  return "^" + re2::RE2::QuoteMeta(text) + "$";
}

Matcher expected(const Reply& reply) {
  Matcher value = reply.kind == Reply::Kind::thrown ? throws(reply.error_class, literally(reply.error_message))
                                                    : equals(reply.value);
  const std::vector<std::string>& said = reply.diagnostics;
  return all_of({std::move(value), prints(reply.output), diagnoses(equals(Value::list({said.begin(), said.end()})))});
}

class Judge {
 public:
  Judge(const Trace& trace, std::span<const Observation> seen) : trace_(trace) {
    for (const Observation& each : seen)
      if (!is_of_the_cache(each)) requests_[each.step].push_back(&each);
  }

  Judgement judge() {
    for (const auto& [step, request] : requests_) {
      if (request.front()->worker == without_cache)
        without_.push_back(&request);
      else
        compare(request);
      if (judgement_.refusal) break;
    }
    return std::move(judgement_);
  }

 private:
  void compare(const Request_& with) {
    const Request_* without = counterpart(with);
    if (!without) return;
    for (std::size_t i = 0; i < with.size() && !judgement_.refusal; ++i) compare(*with[i], *(*without)[i], false);
    if (!judgement_.refusal) compare(*with[0], *(*without)[0], true);
  }

  const Request_* counterpart(const Request_& with) const {
    const auto found = std::find_if(without_.rbegin(), without_.rend(),
                                    [&](const Request_* each) { return ask_the_same(with, *each); });
    return found == without_.rend() ? nullptr : *found;
  }

  bool records_warnings() const {
    const auto found = trace_.configuration.ini.find("opcache.record_warnings");
    return found != trace_.configuration.ini.end() && found->second != "0";
  }

  void compare(const Observation& with, const Observation& without, bool ends) {
    judgement_.judged += !ends;
    Reply a = with.reply, b = without.reply;
    if (is_same_fatal_error(a, b)) {
      std::erase_if(a.diagnostics, is_said_while_compiling);
      std::erase_if(b.diagnostics, is_said_while_compiling);
    }
    if (are_diagnostics_allowed(a.diagnostics, b.diagnostics, records_warnings())) a.diagnostics = b.diagnostics;
    if (a == b && (!ends || with.outcome == without.outcome)) return;
    const std::string end(to_text(without.outcome));
    Refusal refusal{"GU-VAL-07", "", with.step, with.exchange, std::nullopt, end};
    refusal.message = fmt::format("{} gives {} (the request {}); without a cache {} (the request {})",
                                  to_text(Exchange{with.operation, "", std::nullopt}), to_text(with.reply),
                                  to_text(with.outcome), to_text(without.reply), end);
    if (b.kind == Reply::Kind::value || b.kind == Reply::Kind::thrown) refusal.expected = expected(b);
    judgement_.refusal = std::move(refusal);
  }

  const Trace& trace_;
  std::map<std::size_t, Request_> requests_;
  std::vector<const Request_*> without_;
  Judgement judgement_;
};

}  // namespace

Judgement judge_with_and_without(const Trace& trace, std::span<const Observation> seen) {
  return Judge(trace, seen).judge();
}

}  // namespace assay::conformance
