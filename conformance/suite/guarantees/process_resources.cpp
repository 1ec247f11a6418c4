#include "conformance/suite/guarantees/process_resources.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "conformance/execution/sanitizers.h"

namespace assay::conformance {

namespace fs = std::filesystem;

namespace {

std::int64_t resident_kib(pid_t process) {
  std::ifstream file(fmt::format("/proc/{}/status", process));
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("RssAnon:")) return std::stoll(line.substr(8));
  return -1;
}

// Names in the file system that a process has mapped or open, beside those of its programs.
std::set<std::string> shared_names_of(pid_t process) {
  std::set<std::string> names;
  std::ifstream maps(fmt::format("/proc/{}/maps", process));
  for (std::string line; std::getline(maps, line);) {
    const auto at = line.find('/');
    if (at == std::string::npos || line.find(" rw-s") == std::string::npos) continue;
    names.insert(line.substr(at));
  }
  // Devices are there before and after, also where the process has a root of its own, below /tmp.
  std::error_code code;
  for (const auto& [number, target] : descriptors_of(process))
    if ((target.starts_with("/tmp") || target.starts_with("/dev/shm")) && !fs::is_character_file(target, code))
      names.insert(target);
  return names;
}

// System V segments made by one of the processes.
int segments_of(const std::set<pid_t>& processes) {
  std::ifstream file("/proc/sysvipc/shm");
  int count = 0;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream words(line);
    long key, id, mode, size;
    pid_t creator;
    if (words >> key >> id >> mode >> size >> creator && processes.contains(creator)) ++count;
  }
  return count;
}

pid_t parent_of(pid_t process) {
  std::ifstream file(fmt::format("/proc/{}/status", process));
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("PPid:")) return std::stoi(line.substr(5));
  return -1;
}

bool is_below(const std::string& path, const fs::path& folder) {
  return path.starts_with(folder.string() + "/");
}

}  // namespace

std::map<std::string, std::string> descriptors_of(pid_t process) {
  std::map<std::string, std::string> result;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(fmt::format("/proc/{}/fd", process), code))
    result[entry.path().filename()] = fs::read_symlink(entry.path(), code);
  return result;
}

TestResult check_memory_stays(TestContext& context, const Work& work) {
  if (watched_by_sanitizers) return test_result(Verdict::skip, "sanitizers keep what is freed");
  auto runtime = LiveRuntime::start(context.target, context.folder / "run", two_workers());
  if (!runtime) return test_result(runtime.error());
  work.prepare((*runtime)->sandbox());
  constexpr int warm_up = 60, rounds = 300;
  constexpr std::int64_t allowed_kib = 512;
  std::int64_t warm[2] = {};
  for (int round = 0; round < warm_up + rounds; ++round) {
    if (!work.round(**runtime))
      return test_result(Verdict::fail, fmt::format("the work of round {} went wrong", round + 1));
    if (round + 1 == warm_up)
      for (const int worker : {0, 1}) warm[worker] = resident_kib((*runtime)->process(worker));
  }
  for (const int worker : {0, 1}) {
    const std::int64_t now = resident_kib((*runtime)->process(worker));
    if (warm[worker] < 0 || now < 0) return test_result(Verdict::error, "a worker's memory cannot be read");
    if (now - warm[worker] > allowed_kib)
      return test_result(Verdict::fail, fmt::format("worker {} grew from {} to {} KiB in {} equal rounds", worker,
                                                    warm[worker], now, rounds));
  }
  TestResult result;
  result.evidence.operations = (warm_up + rounds) * work.operations;
  return result;
}

TestResult check_nothing_left(TestContext& context, const Work& work) {
  for (int round = 0; round < 2; ++round) {
    const fs::path folder = context.folder / fmt::format("run{}", round);
    // What was there before is not the runtime's; what this program has from now on may be, where it is the one that starts it.
    const std::set<std::string> own = shared_names_of(::getpid());
    auto runtime = LiveRuntime::start(context.target, folder, two_workers());
    if (!runtime) return test_result(runtime.error());
    work.prepare((*runtime)->sandbox());
    if (!work.round(**runtime)) return test_result(Verdict::fail, "the runtime does not serve");
    std::set<pid_t> processes = {(*runtime)->process(0), (*runtime)->process(1)};
    // A manager between the workers and this program goes too.
    if (const pid_t parent = parent_of(*processes.begin()); parent > 1 && parent != ::getpid())
      processes.insert(parent);
    std::set<std::string> names = shared_names_of(::getpid());
    for (const pid_t process : processes) names.merge(shared_names_of(process));
    for (const std::string& name : own) names.erase(name);
    // Killed as a whole in the second round, with its workers at work or not.
    if (round == 1)
      for (const pid_t process : processes) ::kill(process, SIGKILL);
    runtime->reset();
    for (const pid_t process : processes)
      if (::kill(process, 0) == 0) return test_result(Verdict::fail, fmt::format("process {} is still there", process));
    if (const int left = segments_of(processes); left != 0)
      return test_result(Verdict::fail, fmt::format("{} System V segments remain", left));
    for (const std::string& name : names)
      if (fs::exists(name) && !is_below(name, folder) && !is_below(name, fs::canonical(folder)))
        return test_result(Verdict::fail, name + " remains");
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      if (entry.path().filename().string().find("lock") != std::string::npos)
        return test_result(Verdict::fail, entry.path().string() + " remains");
  }
  return {};
}

}  // namespace assay::conformance
