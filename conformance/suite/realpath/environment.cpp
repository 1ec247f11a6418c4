// Clauses that need something of the machine: an unprivileged user (RP-PATH-11), a second file system (RP-CLR-06).
#include <sys/stat.h>
#include <unistd.h>

#include "conformance/suite/realpath/known_root.h"

namespace assay::conformance {
namespace {

class ClosedDirectory final : public Scenario {
 public:
  using Scenario::Scenario;

 private:
  void steps() override {
    auto w = worker();
    write("@/d/closed/f", "text");
    set_mode("@/d/closed", 0600);  // may be read, not searched
    auto r = w.request();
    r.clear_realpath_cache();
    expect(r.realpath("@/d/closed/f"), false);
    expect(r.realpath_size(), 0);
    r.realpath("@");
    const ReplyRef before = r.realpath_listing();
    expect(r.read_file("@/d/closed/f"), false);
    expect(r.realpath_listing(), gained({"@/d", "@/d/closed"}, before));
    expect(r.realpath("@/d/closed"), "@/d/closed");
    expect(r.realpath("@/d/closed/.."), "@/d");
    set_mode("@/d/closed", 0300);  // may be searched, not read
    expect(w.realpath("@/d/closed/f"), "@/d/closed/f");
    set_mode("@/d/closed", 0700);
  }
};

class RenameAcross final : public Scenario {
 public:
  RenameAcross(const Description& target, std::string elsewhere) : Scenario(target), elsewhere_(std::move(elsewhere)) {}

 private:
  void steps() override {
    auto w = worker();
    write("@/f", "text");
    make_directory("@/d");
    auto r = w.request();
    r.realpath("@/d");
    r.realpath("@/f");
    const ReplyRef before = r.realpath_listing();
    expect(r.rename("@/d", elsewhere_ + "/d"), false);
    expect(r.realpath_listing(), gained({}, before));
    expect(r.rename("@/f", elsewhere_ + "/f"), true);
    const ReplyRef after = r.realpath_listing();
    expect(after, all_of({has({"@/f"}), has({"@/d"}), has({"@"})}));
    expect(r.file_exists("@/f"), false);
    expect(r.read_file(elsewhere_ + "/f"), "text");
  }

  std::string elsewhere_;
};

// A folder on another file system than `here`; empty where there is none.
std::string folder_elsewhere(const std::filesystem::path& here) {
  struct stat one, other;
  if (::stat(here.c_str(), &one) != 0) return "";
  for (const std::string parent : {"/dev/shm", "/tmp", "/var/tmp"}) {
    if (::stat(parent.c_str(), &other) != 0 || one.st_dev == other.st_dev) continue;
    std::string name = parent + "/assay-rename-XXXXXX";
    if (::mkdtemp(name.data())) return name;
  }
  return "";
}

}  // namespace

BODY_TEST("clause", "RP-PATH-11/unsearchable", "", "an unsearchable directory resolves, and nothing below it is found",
          {"realpath_cache"}) {
  if (::geteuid() == 0)
    return test_result(Verdict::skip, "the privileged user may search every directory: run as another user");
  return execute(context, ClosedDirectory(context.target.description()).build("", {}));
}

BODY_TEST("clause", "RP-CLR-06/other-file-system", "", "a rename to another file system leaves the entries",
          {"realpath_cache"}) {
  const std::string elsewhere = folder_elsewhere(context.folder);
  if (elsewhere.empty())
    return test_result(Verdict::skip,
                       "needs /dev/shm, /tmp or /var/tmp on another file system than the temporary folder");
  TestResult result = execute(context, RenameAcross(context.target.description(), elsewhere).build("", {}));
  std::error_code ignored;
  std::filesystem::remove_all(elsewhere, ignored);
  return result;
}

}  // namespace assay::conformance
