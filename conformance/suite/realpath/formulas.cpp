// RP-KEY, RP-SIZE, RP-ENT-11: a whole listing against the formulas of the specification.
#include <fmt/format.h>

#include "conformance/models/realpath_model.h"
#include "conformance/suite/realpath/known_root.h"

namespace assay::conformance {
namespace {

class ManyPaths final : public Scenario {
 public:
  using Scenario::Scenario;

 private:
  void steps() override {
    auto w = worker();
    std::vector<std::string> paths;
    for (int i = 0; i < 40; ++i) paths.push_back(fmt::format("@/directory-{}/name-{}", i, i * i));
    for (const char* name :
         {"@/\xc3\xa9", "@/\xc3\xa9/\xff\x80", "@/ ", "@/~/\x01/\x7f", "@/d/../directory-1", "@/d//x"})
      paths.push_back(name);
    make_directory("@/d");
    for (const std::string& path : paths) make_directory(path);
    make_link("@/link", "directory-3");
    paths.push_back("@/link/name-9");
    auto r = w.request();
    r.clear_realpath_cache();
    for (const std::string& path : paths) r.realpath(path);
    expect(r.realpath_size(), anything());
    expect(r.realpath_listing(), anything());
  }
};

std::int64_t cost(const std::string& raw, const std::string& real) {
  const std::size_t bytes = 48 + raw.size() + 1 + (raw == real ? 0 : real.size() + 1);
  return static_cast<std::int64_t>(bytes);
}

// What is wrong with the listing; empty where nothing is.
std::string contradiction(const Value& listing, const Value& size) {
  std::int64_t sum = 0;
  std::uint64_t last_bucket = 0;
  for (const auto& [name, entry] : listing.as_array()) {
    const std::string& raw = std::get<std::string>(name);
    const std::uint64_t key = realpath_key(raw), bucket = key % 1024;
    const Value* shown = entry.find("key");
    if (!shown || !(*shown == shown_key(key)))
      return fmt::format("RP-KEY: the key of {} is {}, not {}", raw, shown ? to_text(*shown) : "missing", key);
    if (bucket < last_bucket)
      return fmt::format("RP-ENT-11: {} of bucket {} is listed behind bucket {}", raw, bucket, last_bucket);
    last_bucket = bucket;
    sum += cost(raw, entry.find("realpath")->as_string());
  }
  if (size == Value(sum)) return "";
  return fmt::format("RP-SIZE-01: the entries cost {} bytes, the size is {}", sum, to_text(size));
}

}  // namespace

BODY_TEST("property", "RP-KEY-01/formulas", "RP-KEY-02 RP-KEY-03 RP-ENT-11 RP-SIZE-01",
          "keys, order and size of a long listing follow the formulas", {"realpath_cache"}) {
  const Trace trace = ManyPaths(context.target.description()).build("", {});
  const Execution execution = Executor(context.target, context.folder).run(trace);
  TestResult result = result_of(execution, trace);
  if (execution.verdict != Verdict::pass) return result;
  const std::size_t last = execution.observations.size() - 1;
  const Value listing = with_root(execution.observations[last].reply.value, root_of_first_run(context));
  if (listing.as_array().size() < 90) result.reason = fmt::format("only {} entries", listing.as_array().size());
  if (result.reason.empty()) result.reason = contradiction(listing, execution.observations[last - 1].reply.value);
  if (result.reason.empty()) return result;
  result.verdict = Verdict::fail;
  result.details = to_text(trace);
  result.failing_trace = trace;
  return result;
}

}  // namespace assay::conformance
