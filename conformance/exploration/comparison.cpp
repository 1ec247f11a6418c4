#include "conformance/exploration/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conformance/generators/trace_generators.h"

namespace assay::conformance {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int most_attempts = 3;  // to see a kind again that did not come again

const ReplyDifference* find_kind(const ComparedRuns& runs, const std::string& kind) {
  const auto found = std::find_if(runs.differences.begin(), runs.differences.end(),
                                  [&](const ReplyDifference& difference) { return difference.kind == kind; });
  return found == runs.differences.end() ? nullptr : &*found;
}

// Whether all requests of the step completed on both sides.
bool completes(const ComparedRuns& runs, std::size_t step) {
  const auto completed = [&](const Execution& execution) {
    return std::all_of(execution.observations.begin(), execution.observations.end(), [&](const Observation& seen) {
      return seen.step != step || seen.outcome == Outcome::Kind::completed;
    });
  };
  return completed(runs.a) && completed(runs.b);
}

std::string_view expressible(Outcome::Kind end) {
  const bool has_word = end == Outcome::Kind::completed || end == Outcome::Kind::aborted || end == Outcome::Kind::died;
  return has_word ? to_text(end) : "completed";
}

// The trace with what A replied as the one expectation: where B differs.
Trace as_test(Trace trace, const ComparedRuns& runs, const ReplyDifference& difference) {
  for (std::size_t step = 0; step < trace.steps.size(); ++step) {
    auto* request = std::get_if<Request>(&trace.steps[step]);
    if (!request) continue;
    if (completes(runs, step)) request->ends = "completed";
    if (step != difference.step) continue;
    if (difference.end) request->ends = expressible(*difference.end);
    if (difference.expected) request->exchanges[difference.exchange].expected = difference.expected;
  }
  return trace;
}

class ComparisonRun {
 public:
  ComparisonRun(ComparedTargets& targets, const std::vector<HistorySource>& sources, const ComparisonOptions& options)
      : targets_(targets), sources_(sources), options_(options) {}

  Comparison run() {
    for (std::uint64_t number = 0; !sources_.empty() && goes_on(number); ++number)
      compare(sources_[number % sources_.size()], options_.seed + number / sources_.size());
    result_.left_out = targets_.left_out();
    result_.seconds = std::chrono::duration<double>(Clock::now() - began_).count();
    return std::move(result_);
  }

 private:
  bool goes_on(std::uint64_t number) const {
    if (options_.histories && number >= *options_.histories) return false;
    return !options_.time || Clock::now() - began_ < *options_.time;
  }

  void compare(const HistorySource& source, std::uint64_t seed) {
    const auto trace = targets_.followable(source.make(seed));
    if (!trace) return void(++result_.not_compared["nothing in the history that both have"]);
    const ComparedRuns runs = targets_.run(*trace);
    if (!runs.not_compared.empty()) return void(++result_.not_compared[without_particulars(runs.not_compared)]);
    ++result_.histories;
    ++result_.by_area[source.area];
    result_.operations += std::min(runs.a.observations.size(), runs.b.observations.size());
    look_at(*trace, runs, source, seed);
  }

  // Of the kinds that are new only the first is looked into: the others may follow from it.
  void look_at(const Trace& trace, const ComparedRuns& runs, const HistorySource& source, std::uint64_t seed) {
    std::set<std::string> seen;
    const std::string* first_new = nullptr;
    for (const ReplyDifference& difference : runs.differences) {
      if (!seen.insert(difference.kind).second) continue;
      if (DifferenceKind* found = found_before(difference.kind)) {
        ++found->histories;
      } else if (auto known = known_difference(options_.known, difference.kind)) {
        keep_known(difference, *known, source, seed);
      } else if (!first_new && attempts_[difference.kind] < most_attempts) {
        first_new = &difference.kind;
      }
    }
    if (first_new) investigate(trace, *first_new, source, seed);
  }

  DifferenceKind* found_before(const std::string& kind) {
    auto& all = result_.differences;
    const auto found = std::find_if(all.begin(), all.end(), [&](const DifferenceKind& d) { return d.kind == kind; });
    return found == all.end() ? nullptr : &*found;
  }

  void keep_known(const ReplyDifference& difference, const KnownDifference& known, const HistorySource& source,
                  std::uint64_t seed) {
    DifferenceKind kind;
    kind.kind = difference.kind;
    kind.a = difference.a;
    kind.b = difference.b;
    kind.known = known;
    keep(std::move(kind), source, seed);
  }

  void keep(DifferenceKind kind, const HistorySource& source, std::uint64_t seed) {
    kind.area = source.area;
    kind.seed = seed;
    kind.histories = 1;
    result_.differences.push_back(std::move(kind));
    if (options_.on_difference) options_.on_difference(result_.differences.back());
  }

  void investigate(const Trace& trace, const std::string& kind, const HistorySource& source, std::uint64_t seed) {
    const Fails shows_kind = [&](const Trace& candidate) -> std::optional<std::string> {
      const ComparedRuns runs = targets_.run(candidate);
      return find_kind(runs, kind) ? std::optional(kind) : std::nullopt;
    };
    if (!shows_kind(trace)) return not_repeated(kind, seed);
    const Shrunk small = shrink(trace, kind, shows_kind, is_legal, options_.shrink);
    ComparedRuns last = targets_.run(small.trace);
    const ReplyDifference* difference = find_kind(last, kind);
    if (!difference) return not_repeated(kind, seed);
    DifferenceKind found;
    found.kind = kind;
    found.a = difference->a;
    found.b = difference->b;
    found.step = difference->step;
    found.is_smallest = small.finished;
    Trace test = as_test(small.trace, last, *difference);
    test.name = kind;
    test.note = fmt::format("{} and {} differ: {} against {}", targets_.a().name, targets_.b().name, found.a, found.b);
    found.replays = targets_.tells_apart(test);
    found.trace = targets_.on_b(std::move(test));
    keep(std::move(found), source, seed);
    result_.not_repeated.erase(kind);
  }

  void not_repeated(const std::string& kind, std::uint64_t seed) {
    ++attempts_[kind];
    result_.not_repeated.try_emplace(kind, seed);
  }

  ComparedTargets& targets_;
  const std::vector<HistorySource>& sources_;
  const ComparisonOptions& options_;
  const Clock::time_point began_ = Clock::now();
  std::map<std::string, int> attempts_;
  Comparison result_;
};

}  // namespace

bool Comparison::has_unexpected() const {
  return std::any_of(differences.begin(), differences.end(), [](const DifferenceKind& d) { return !d.known; });
}

Comparison compare_histories(ComparedTargets& targets, const std::vector<HistorySource>& sources,
                             const ComparisonOptions& options) {
  return ComparisonRun(targets, sources, options).run();
}

}  // namespace assay::conformance
