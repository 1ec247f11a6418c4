// A tree of thousands of scripts: all are counted, paid for to the byte, and served to many workers.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <optional>

#include "conformance/suite/guarantees/live_runtime.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;

namespace {

using K = OperationKind;

struct Scale {
  int scripts, workers;
};

Scale scale_of(Profile profile) {
  if (profile == Profile::quick) return {1'000, 4};
  return profile == Profile::standard ? Scale{10'000, 8} : Scale{100'000, 16};
}

class Tree {
 public:
  explicit Tree(std::filesystem::path root) : root_(std::move(root)) {}

  // A thousand in each folder. False where the machine has no room for them.
  bool write(int scripts) const {
    for (int number = 0; number < scripts; ++number) {
      std::error_code code;
      if (number % 1000 == 0) std::filesystem::create_directories(file(number).parent_path(), code);
      std::ofstream stream(file(number));
      stream << "<?php\nreturn '" << result(number) << "';\n" << std::flush;
      const timespec old{clock_start - 1000, 0};
      const timespec times[] = {old, old};
      if (!stream || ::utimensat(AT_FDCWD, file(number).c_str(), times, 0) != 0) return false;
    }
    return true;
  }
  static std::string name(int number) { return fmt::format("tree/{}/{}.php", number / 1000, number); }
  // Texts of many lengths, each another.
  static std::string result(int number) {
    return std::to_string(number) + std::string(static_cast<std::size_t>(number % 97), 'x');
  }

 private:
  std::filesystem::path file(int number) const { return root_ / name(number); }
  const std::filesystem::path root_;
};

class ManyScripts {
 public:
  ManyScripts(LiveRuntime& live, Scale scale) : live_(live), scale_(scale) {}

  TestResult judge() {
    const Value before = some_waste();
    for (int number = 0; number < scale_.scripts; number += kRequest)
      ask(number / kRequest % scale_.workers, K::compile_file, number, [](int) { return Value(true); });
    const Value stored = status(true);
    check_counts(before, stored);
    check_memory(before, stored);
    // Each script by another worker than the one that stored it.
    for (int number = 0; number < scale_.scripts; number += kRequest)
      ask((number / kRequest + 1) % scale_.workers, K::include, number,
          [](int each) { return Value(Tree::result(each)); });
    const Value used = status(false);
    namespace path = status_path;
    expect("hits", count(used, path::hits) - count(stored, path::hits), scale_.scripts);
    for (const Path& same : {path::misses, path::free_memory, path::wasted, path::scripts, path::keys})
      expect(to_text(same) + " after all were served", count(used, same), count(stored, same));
    if (refused_) return test_result(*refused_);
    result_.verdict = wrong_.empty() ? Verdict::pass : Verdict::fail;
    result_.reason = wrong_.empty() ? fmt::format("{} scripts, {} workers", scale_.scripts, scale_.workers) : wrong_;
    return result_;
  }

 private:
  static constexpr int kRequest = 250;

  // A script beside the others that is stored, and stored again as it was made invalid.
  Value some_waste() {
    const std::string path = "@/" + Tree::name(scale_.scripts);
    for (int times = 0; times < 2; ++times)
      replies_of(0, {make_operation(K::include, {{"path", path}}),
                     make_operation(K::invalidate, {{"path", path}, {"force", true}})});
    return status(true);
  }

  template <class Right>
  void ask(int worker, K kind, int first, const Right& right) {
    std::vector<Operation> operations;
    for (int number = first; number < first + kRequest; ++number)
      operations.push_back(make_operation(kind, {{"path", "@/" + Tree::name(number)}}));
    const auto replies = replies_of(worker, operations);
    for (std::size_t i = 0; i < replies.size(); ++i) {
      const Value expected = right(first + static_cast<int>(i));
      if (replies[i].kind == Reply::Kind::value && replies[i].value == expected) continue;
      blame(fmt::format("worker {}, {}: expected {}, got {}", worker, to_text(static_cast<const Call&>(operations[i])),
                        to_text(expected), to_text(replies[i])));
    }
  }

  Value status(bool with_scripts) {
    const auto replies = replies_of(0, {make_operation(K::script_status, {{"scripts", with_scripts}})});
    const Value report = replies.empty() ? Value() : replies[0].value;
    check_sizes(report);
    return report;
  }

  // SC-ALL-05, SC-ALL-06
  void check_sizes(const Value& report) {
    std::int64_t total = 0;
    for (const Path& each : {status_path::used, status_path::free_memory, status_path::wasted}) {
      total += count(report, each);
      expect(to_text(each) + " modulo 8", count(report, each) % 8, 0);
    }
    const Value share(100.0 * static_cast<double>(count(report, status_path::wasted)) / static_cast<double>(total));
    const Value* reported = report.at(status_path::wasted_percentage);
    if (!reported || *reported != share)
      blame(fmt::format("{}: expected {}, got {}", to_text(status_path::wasted_percentage), to_text(share),
                        reported ? to_text(*reported) : "nothing"));
  }

  std::vector<Reply> replies_of(int worker, const std::vector<Operation>& operations) {
    ++result_.evidence.traces;
    result_.evidence.operations += operations.size();
    auto outcome = live_.execute(worker, operations, std::chrono::seconds(60));
    if (outcome && outcome->kind == Outcome::Kind::completed) return std::move(outcome->replies);
    if (outcome)
      blame(fmt::format("a request {} {}", to_text(outcome->kind), outcome->detail));
    else if (!refused_)
      refused_ = outcome.error();  // says nothing about the target
    return {};
  }

  void check_counts(const Value& before, const Value& stored) {
    namespace path = status_path;
    for (const Path& each : {path::scripts, path::keys, path::misses})
      expect(to_text(each), count(stored, each) - count(before, each), scale_.scripts);
    expect("wasted", count(stored, path::wasted), count(before, path::wasted));
  }

  // SC-ALL-02: each store takes what its entry lists, and a slack that is the same for all.
  void check_memory(const Value& before, const Value& stored) {
    const auto listed = [](const Value& report) {
      std::int64_t bytes = 0;
      const Value* scripts = report.at({"scripts"});
      if (scripts && scripts->is_array())
        for (const auto& [key, entry] : scripts->as_array()) bytes += count(entry, {"memory_consumption"});
      return bytes;
    };
    constexpr std::int64_t kSlack = 64;
    expect("bytes taken", count(before, status_path::free_memory) - count(stored, status_path::free_memory),
           listed(stored) - listed(before) + kSlack * scale_.scripts);
  }

  static std::int64_t count(const Value& report, const Path& path) {
    const Value* found = report.at(path);
    return found && found->is_int() ? found->as_int() : -1;
  }

  void expect(const std::string& what, std::int64_t is, std::int64_t right) {
    if (is != right) blame(fmt::format("{}: expected {}, got {}", what, right, is));
  }
  void blame(const std::string& wrong) {
    if (wrong_.empty()) wrong_ = wrong;
  }

  LiveRuntime& live_;
  const Scale scale_;
  TestResult result_;
  std::string wrong_;
  std::optional<assay::Error> refused_;
};

TestResult many_scripts(TestContext& context) {
  const Scale scale = scale_of(context.profile);
  Configuration configuration;
  configuration.ini = {{"memory_limit", "1G"},  // for the list of all
                       {"opcache.memory_consumption", "256"},
                       {"opcache.interned_strings_buffer", "64"},
                       {"opcache.max_accelerated_files", std::to_string(scale.scripts + 1000)}};
  configuration.pools = {Pool{}};
  configuration.pools[0].workers = scale.workers;
  auto live = LiveRuntime::start(context.target, context.folder / "live", configuration);
  if (!live) return test_result(live.error());
  if (!Tree((*live)->sandbox().root).write(scale.scripts + 1))
    return test_result(Verdict::inconclusive, fmt::format("there is no room for {} files", scale.scripts + 1));
  return ManyScripts(**live, scale).judge();
}

TestCase many_scripts_test() {
  TestCase test = body_test("stress", "SC-ALL-02/many-scripts",
                            "SC-ALL-05 SC-ALL-06 SC-KEY-11 SC-STA-03 SC-STA-05 SC-SIZ-03 GU-VAL-01",
                            "thousands of scripts are counted, paid for to the byte and served by many workers",
                            {"script_cache", "workers"}, Profile::quick, many_scripts);
  test.seconds_limit = 600;
  return test;
}

[[maybe_unused]] const bool many_scripts_registered = register_test(many_scripts_test());

}  // namespace
