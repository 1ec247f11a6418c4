// GU-RES-02, GU-RES-05, GU-RES-06, GU-SYS-01: what a runtime takes from its machine, and gives back.
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "conformance/adapter/ended_start.h"
#include "conformance/suite/guarantees/process_resources.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay;
using namespace assay::conformance;
namespace fs = std::filesystem;

namespace {

using Features = std::set<std::string>;
using K = OperationKind;

const Features with_processes = {"script_cache", "workers.processes"};
using status_path::free_memory;
using status_path::pending;
using status_path::wasted;

void write_scripts(const Sandbox& sandbox) {
  for (const char* name : {"a", "b"}) {
    const fs::path file = sandbox.root / (std::string(name) + ".php");
    std::ofstream(file) << "<?php\nfunction f_" << name << "() { return '" << name << "'; }\nreturn f_" << name
                        << "();\n";
    const timespec old{clock_start - 1000, 0};
    const timespec times[] = {old, old};
    ::utimensat(AT_FDCWD, file.c_str(), times, 0);
  }
}

// A round of work that ends where it began: stores, hits, an invalidation, a restart. True if all of it was right.
bool round_of_work(LiveRuntime& runtime) {
  const std::string a = (runtime.sandbox().root / "a.php").string(), b = (runtime.sandbox().root / "b.php").string();
  const auto include = [](const std::string& path) { return make_operation(K::include, {{"path", path}}); };
  for (const int worker : {0, 1}) {
    const auto replies = runtime.request(worker, {include(a), include(b)});
    if (replies.size() != 2 || replies[0].value != Value("a") || replies[1].value != Value("b")) return false;
  }
  const auto replies =
      runtime.request(0, {make_operation(K::invalidate, {{"path", a}, {"force", true}}), make_operation(K::reset, {})});
  if (replies.size() != 2 || replies[1].value != Value(true)) return false;
  return runtime.request(1, {make_operation(K::script_status, {{"scripts", false}})}).size() == 1;
}

const Work script_work{write_scripts, round_of_work, 7};

// Sets, overwrites and gets, in both directions between two workers.
bool round_of_values(LiveRuntime& runtime) {
  const auto set = [](const char* key, const Value& value) {
    return make_operation(K::cache_set, {{"key", key}, {"value", value}});
  };
  const Value text(std::string(10'000, 'x'));
  for (const int worker : {0, 1}) {
    const auto stored = runtime.request(worker, {set("text", 1), set("text", text), set("number", worker)});
    if (stored.size() != 3) return false;
    const auto found = runtime.request(1 - worker, {make_operation(K::cache_get, {{"key", "text"}}),
                                                    make_operation(K::cache_get, {{"key", "number"}})});
    if (found.size() != 2 || found[0].value != text || found[1].value != Value(worker)) return false;
  }
  return true;
}

const Work value_work{[](const Sandbox&) {}, round_of_values, 10};

}  // namespace

CLAUSE_TEST(Scenario, "GU-RES-02/script-generations", "equal work in each generation of scripts leaves equal memory") {
  auto [one, two] = workers<2>();
  for (int i = 0; i < 5; ++i)
    write("@/" + std::to_string(i) + ".php", php("function f" + std::to_string(i) + "() { return ['text', " +
                                                 std::to_string(i) + "]; }\nreturn f" + std::to_string(i) + "();"));
  ReplyRef warm{};
  constexpr int rounds = 12;
  for (int round = 0; round < rounds; ++round) {
    for (WorkerHandle worker : {one, two}) {
      auto r = worker.request();
      for (int i = 0; i < 5; ++i) expect(r.include("@/" + std::to_string(i) + ".php"), Value::list({"text", i}));
    }
    expect(one.invalidate("@/0.php", true), true);
    auto used = two.status(false);
    if (round == 2) warm = used;
    if (round > 2) expect(used, all_of({same_as(warm, free_memory), same_as(warm, wasted), at(pending, false)}));
    expect(one.reset(), true);
  }
}

CLAUSE_TEST(Scenario, "GU-RES-02/static-churn", "values stored and removed repeatedly leave room for the next") {
  auto [one, two] = workers<2>();
  const std::string value(1'000'000, 'x');
  for (int round = 0; round < 20; ++round) {
    const std::string key = "k" + std::to_string(round);
    expect(one.set(key, value), true);
    expect(two.get(key), has_length(1'000'000));
    expect(two.set(key, 1), true);
    expect(two.remove_key(key), true);
  }
}

CLAUSE_TEST(Scenario, "GU-RES-06/script-file-locks",
            "a script's locks on its own files survive whatever the caches do with the files") {
  needs("script_cache");
  const std::vector<std::string> locked = {"@/held.php", "@/data"};
  auto [holder, other] = workers<2>();
  write("@/held.php", returns("held"));
  write("@/other.php", returns("other"));
  write("@/data", "data");
  auto r = holder.background("holder");
  for (const std::string& path : locked) expect(r.lock_file(path), true);
  // Stored, served, looked at again, dropped and stored again by the request that holds the locks, and by others.
  const auto use = [&](auto& request) {
    for (int round = 0; round < 2; ++round) {
      for (const char* name : {"held", "other"}) expect(request.include(std::string("@/") + name + ".php"), name);
      request.invalidate("@/held.php", true);
    }
    expect(request.read_file("@/data"), "data");
    request.status();
  };
  use(r);
  r.rendezvous("held");
  wait_for_arrival("held");
  auto o = other.request();
  use(o);
  o.reset();
  for (const std::string& path : locked) expect(o.lock_file(path), false);
  release("held");
  await("holder");
  auto after = other.request();
  for (const std::string& path : locked) expect(after.lock_file(path), true);
}

namespace {

// A process that does nothing and is nobody's business.
class Bystander {
 public:
  Bystander() : process_(::fork()) {
    if (process_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (true) ::pause();
  }
  ~Bystander() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  Bystander(const Bystander&) = delete;
  Bystander& operator=(const Bystander&) = delete;
  bool lives() const { return process_ > 0 && ::waitpid(process_, nullptr, WNOHANG) == 0; }

 private:
  const pid_t process_;
};

// As another process sees it.
bool is_locked(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  struct flock record {};
  record.l_type = F_WRLCK;
  const bool locked = ::fcntl(descriptor, F_OFD_GETLK, &record) == 0 && record.l_type != F_UNLCK;
  ::close(descriptor);
  return locked;
}

}  // namespace

BODY_TEST("property", "GU-RES-02/worker-memory", "", "a worker's memory does not grow with its work", with_processes) {
  return check_memory_stays(context, script_work);
}

BODY_TEST("property", "GU-RES-05/stopped-runtime", "",
          "a stopped runtime leaves nothing behind, and the next one starts", with_processes) {
  return check_nothing_left(context, script_work);
}

BODY_TEST("property", "GU-RES-02/store-worker-memory", "", "a worker's memory does not grow with sets and gets",
          Features{"static_cache.volatile", "workers.processes"}) {
  return check_memory_stays(context, value_work);
}

BODY_TEST("property", "GU-RES-05/stopped-store", "", "a stopped store leaves nothing behind, and the next one starts",
          Features{"static_cache.volatile", "workers.processes"}) {
  return check_nothing_left(context, value_work);
}

BODY_TEST("property", "GU-RES-06/foreign-resources", "", "the cache touches only its own descriptors and processes",
          with_processes) {
  auto runtime = LiveRuntime::start(context.target, context.folder / "run", two_workers());
  if (!runtime) return test_result(runtime.error());
  write_scripts((*runtime)->sandbox());
  if (!round_of_work(**runtime)) return test_result(Verdict::fail, "the runtime does not serve");
  const pid_t before[2] = {(*runtime)->process(0), (*runtime)->process(1)};
  std::map<std::string, std::string> open[2];
  for (const int worker : {0, 1}) open[worker] = descriptors_of(before[worker]);
  if (open[0].empty() || open[1].empty())
    return test_result(Verdict::inconclusive, "the descriptors of a worker cannot be read");
  // A process and a lock of somebody else, on a file that the cache reads.
  const Bystander bystander;
  const int mine = ::open(((*runtime)->sandbox().root / "a.php").c_str(), O_RDWR | O_CLOEXEC);
  struct flock record {};
  record.l_type = F_WRLCK;
  if (mine < 0 || ::fcntl(mine, F_OFD_SETLK, &record) != 0) return test_result(Verdict::error, "cannot lock a file");
  for (int round = 0; round < 10; ++round)
    if (!round_of_work(**runtime)) return test_result(Verdict::fail, "the work went wrong beside a locked file");
  const bool still_locked = is_locked((*runtime)->sandbox().root / "a.php");
  ::close(mine);
  if (!still_locked) return test_result(Verdict::fail, "somebody else's lock is gone");
  if (!bystander.lives()) return test_result(Verdict::fail, "a process that is none of the cache's was ended");
  for (const int worker : {0, 1}) {
    if ((*runtime)->process(worker) != before[worker])
      return test_result(Verdict::fail,
                         fmt::format("worker {} was replaced, although nobody held up a restart", worker));
    if (descriptors_of(before[worker]) != open[worker])
      return test_result(Verdict::fail, fmt::format("the descriptors of worker {} are others than before", worker));
  }
  return {};
}

BODY_TEST("property", "GU-SYS-01/failed-start", "", "a start that cannot succeed says why or serves without the cache",
          Features{"script_cache"}) {
  // In megabytes: more than any address space has.
  const std::string too_much = "1000000000";
  const std::vector<std::pair<Directives, std::string>> cases = {
      {{{"opcache.memory_consumption", "8"}, {"opcache.interned_strings_buffer", "16"}}, "intern|memory|shared"},
      {{{"opcache.memory_consumption", too_much}}, "memory|allocate|segment|map"},
  };
  int number = 0;
  for (const auto& [directives, cause] : cases) {
    Configuration configuration;
    configuration.ini = directives;
    // Where it never gets ready, the adapter says so instead of the cause.
    auto runtime = LiveRuntime::start(context.target, context.folder / fmt::format("run{}", ++number), configuration);
    const std::string what = directives.begin()->first + "=" + directives.begin()->second;
    if (!runtime && runtime.error().kind == Error::Kind::refused) return test_result(runtime.error());
    if (!runtime) {
      if (mismatch(matches(cause), Reply::of(runtime.error().message), {}))
        return test_result(Verdict::fail,
                           fmt::format("{}: the message does not name the cause: {}", what, runtime.error().message));
      continue;
    }
    write_scripts((*runtime)->sandbox());
    const auto path = ((*runtime)->sandbox().root / "a.php").string();
    const auto replies = (*runtime)->request(
        0, {make_operation(K::include, {{"path", path}}), make_operation(K::script_configuration, {}),
            make_operation(K::script_status, {{"scripts", false}})});
    if (replies.size() != 3 || replies[0].value != Value("a"))
      return test_result(Verdict::fail, what + ": it started, and does not serve");
    // It serves: uncached, and says so, or with a value that was refused visibly.
    const bool off = replies[2].value == Value(false) || !mismatch(at(status_path::enabled, false), replies[2], {});
    const bool as_set =
        !mismatch(at({"directives", "opcache.memory_consumption"}, std::int64_t{1'000'000'000} << 20), replies[1], {});
    if (!off && (as_set || number != 2))
      return test_result(Verdict::fail, what + ": it serves as if the directive could be followed");
  }
  return {};
}

namespace {

// A start with these directives that has to end, and to say why.
TestResult ends_with_cause(TestContext& context, const Directives& directives, const std::string& cause) {
  Configuration configuration;
  configuration.ini = directives;
  auto runtime = LiveRuntime::start(context.target, context.folder / "run", configuration);
  if (runtime) return test_result(Verdict::fail, "it started");
  if (runtime.error().code != ended_while_starting) return test_result(runtime.error());
  if (const auto wrong = mismatch(matches(cause), Reply::of(runtime.error().message), {}))
    return test_result(Verdict::fail, fmt::format("the message does not name the cause: {}", runtime.error().message));
  return {};
}

}  // namespace

BODY_TEST("scenario", "SC-SEG-07/missing-folder", "", "a missing folder for the lock file ends the start",
          Features{"script_cache", "script_cache.lock_file"}) {
  return ends_with_cause(context, {{"opcache.lockfile_path", "/nonexistent/folder"}}, "status 254(.|\\n)*[Ll]ock");
}

BODY_TEST("scenario", "SC-FIL-16/missing-directory", "GU-SYS-01",
          "a missing directory for the file cache ends the start",
          Features{"script_cache", "script_cache.file_cache"}) {
  return ends_with_cause(context, {{"opcache.file_cache", "/nonexistent/folder"}},
                         "status 254(.|\\n)*must be a full path of an accessible directory");
}

BODY_TEST("scenario", "SC-FIL-16/relative-directory", "GU-SYS-01",
          "a relative directory for the file cache ends the start",
          Features{"script_cache", "script_cache.file_cache"}) {
  return ends_with_cause(context, {{"opcache.file_cache", "cache"}},
                         "status 254(.|\\n)*must be a full path of an accessible directory");
}
