// The world changes in the middle of an operation: each operation that looks at files, paused before each of its calls.
#include <fmt/format.h>

#include "conformance/exploration/campaign.h"
#include "conformance/exploration/changes_in_operations.h"
#include "conformance/registry/registration.h"
#include "conformance/suite/guarantees/labelled.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

using Order = MidOperation::Order;

constexpr const char* kScript = "@/current/a.php";

// Two releases and a link to the first. What differs shows in each operation; the times differ, so that each change can
// be seen.
class Scene final : public LabelledScenario {
 public:
  Scene(const Description& target, Order order, PointVisit at, Operation operation, int change, int state)
      : LabelledScenario(target),
        order_(order),
        at_(std::move(at)),
        operation_(std::move(operation)),
        change_(change),
        state_(state) {}

  struct Change {
    const char* name;
    bool tears;  // bytes that are being read: whoever reads twice may see both
    bool loses;  // the name leads nowhere afterwards
  };
  static constexpr Change kChanges[] = {
      {"the link is switched", false, false},     {"the file is replaced", false, false},
      {"the file is overwritten", true, false},   {"the file is removed", false, true},
      {"the file is moved away", false, true},    {"the folder is moved away", false, true},
      {"the link is removed", false, true},       {"the file gets another time", false, false},
      {"the clock moves by 500 s", false, false}, {"a link takes the folder's place", false, false}};
  static constexpr const char* kStates[] = {"cold", "warm", "known for long"};

 private:
  void steps() override {
    auto [one, two] = workers<2>();
    tree();
    if (order_ != Order::change_first_cold) warm(one, two);
    if (order_ == Order::change_first || order_ == Order::change_first_cold) change();
    perform(one);
    if (order_ == Order::operation_first) change();
    // Longer than all windows together (GU-IDN-03).
    advance_clock(seconds(1000));
    tell(one, "one");
    tell(two, "two");
  }

  void tree() {
    for (const char* release : {"r1", "r2"}) {
      const std::string folder = std::string("@/") + release;
      write(folder + "/a.php",
            php(fmt::format("return '{} {}';", release, std::string(release[1] == '1' ? 1 : 9, '.'))),
            release[1] == '1' ? 5000 : 4000);
      write(folder + "/" + release + ".txt", release);
    }
    make_link("@/current", "r1");
    make_link("@/other", "r2");
  }

  void warm(WorkerHandle one, WorkerHandle two) {
    if (state_ == 0) return;
    for (WorkerHandle worker : {one, two}) {
      auto r = worker.request();
      r.include(kScript);
      r.is_file(kScript);
      r.realpath(kScript);
    }
    advance_clock(seconds(state_ == 1 ? 3 : 600));
  }

  void perform(WorkerHandle worker) {
    const bool counts = order_ == Order::operation_first;
    if (counts) act(ActionKind::arm, {{"point", "*"}, {"effect", "count"}});
    if (order_ == Order::paused)
      act(ActionKind::arm, {{"point", at_.point},
                            {"effect", "pause"},
                            {"occurrence", static_cast<std::int64_t>(at_.visit)},
                            {"worker", worker.number()},
                            {"optional", true}});
    auto r = order_ == Order::paused ? worker.background("operation") : worker.request();
    label(r.ask(operation_), "operation");
    if (order_ == Order::paused) {
      wait_until_blocked(worker);
      change();
      act(ActionKind::unpause, {{"point", at_.point}, {"worker", worker.number()}});
      await("operation");
    }
    if (counts || order_ == Order::paused) act(ActionKind::disarm, {});
  }

  void change() {
    switch (change_) {
      case 0:
        return swap_link("@/current", "r2");
      case 1:
        return write("@/r1/a.php", php("return 'r1, the second';"), 3000);
      case 2:
        return overwrite("@/r1/a.php", php("return 'r1, the second, in its place';"), 3000);
      case 3:
        return remove("@/r1/a.php");
      case 4:
        return move("@/r1/a.php", "@/r1/away.php");
      case 5:
        return move("@/r1", "@/away");
      case 6:
        return remove("@/current");
      case 7:
        return set_mtime("@/r1/a.php", now() - 100);
      case 8:
        return advance_clock(seconds(500));
      default:
        return move("@/other", "@/current");
    }
  }

  // What is left.
  void tell(WorkerHandle worker, const std::string& who) {
    const auto after = [&](ReplyRef asked, const char* what) { label(asked, fmt::format("after, {}, {}", who, what)); };
    after(worker.include(kScript), "include");
    auto r = worker.request();
    after(r.realpath(kScript), "realpath");
    after(r.read_file(kScript), "read");
    after(r.is_file(kScript), "is_file");
    after(r.scan_dir("@"), "folder");
    after(r.read_file("@/copy.php"), "copy");
  }

  Order order_;
  PointVisit at_;
  Operation operation_;
  int change_, state_;
};

struct Performed {
  Operation operation;
  bool reads_bytes = false;
};

std::vector<Performed> operations() {
  using K = OperationKind;
  std::vector<Performed> all;
  const auto of_path = [&](K kind, const char* path, bool reads = false) {
    all.push_back({make_operation(kind, {{"path", path}}), reads});
  };
  for (const char* how : {"include", "include_once"})
    all.push_back({make_operation(K::include, {{"path", kScript}, {"how", how}}), true});
  of_path(K::compile_file, kScript, true);
  all.push_back({make_operation(K::invalidate, {{"path", kScript}, {"force", true}})});
  all.push_back({make_operation(K::invalidate, {{"path", kScript}})});
  of_path(K::is_cached, kScript);
  for (const K kind :
       {K::realpath, K::resolve_include_path, K::file_exists, K::is_file, K::is_readable, K::file_mtime, K::file_size})
    of_path(kind, kScript);
  of_path(K::read_file, kScript, true);
  for (const K kind : {K::is_dir, K::is_link, K::read_link, K::scan_dir, K::realpath}) of_path(kind, "@/current");
  all.push_back({make_operation(K::copy, {{"from", kScript}, {"to", "@/copy.php"}}), true});
  of_path(K::serve, kScript, true);
  return all;
}

// A main script that is found, and gone when it is opened: not found as well, in the words of DP-12.
std::vector<Matcher> between_looks(const Operation& operation, const Scene::Change& change) {
  if (operation.kind() != OperationKind::serve || !change.loses) return {};
  return {equals(Value::map({{"status", 404}, {"body", "No input file specified.\n"}}))};
}

bool is_asked(const Operation& operation, const Description& target) {
  return (std::string_view(operation.spec->feature).empty() || target.features.contains(operation.spec->feature)) &&
         !target.unknown_operations.contains(operation.spec->name);
}

std::vector<MidOperation> in_mid_operation(const Description& target) {
  std::vector<MidOperation> all;
  for (const Performed& performed : operations()) {
    if (!is_asked(performed.operation, target)) continue;
    for (int change = 0; change < static_cast<int>(std::size(Scene::kChanges)); ++change) {
      if (Scene::kChanges[change].tears && performed.reads_bytes) continue;
      for (int state = 0; state < static_cast<int>(std::size(Scene::kStates)); ++state) {
        const std::string name = fmt::format("{} while {}, {}", to_text(static_cast<const Call&>(performed.operation)),
                                             Scene::kChanges[change].name, Scene::kStates[state]);
        all.push_back({name,
                       [&target, name, performed, change, state](Order order, const PointVisit& at) {
                         const std::string place =
                             order == Order::paused ? fmt::format(" at {}, {}", at.point, at.visit) : "";
                         return Scene(target, order, at, performed.operation, change, state)
                             .build_labelled(name + place, {"GU-VAL-01", "GU-IDN-03"});
                       },
                       between_looks(performed.operation, Scene::kChanges[change])});
      }
    }
  }
  return all;
}

TestResult change_in_mid_operation(TestContext& context) {
  const bool quick = context.profile == Profile::quick;
  ChangesInOperations source(in_mid_operation(context.target.description()), context.seed, quick ? 2 : 12);
  CampaignOptions options{.least = 10};
  options.most_traces = ByProfile{60, 2'000, 0}.of(context.profile);  // 0: all
  if (context.profile == Profile::standard) options.most_time = std::chrono::minutes(2);
  return Campaign(context.target, context.folder, options).run(source);
}

[[maybe_unused]] const bool changing_world_registered = [] {
  TestCase test = describe_test("concurrency", "GU-VAL-01/changed-in-mid-operation", "GU-IDN-03",
                                "an operation gives what it gives before or after a change that comes between two of "
                                "its calls");
  test.needs = {"fault", "scripts", "files", "workers.processes", "clock.virtual"};
  test.seconds_limit = 900;
  test.body = change_in_mid_operation;
  register_test(std::move(test));
  return true;
}();

}  // namespace
