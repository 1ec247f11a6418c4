#pragma once

#include "conformance/scenario/scenario.h"

namespace assay::conformance {

// Two releases behind links, an absolute and a relative one in a chain.
class Resolving : public Scenario {
 public:
  // `limit`: of the realpath cache in bytes, where it is not the default.
  explicit Resolving(const Description& target, const char* limit = nullptr) : Scenario(target), limit_(limit) {}

 protected:
  static constexpr const char* kFile = "@/current/a/f";
  static constexpr const char* kScript = "@/current/s.php";

  void tree() {
    if (limit_) ini("realpath_cache_size", limit_);
    for (const char* release : {"r1", "r2"}) {
      write(std::string("@/") + release + "/a/f", release);
      write(std::string("@/") + release + "/s.php", returns(release));
    }
    make_link("@/latest", "r1");
    make_link("@/current", "@/latest");
  }
  // The way to the root is known afterwards; of a limited cache everything else is full of other spellings.
  void warm(WorkerHandle worker) {
    auto r = worker.request();
    r.realpath("@");
    std::string spelling = "@";
    for (int i = 0; limit_ && i < 60; ++i) r.realpath((spelling += "/.") + "/r1");
  }
  void fault_here() { act(ActionKind::arm, {{"point", "*"}, {"effect", "count"}}); }
  void faults_are_over() { act(ActionKind::disarm, {}); }

  // What any resolution of the tree may say: the release asked for, or that there is nothing. A name on the way that
  // could not be looked at may stay as it is in the answer, which is then another name of the same file (RP-PATH-14).
  static Matcher true_or_missing(const std::string& release) {
    return one_of({"@/" + release + "/a/f", kFile, "@/latest/a/f", false});
  }
  // Everybody is right again: at once where contents are concerned, with all entries gone in all else.
  void right_again(WorkerHandle worker, const std::string& release) {
    auto r = worker.request();
    // Where nothing on the way was known, a refused probe can leave what a dangling link leaves (RP-ENT-07, RP-ENT-14).
    if (limit_) r.clear_realpath_cache();
    expect(r.read_file(kFile), release);
    expect(r.include(kScript), release);
    r.clear_realpath_cache();
    expect(r.realpath(kFile), "@/" + release + "/a/f");
    expect(r.read_file(kFile), release);
  }

 private:
  const char* limit_;
};

// Where a resolution asks the kernel, by the names of the targets that show it.
inline constexpr const char* kResolutionCalls[] = {"files/lstat", "files/readlink", "posix/io/stat/lstat",
                                                   "posix/io/path/readlink"};

// Room for what a worker needs before a test begins, and for less than warm() resolves then.
inline constexpr const char* kLittleRoom = "4K";

}  // namespace assay::conformance
