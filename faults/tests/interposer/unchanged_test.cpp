// With a control block and without a plan the interposer changes nothing: the program makes the same system calls with
// the same arguments and results. Compared by strace, process by process, from the moment at which the program's own
// code starts, for php-cli (everything) and for a php-fpm that starts, caches a script and answers (everything that
// concerns memory, files and locks).

#include <gtest/gtest.h>
#include <re2/re2.h>
#include <algorithm>
#include <filesystem>
#include <sstream>

#include "faults/tests/interposer/fpm.h"
#include "faults/tests/interposer/interposed_test_base.h"

namespace assay::interposer_tests {
namespace {

using Trace = std::vector<std::string>;

// What differs from run to run anyway: addresses, process ids, random names and numbers, times.
std::string without_chance(const std::string& line) {
  struct Chance {
    re2::RE2 pattern;
    const char* replacement;
  };
  static const Chance chances[] = {
      {"0x[0-9a-f]+", "ADDRESS"},
      {R"(\.ZendSem\.\w+)", ".ZendSem"},
      {R"(^(sysinfo|getpid|gettid|set_tid_address|clone|times)\(.*)", "\\1"},
      {R"((st_[amc]time|tv_n?sec|st_[amc]time_nsec)=[^,}]+)", "\\1"},
      {R"((st_mode=S_IFDIR\|[0-7]+, st_size)=\d+)", "\\1"},  // of a tmpfs: by what is in the folder
      {R"(\b[0-9]{3,7} (\(PID\))?)", "NUMBER "},
      {R"(\[\d\d-\w+-\d{4} \d\d:\d\d:\d\d\])", "[TIME]"},
      {R"(= \d+$)", "= NUMBER"},
      {R"(data=\{[^}]*\})", "DATA"},
  };
  std::string plain = line;
  for (const auto& [pattern, replacement] : chances) re2::RE2::GlobalReplace(&plain, pattern, replacement);
  return plain;
}

// The end of what is compared. The test stops the program at some moment after it has forked its workers, and what a
// process was doing then is chance.
bool is_end(const std::string& line) {
  return line.starts_with("--- SIGTERM") || line.starts_with("clone(");
}

// Signals arrive when they like, the C library asks for random numbers until it likes them, and when its heap grows
// depends on what the loader took of it for one library more.
bool is_chance(const std::string& line) {
  return line.starts_with("--- SIG") || line.starts_with("+++ ") || line.starts_with("getrandom(") ||
         line.starts_with("brk(");
}

// The calls of the interposer's own constructor: it looks for huge pages and maps the control file.
bool is_constructor(const std::string& line, const std::string& control, int& in_block) {
  const bool opens = line.find("openat(") == 0 && (line.find("/proc/sys/vm/nr_hugepages") != std::string::npos ||
                                                   line.find("nr_overcommit_hugepages") != std::string::npos ||
                                                   line.find(control) != std::string::npos);
  if (opens) in_block = 1;
  if (in_block == 0) return false;
  if (line.find("close(") == 0) in_block = 0;
  return true;
}

// The lines of one process until it is stopped or forks; from the moment at which the loader has done its work (it
// unmaps its cache last), if it has one.
Trace program_part(const std::string& file, const std::string& control) {
  std::istringstream lines(read_file(file));
  Trace trace;
  bool started = lines.peek() != 'e';  // only a process that begins with execve() has a loader
  int in_constructor = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!started) {
      started = line.find("munmap(") == 0;
      continue;
    }
    if (is_end(line)) break;
    if (is_chance(line) || is_constructor(line, control, in_constructor)) continue;
    trace.push_back(without_chance(line));
  }
  return trace;
}

// The traces of a run: the process that strace started first, then those that it forked.
std::vector<Trace> traces_of(const std::string& folder, const std::string& prefix, const std::string& control) {
  std::vector<Trace> traces;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (!entry.path().filename().string().starts_with(prefix + ".")) continue;
    const bool first = read_file(entry.path()).starts_with("execve(");
    traces.insert(first ? traces.begin() : traces.end(), program_part(entry.path(), control));
  }
  return traces;
}

// The first difference, with what stood before it.
std::string first_difference(const Trace& without, const Trace& with) {
  for (std::size_t i = 0; i < std::max(without.size(), with.size()); ++i) {
    const std::string left = i < without.size() ? without[i] : "(end)";
    const std::string right = i < with.size() ? with[i] : "(end)";
    if (left == right) continue;
    return "call " + std::to_string(i) + " after " + (i > 0 ? without[i - 1] : "the start") + "\n  without: " + left +
           "\n  with:    " + right;
  }
  return "";
}

class InterposerUnchanged : public InterposedTest {
 protected:
  void SetUp() override {
    ASSAY_NEEDS_PROGRAM("strace");
    ASSAY_NEEDS_PROGRAM(kPhpCli);
    ASSAY_NEEDS_PROGRAM(kPhpFpm);
    const Outcome tried = run({"strace", "-o", folder() + "/try", "/bin/true"}, {}, folder());
    if (tried.status != 0) GTEST_SKIP() << "strace cannot trace here: " << tried.output;
    write_file(folder() + "/script.php", "<?php function f() { return [1, 2, 3]; } echo count(f());");
  }

  // The environment reaches the traced program, not strace.
  Arguments strace(const std::string& name, bool with, const std::string& calls) const {
    Arguments arguments = {"strace", "-ff", "-o", folder() + "/" + name};
    if (!calls.empty()) arguments.insert(arguments.end(), {"-e", "trace=" + calls});
    if (with) {
      for (const auto& [key, value] : interposed()) arguments.insert(arguments.end(), {"-E", key + "=" + value});
    }
    return arguments;
  }
};

TEST_F(InterposerUnchanged, PhpCliMakesTheSameCalls) {
  std::vector<Trace> traces;
  for (const bool with : {false, true}) {
    const std::string name = with ? "with" : "without";
    Arguments arguments = strace(name, with, "");
    arguments.insert(arguments.end(),
                     {kPhpCli, "-n", "-d", "zend_extension=opcache.so", "-d", "opcache.enable_cli=1", "-d",
                      "opcache.file_update_protection=0", "-d", "opcache.lockfile_path=" + folder(), "script.php"});
    const Outcome outcome = run(arguments, {{"USE_ZEND_ALLOC", "0"}}, folder());
    ASSERT_EQ(outcome.output, "3");
    const std::vector<Trace> processes = traces_of(folder(), name, block().path());
    ASSERT_EQ(processes.size(), 1u);
    traces.push_back(processes[0]);
  }
  EXPECT_GT(traces[0].size(), 500u);
  EXPECT_EQ(first_difference(traces[0], traces[1]), "");
}

constexpr char kMemoryFilesLocks[] =
    "execve,close,mmap,munmap,mprotect,mremap,fcntl,flock,open,openat,creat,unlink,rename,ftruncate,fsync,shmget,shmat,"
    "readlink,stat,lstat,fstat,newfstatat,statx,kill,prctl,getpid,dup,dup2,mkdir,clone";

TEST_F(InterposerUnchanged, PhpFpmMakesTheSameCalls) {
  std::vector<std::vector<Trace>> traces;
  for (const bool with : {false, true}) {
    const std::string name = with ? "with" : "without";
    FpmOptions options;
    options.ini = "opcache.file_update_protection=0\n";
    options.environment = {{"USE_ZEND_ALLOC", "0"}};
    options.wrapper = strace(name, with, kMemoryFilesLocks);
    // Open until php-fpm has stopped: a worker that sees its end makes further calls, or is stopped first.
    std::optional<FpmConnection> worker;
    {
      Fpm fpm(folder(), options);
      worker.emplace(fpm.connect());
      EXPECT_EQ(worker->get(folder() + "/script.php"), "3");
      EXPECT_EQ(worker->get(folder() + "/script.php"), "3");
    }
    traces.push_back(traces_of(folder(), name, block().path()));
  }
  ASSERT_EQ(traces[0].size(), 2u) << "one master, one worker";
  ASSERT_EQ(traces[1].size(), 2u);
  EXPECT_GT(traces[0][0].size(), 300u);
  EXPECT_GT(traces[0][1].size(), 20u);
  EXPECT_EQ(first_difference(traces[0][0], traces[1][0]), "") << "in the master";
  EXPECT_EQ(first_difference(traces[0][1], traces[1][1]), "") << "in the worker";
}

}  // namespace
}  // namespace assay::interposer_tests
