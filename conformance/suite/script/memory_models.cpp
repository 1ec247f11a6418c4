// SC-SEG: where the shared memory comes from. A script sees it in the list of its process's mappings.
#include "conformance/suite/script/common.h"

using namespace assay::conformance;

namespace {

constexpr const char* kMmap = "rw-s .* /dev/zero \\(deleted\\)";
constexpr const char* kSystemV = "rw-s .* /SYSV[0-9a-f]+ \\(deleted\\)";
constexpr const char* kPosix = "rw-s .* /dev/shm/[^ \n]+ \\(deleted\\)";

// A runtime that is asked for a model uses it, and works.
class MemoryModel final : public Scenario {
 public:
  MemoryModel(const Description& target, const char* preferred, const char* mapping, const char* other)
      : Scenario(target), preferred_(preferred), mapping_(mapping), other_(other) {}

 private:
  void steps() override {
    ini("opcache.preferred_memory_model", preferred_);
    auto [one, two] = workers<2>();
    write("@/a.php", returns("a"));
    expect(one.read_file("/proc/self/maps"), all_of({matches(mapping_), negated(matches(other_))}));
    expect(one.configuration(), at({"directives", "opcache.preferred_memory_model"}, preferred_));
    expect(one.include("@/a.php"), "a");
    expect(two.is_cached("@/a.php"), true);
    auto before = two.status();
    expect(two.include("@/a.php"), "a");
    expect(two.status(), grew(hits, 1, before));
    expect(one.reset(), true);
    expect(two.include("@/a.php"), "a");
    expect(one.status(), at(manual, 1));
  }

  const char *preferred_, *mapping_, *other_;
};

[[maybe_unused]] const bool registered = register_tests({
    clause_test<MemoryModel>("SC-SEG-02/empty", "without a preference the memory is mapped anonymously",
                             with("", kMmap, kPosix)),
    clause_test<MemoryModel>("SC-SEG-03/mmap", "preferred memory model mmap is used", with("mmap", kMmap, kPosix)),
    clause_test<MemoryModel>("SC-SEG-03/shm", "preferred memory model shm is used", with("shm", kSystemV, kPosix)),
    clause_test<MemoryModel>("SC-SEG-03/cgi", "preferred memory model cgi stands for shm",
                             with("cgi", kSystemV, kPosix)),
    clause_test<MemoryModel>("SC-SEG-03/posix", "preferred memory model posix is used",
                             with("posix", kPosix, kSystemV)),
    clause_test<MemoryModel>("SC-SEG-03/unknown", "an unknown memory model is ignored", with("bogus", kMmap, kPosix)),
});

}  // namespace
