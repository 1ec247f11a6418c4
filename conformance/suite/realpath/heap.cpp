// GU-RES-02: entries that expire give their memory back, not only their bytes in the account.
#include <fmt/format.h>
#include <sys/stat.h>

#include <fstream>
#include <optional>

#include "conformance/execution/sanitizers.h"
#include "conformance/suite/guarantees/live_runtime.h"

using namespace assay::conformance;

namespace {

constexpr int requests = 40;
constexpr int lookups = 250;  // in a request; each frees an expired entry and makes it anew

// Resident memory of no file, in bytes; nullopt when the process is gone. Also what it still shares with the process
// that forked it: such a page becomes private without its doing when the other one writes to it.
std::optional<std::int64_t> heap_of(pid_t process) {
  std::ifstream file(fmt::format("/proc/{}/smaps_rollup", process));
  for (std::string word; file >> word;) {
    std::int64_t kilobytes = 0;
    if (word == "Anonymous:" && file >> kilobytes) return kilobytes * 1024;
  }
  return std::nullopt;
}

}  // namespace

BODY_TEST("property", "GU-RES-02/realpath-expired", "RP-SIZE-04",
          "expired entries of the realpath cache leave no memory behind", {"realpath_cache", "workers.processes"}) {
  if (watched_by_sanitizers) return found(Verdict::skip, "sanitizers keep what is freed");
  Configuration configuration;
  // Born expired: every lookup finds the entry of the one before on its way, and frees it.
  configuration.ini["realpath_cache_ttl"] = "-1";
  auto runtime = LiveRuntime::start(context.target, context.folder / "run", configuration);
  if (!runtime) return found(Verdict::error, runtime.error().message);
  // A directory with a long name, so that what is lost is worth seeing: 300 bytes for each of its entries.
  const std::string name(200, 'd'), folder = "@/" + name;
  ::mkdir(((*runtime)->sandbox().root / name).c_str(), 0755);
  std::vector<Operation> work;
  for (int i = 0; i < lookups; ++i) work.push_back(make_operation(OperationKind::realpath, {{"path", folder}}));

  TestResult result;
  std::optional<std::int64_t> half_way;
  for (int i = 0; i < requests; ++i) {
    if (i == requests / 2) half_way = heap_of((*runtime)->process(0));
    const auto replies = (*runtime)->request(0, work);
    if (replies.empty() || !(replies.back().value == Value(folder)))
      return found(Verdict::fail, "the directory is not resolved any more");
    result.evidence.operations += replies.size();
  }
  const auto end = heap_of((*runtime)->process(0));
  if (!half_way || !end) return found(Verdict::inconclusive, "the kernel does not tell the memory of the worker");
  // A tenth of what losing each entry would cost.
  constexpr std::int64_t allowed = std::int64_t{requests} / 2 * lookups * 300 / 10;
  if (*end - *half_way > allowed) {
    return found(Verdict::fail,
                 fmt::format("the worker grew by {} bytes in {} lookups of one directory; {} are allowed",
                             *end - *half_way, requests / 2 * lookups, allowed));
  }
  return result;
}
