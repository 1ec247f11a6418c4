// SC-OVR: questions about files that the cache answers.
#include "conformance/registry/registration.h"

using namespace assay::conformance;
using namespace std::chrono_literals;

namespace {

// A script that is cached and looked at only once a minute.
class Overridden : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  void begin(const char* revalidate_freq = "60", const char* override = "1") {
    needs("script_cache.file_override");
    ini("opcache.enable_file_override", override);
    ini("opcache.revalidate_freq", revalidate_freq);
    workers_ = workers<2>();
    write("@/a.php", returns(1));
    expect(one().include("@/a.php"), 1);
  }
  WorkerHandle one() const { return workers_[0]; }
  WorkerHandle two() const { return workers_[1]; }
  // Whoever answers has no result of stat() left over.
  void answers(WorkerHandle worker, const std::string& path, bool expected) {
    auto r = worker.request();
    r.clear_stat_cache();
    expect(r.file_exists(path), expected);
    expect(r.is_file(path), expected);
    expect(r.is_readable(path), expected);
  }

 private:
  std::array<WorkerHandle, 2> workers_;
};

}  // namespace

CLAUSE_TEST(Overridden, "SC-OVR-01/fresh-entry", "a fresh entry says that its file exists, even when it is gone") {
  begin();
  remove("@/a.php");
  for (WorkerHandle worker : {one(), two()}) answers(worker, "@/a.php", true);
}

CLAUSE_TEST(Overridden, "SC-OVR-01/other-questions", "the file system answers other questions about a file") {
  begin();
  remove("@/a.php");
  auto r = two().request();
  r.clear_stat_cache();
  for (ReplyRef asked : {r.is_dir("@/a.php"), r.is_link("@/a.php"), r.is_writable("@/a.php"),
                         r.is_executable("@/a.php"), r.file_mtime("@/a.php"), r.file_size("@/a.php")})
    expect(asked, false);
}

CLAUSE_TEST(Overridden, "SC-OVR-02/other-spelling", "the file system answers for a spelling without an entry") {
  begin();
  write("@/not_cached.php", returns(2));
  write("@/d/b.php", returns(3));
  expect(one().include("@/d/b.php"), 3);
  remove("@/d/b.php");
  answers(two(), "@/not_cached.php", true);
  answers(two(), "@/missing.php", false);
  answers(two(), "@/d/../d/b.php", false);
}

CLAUSE_TEST(Overridden, "SC-OVR-02/invalidated", "an invalidated entry does not answer") {
  begin();
  expect(one().invalidate("@/a.php", true), true);
  remove("@/a.php");
  answers(one(), "@/a.php", false);
  answers(two(), "@/a.php", false);
}

CLAUSE_TEST(Overridden, "SC-OVR-02/checked-entry", "an entry checked at each use does not outlive its file") {
  begin("0");
  remove("@/a.php");
  answers(two(), "@/a.php", false);
}

CLAUSE_TEST(Overridden, "SC-OVR-02/window-over", "an entry whose window is over does not outlive its file") {
  begin("2");
  remove("@/a.php");
  answers(one(), "@/a.php", true);
  advance_clock(3s);
  answers(two(), "@/a.php", false);
}

CLAUSE_TEST(Overridden, "SC-OVR-02/override-off", "the file system answers without the override") {
  begin("60", "0");
  remove("@/a.php");
  answers(two(), "@/a.php", false);
}

CLAUSE_TEST(Overridden, "SC-OVR-01/due-check", "SC-VAL-11", "a question whose check is due begins a new window") {
  begin("2");
  advance_clock(3s);
  answers(two(), "@/a.php", true);
  write_at("@/a.php", returns(2), now() - 500);
  expect(one().include("@/a.php"), 1);
  advance_clock(3s);
  expect(one().include("@/a.php"), 2);
}

CLAUSE_TEST(Overridden, "SC-OVR-01/dangling-name", "SC-KEY-08",
            "an entry that passes its check answers for a name that leads nowhere") {
  begin("0");
  make_link("@/l", ".");
  expect(one().include("@/l/a.php"), 1);
  swap_link("@/l", "gone");
  answers(two(), "@/l/a.php", true);
  remove("@/a.php");
  answers(two(), "@/l/a.php", false);
}
