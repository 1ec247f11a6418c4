#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <random>
#include <string>

#include "conformance/registry/registration.h"
#include "conformance/suite/static/together.h"

namespace assay::conformance {

// Rounds in which workers, at the same time, do what can happen to two keys, of which one is met more often.
class ContentionRounds : public TogetherScenario {
 public:
  struct Size {
    std::uint64_t seed = 1;
    int workers = 2;
    int rounds = 10;
  };
  ContentionRounds(const Description& target, const Size& size)
      : TogetherScenario(target), random_(size.seed), size_(size) {}

 protected:
  std::uint64_t drawn_below(std::uint64_t limit) { return random_() % limit; }
  std::int64_t next_number() { return ++numbers_; }

 private:
  virtual void operation(RequestBuilder& request, const std::string& key) = 0;

  void steps() override {
    const auto all = several(size_.workers);
    for (int round = 0; round < size_.rounds; ++round) {
      together(fmt::format("round-{}", round), all, [this](std::size_t, RequestBuilder& request) {
        for (int n = 0; n < 6; ++n) operation(request, drawn_below(4) == 0 ? "b" : "a");
      });
    }
  }

  std::mt19937_64 random_;
  Size size_;
  std::int64_t numbers_ = 0;
};

// Workers that meet on a few keys: each run of theirs has to be linearizable, by CLAUSE.
struct ContentionRuns {
  std::string clause;
  std::string counted;  // what evidence is: pairs of requests that ...
  std::uint64_t traces = 1;
  std::function<Trace(std::uint64_t number)> make;
};

// Inconclusive where fewer than 50 pairs of requests overlapped.
TestResult check_contention(const TestContext& context, const ContentionRuns& runs);

// The same of rounds of two to eight workers; `rounds_of` makes the scenario of a size.
template <class RoundsOf>
TestResult check_contention(const TestContext& context, const std::string& clause, const std::string& counted,
                            RoundsOf rounds_of) {
  const bool is_quick = context.profile == Profile::quick;
  const auto make = [&](std::uint64_t number) {
    const int workers = 2 + static_cast<int>(number % (is_quick ? 3 : 7));
    auto rounds = rounds_of(ContentionRounds::Size{context.seed + number, workers, is_quick ? 10 : 20});
    return rounds.build("contention", {clause, "GU-VAL-04"});
  };
  return check_contention(context, {clause, "pairs of requests that overlapped on " + counted,
                                    ByProfile{4, 16, 70}.of(context.profile), make});
}

}  // namespace assay::conformance
