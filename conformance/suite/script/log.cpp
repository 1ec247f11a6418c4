// SC-LOG: what the cache writes to its log, and at which level.
#include <ctime>

#include "conformance/registry/registration.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;
using namespace std::chrono_literals;

namespace {

// A log of its own, which the last worker reads.
class Logged : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  void begin(const char* level) {
    needs("script_cache.log");
    ini("opcache.log_verbosity_level", level);
    ini("opcache.error_log", "@/log");
    workers_ = workers<2>();
  }
  WorkerHandle one() const { return workers_[0]; }
  void says(const std::string& regex) { expect(workers_[1].read_file("@/log"), matches(regex)); }
  void is_silent_about(const std::string& regex) { expect(workers_[1].read_file("@/log"), negated(matches(regex))); }
  // A script under two spellings, and a restart.
  void live() {
    write("@/a.php", returns(1));
    expect(one().include("@/a.php"), 1);
    expect(one().include("@/./a.php"), 1);
    expect(one().reset(), true);
    one().process_id();
    expect(one().include("@/a.php"), 1);
  }
  void fill_table() {
    for (int i = 0; i < 224; ++i) write("@/" + std::to_string(i) + ".php", returns(i));
    auto r = one().request();
    for (int i = 0; i < 224; ++i) expect(r.include("@/" + std::to_string(i) + ".php"), i);
    expect(r.status(), at(status_path::full, true));
  }

 private:
  std::array<WorkerHandle, 2> workers_;
};

// A line of that level: a time, a process, a text that begins so.
std::string line(const std::string& level, const std::string& text) {
  return "[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} [0-9]{4} \\([0-9]+\\): " + level + " " + text;
}

// The time of a line, in any time zone: seconds, year, and the form.
std::string line_time(std::int64_t seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm utc{};
  ::gmtime_r(&time, &utc);
  char text[64];
  return {text, std::strftime(text, sizeof text, "[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{6}%S %Y", &utc)};
}

}  // namespace

CLAUSE_TEST(Logged, "SC-LOG-02/level-3", "level 3 logs stored scripts and added keys, but no restart") {
  begin("3");
  live();
  says(line("Message", "Cached script '[^']*/a\\.php'"));
  says(line("Message", "Added key '[^']*/\\./a\\.php'"));
  is_silent_about("Restart");
}

CLAUSE_TEST(Logged, "SC-LOG-01/restarts", "SC-LOG-03", "level 4 logs restarts with their reason") {
  begin("4");
  live();
  says(line("Message", "Cached script"));
  says(line("Debug", "Restart Scheduled! Reason: user"));
  says(line("Debug", "Restarting!"));
}

CLAUSE_TEST(Logged, "SC-LOG-03/full-table-level-4", "level 4 logs a full table") {
  ini("opcache.max_accelerated_files", "200");
  begin("4");
  fill_table();
  says(line("Debug", "No more entries in hash table"));
}

CLAUSE_TEST(Logged, "SC-LOG-03/full-table-level-3", "level 3 does not log a full table") {
  ini("opcache.max_accelerated_files", "200");
  begin("3");
  fill_table();
  is_silent_about("No more entries");
}

CLAUSE_TEST(Logged, "SC-LOG-03/full-strings", "SC-INT-02",
            "level 2 logs strings that find no room, and nothing restarts") {
  ini("opcache.interned_strings_buffer", "1");
  ini("opcache.memory_consumption", "64");
  begin("2");
  std::string code = "return [";
  for (int i = 0; i < 20000; ++i) code += "'name" + std::to_string(i) + "' => 'text" + std::to_string(i) + "',";
  write("@/many.php", php(code + "];"));
  one().include("@/many.php");
  expect(one().status(), all_of({at(status_path::full, false), at(status_path::pending, false),
                                 has({"scripts", "@/many.php"}), at(status_path::oom_restarts, 0)}));
  says(line("Warning", "Interned string buffer overflow"));
}

CLAUSE_TEST(Logged, "SC-LOG-03/full-memory", "level 2 logs that memory is used up") {
  ini("opcache.memory_consumption", "8");
  ini("opcache.interned_strings_buffer", "1");
  begin("2");
  std::string code = "return [";
  for (int i = 0; i < 200000; ++i) code += std::to_string(i) + ",";
  for (const char* path : {"@/1.php", "@/2.php", "@/3.php"}) write(path, php(code + "];"));
  for (const char* path : {"@/1.php", "@/2.php", "@/3.php"}) one().include(path);
  expect(one().status(), at(status_path::full, false));
  says(line("Warning", "Not enough free shared space"));
}

CLAUSE_TEST(Logged, "SC-LOG-01/level-1", "level 1 logs nothing in ordinary operation") {
  begin("1");
  live();
  expect(one().file_exists("@/log"), false);
}

CLAUSE_TEST(Logged, "SC-LOG-01/time", "a line has the time at which it was written") {
  begin("3");
  for (const char* path : {"@/1.php", "@/2.php"}) {
    write(path, returns(1));
    advance_clock(40'000'123s);  // a year and some months
    expect(one().include(path), 1);
    says("(^|\n)" + line_time(now()) + " \\([0-9]+\\): Message Cached script '[^']*" + std::string(path).substr(1));
  }
}
