// SC-SEG-04, SC-SIZ-02, SC-LOG-04: starts that cannot have what they are told, and what they say.
#include "conformance/suite/script/common.h"

using namespace assay::conformance;

namespace {

constexpr const char* kSize = "opcache.memory_consumption";
constexpr const char* kStrings = "opcache.interned_strings_buffer";

// A value of the string buffer, and what is made of it.
class StringBuffer final : public Scenario {
 public:
  StringBuffer(const Description& target, const char* text, std::int64_t megabytes)
      : Scenario(target), text_(text), megabytes_(megabytes) {}

 private:
  void steps() override {
    ini(kStrings, text_);
    auto w = worker();
    write("@/a.php", returns("a"));
    expect(w.include("@/a.php"), "a");
    expect(w.configuration(), at({"directives", kStrings}, megabytes_));
    expect(w.status(), at(used, between(megabytes_ << 20, (megabytes_ + 1) << 20)));
  }

  const char* text_;
  std::int64_t megabytes_;
};

// A directive with a value that is rejected: the default instead, and a line that does not go to the cache's log.
class Rejected final : public Scenario {
 public:
  Rejected(const Description& target, const char* directive, const char* text, Value then)
      : Scenario(target), directive_(directive), text_(text), then_(std::move(then)) {}

 private:
  void steps() override {
    ini("opcache.log_verbosity_level", "2");
    ini("opcache.error_log", "@/log");
    ini(directive_, text_);
    auto w = worker();
    start({"Warning " + std::string(directive_) + " "});
    expect(w.configuration(), at({"directives", directive_}, then_));
    expect(w.file_exists("@/log"), false);
  }

  const char *directive_, *text_;
  Value then_;
};

[[maybe_unused]] const bool starting_registered = register_tests({
    clause_test<StringBuffer>("SC-SIZ-02/largest", "a string buffer of 127 of 128 megabytes is accepted",
                              with("127", std::int64_t{127})),
    clause_test<StringBuffer>("SC-SIZ-02/negative", "a negative string buffer becomes the default",
                              with("-1", std::int64_t{8})),
    clause_test<StringBuffer>("SC-SIZ-02/too-large", "a string buffer above the largest becomes the default",
                              with("32768", std::int64_t{8})),
    clause_test<StringBuffer>("SC-SIZ-07/too-large", "a string buffer of 4096 megabytes becomes the default",
                              with("4096", std::int64_t{8})),
    clause_test<StringBuffer>("SC-SIZ-02/no-number", "a string buffer that is no number is none",
                              with("abc", std::int64_t{0})),
    clause_test<Rejected>("SC-LOG-04/size", "SC-SIZ-01",
                          "a rejected size is reported at startup, not in the cache's log",
                          with(kSize, "7", Value(std::int64_t{128} << 20))),
    clause_test<Rejected>("SC-LOG-04/table", "SC-SIZ-03",
                          "a rejected table size is reported at startup, not in the cache's log",
                          with("opcache.max_accelerated_files", "199", Value(10000))),
    clause_test<Rejected>("SC-LOG-04/threshold", "SC-SIZ-05",
                          "a rejected waste threshold is reported at startup, not in the cache's log",
                          with("opcache.max_wasted_percentage", "51", Value(0.05))),
});

}  // namespace

CLAUSE_TEST(Scenario, "SC-SEG-04/too-much", "GU-SYS-01",
            "a start that cannot have its memory ends and says how much, what failed and why") {
  ini(kSize, "200000000");
  worker();
  start_fails({"status 254 ", "209715200000000 bytes", "(mmap|shmget|shm_open|ftruncate)", "\\([0-9]+\\)"});
}

CLAUSE_TEST(Scenario, "SC-SIZ-02/no-room", "GU-SYS-01",
            "a start whose string buffer takes all the memory ends and says so") {
  ini(kSize, "8");
  ini(kStrings, "8");
  worker();
  start_fails({"status 254 ", "[Ii]nterned strings"});
}

CLAUSE_TEST(Scenario, "SC-SIZ-02/out-of-total", "SC-SEG-01 SC-SEG-08",
            "the string buffer is a part of the whole memory") {
  ini(kSize, "8");
  ini(kStrings, "7");
  auto w = worker();
  expect(w.status(), all_of({at(free_memory, between(0, 512 * 1024)), at(wasted, 0)}));
}

CLAUSE_TEST(Scenario, "SC-LOG-04/blacklist", "SC-EXC-04", "a list that is missing is told in the cache's log") {
  needs("script_cache.blacklist");
  ini("opcache.log_verbosity_level", "2");
  ini("opcache.error_log", "@/log");
  ini("opcache.blacklist_filename", "/nonexistent/list");
  auto w = worker();
  start();
  expect(w.read_file("@/log"), matches("Warning No blacklist file found matching: /nonexistent/list"));
}

CLAUSE_TEST(Scenario, "SC-LOG-04/silent", "at the default level a rejected value leaves no line in the cache's log") {
  ini("opcache.error_log", "@/log");
  ini(kSize, "7");
  ini("opcache.blacklist_filename", "/nonexistent/list");
  auto w = worker();
  start();
  expect(w.configuration(), at({"directives", kSize}, std::int64_t{128} << 20));
  expect(w.file_exists("@/log"), false);
}
