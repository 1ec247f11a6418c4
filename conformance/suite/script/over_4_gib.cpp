// SC-SIZ: a segment that 32 bits cannot measure. Nobody fills it: its pages cost nothing until they are used.
#include "conformance/suite/script/common.h"

using namespace assay::conformance;

namespace {

constexpr std::int64_t kMegabytes = 5000;

// `strings`: megabytes of the buffer before the scripts' memory, so that scripts stand on both sides of the fourth gigabyte.
class OverFourGigabytes final : public Scenario {
 public:
  OverFourGigabytes(const Description& target, std::int64_t strings) : Scenario(target), strings_(strings) {}

 private:
  static constexpr int kScripts = 30;

  void steps() override {
    ini("opcache.memory_consumption", std::to_string(kMegabytes));
    ini("opcache.interned_strings_buffer", std::to_string(strings_));
    auto [one, two] = workers<2>();
    for (int i = 0; i < kScripts; ++i) write(path(i), returns(value(i)));
    expect(one.configuration(), at({"directives", "opcache.memory_consumption"}, kMegabytes << 20));
    auto before = one.status();
    expect(before, all_of({is_sum(0), at(wasted, 0)}));
    for (int i = 0; i < kScripts; ++i) expect(one.include(path(i)), value(i));
    auto stored = two.status();
    expect(stored, all_of({is_sum(1 << 20), negated(at_least(before, free_memory))}));
    for (int i = 0; i < kScripts; ++i) expect(two.include(path(i)), value(i));
    expect(one.status(), all_of({grew(hits, kScripts, stored), same_as(stored, free_memory)}));
    expect(one.invalidate(path(kScripts - 1), true), true);
    expect(two.status(), all_of({same_as(stored, free_memory), at(wasted, between(1, 1 << 20))}));
    expect(one.reset(), true);
    for (WorkerHandle worker : {one, two}) {
      for (int i = 0; i < kScripts; ++i) expect(worker.include(path(i)), value(i));
    }
    expect(one.status(), all_of({at(manual, 1), at(wasted, 0), is_sum(1 << 20)}));
  }

  static std::string path(int i) { return "@/" + std::to_string(i) + ".php"; }
  static Value value(int i) {
    std::vector<Value> numbers;
    for (int n = 0; n < 4'000; ++n) numbers.emplace_back(i * 10'000 + n);
    return Value::list(std::move(numbers));
  }
  // The strings, so many bytes of scripts, and a few megabytes of whatever else the cache has.
  Matcher is_sum(std::int64_t scripts) const {
    const std::int64_t least = (strings_ << 20) + scripts, most = least + (32 << 20);
    return all_of({at(used, between(least, most)),
                   at(free_memory, between((kMegabytes << 20) - most, (kMegabytes << 20) - least))});
  }

  std::int64_t strings_;
};

TestCase in_standard(TestCase test) {
  test.profile = Profile::standard;
  return test;
}

[[maybe_unused]] const bool over_4_gib_registered = register_tests({
    clause_test<OverFourGigabytes>("SC-SIZ-01/over-4-gib", "SC-SEG-01 SC-ALL-03",
                                   "a segment of 5,000 megabytes is reported and used as a small one is",
                                   with(std::int64_t{8})),
    // PHP clears a table of half a gigabyte for such a buffer.
    in_standard(clause_test<OverFourGigabytes>(
        "SC-SIZ-02/over-4-gib", "SC-SIZ-01 SC-ALL-03",
        "scripts beyond the first four gigabytes of the segment are stored and found", with(std::int64_t{4095}))),
});

}  // namespace
