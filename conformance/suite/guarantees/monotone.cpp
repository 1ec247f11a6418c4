// GU-IDN-05: a worker that was served a version is not served an older one later.
#include "conformance/suite/script/common.h"

using namespace assay::conformance;
using namespace std::chrono_literals;

namespace {

// A file that goes from version to version, in each of which something else happens to the cache. Within the freshness
// window a worker may get the one before, until it has got the new one; after it everybody has the new one.
class Versions final : public Scenario {
 public:
  Versions(const Description& target, bool with_files) : Scenario(target), with_files_(with_files) {}

 private:
  static constexpr int kEvents = 7;

  void steps() override {
    needs("script_cache");
    ini("opcache.revalidate_freq", "2");
    if (with_files_) {
      needs("script_cache.file_cache");
      make_directory("@/cache");
      ini("opcache.file_cache", "@/cache");
    }
    workers_ = workers<3>();
    if (with_files_) start();
    write_version(0);
    for (WorkerHandle worker : workers_) expect(worker.include("@/a.php"), 0);
    for (int version = 1; version <= kEvents; ++version) {
      write_version(version);
      const auto first = workers_[0].include("@/a.php");
      expect(first, one_of({version - 1, version}));
      happen(version, workers_[1], workers_[2]);
      expect(workers_[0].include("@/a.php"), at_least(first, {}));
      advance_clock(3s);
      for (WorkerHandle worker : workers_) expect(worker.include("@/a.php"), version);
      happen(version, workers_[2], workers_[1]);
      for (WorkerHandle worker : workers_) expect(worker.include_once("@/a.php"), version);
    }
  }

  void write_version(int version) { write_at("@/a.php", returns(version), now() - 1000 + version); }

  void happen(int event, WorkerHandle one, WorkerHandle other) {
    switch (event) {
      case 1:
        one.reset();
        break;
      case 2:
        one.invalidate("@/a.php", true);
        break;
      case 3:
        one.invalidate("@/a.php");
        break;
      case 4:
        one.compile_file("@/a.php");
        break;
      case 5:
        one.include("@/./a.php");
        break;
      case 6: {
        auto r = one.request();
        r.invalidate("@/a.php", true);
        r.reset();
        r.include("@/a.php");
        break;
      }
      default:
        reload();
        break;
    }
    other.status();
  }

  bool with_files_;
  std::array<WorkerHandle, 3> workers_;
};

[[maybe_unused]] const bool monotone_registered = register_tests({
    clause_test<Versions>("GU-IDN-05/versions", "GU-IDN-03",
                          "versions of a file never go back, whatever happens to the cache", with(false)),
    clause_test<Versions>("GU-IDN-05/versions-in-files", "GU-IDN-03 SC-FIL-05",
                          "versions of a file never go back where there is a file cache", with(true)),
});

}  // namespace
