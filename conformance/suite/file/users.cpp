// SC-FIL-17: one directory for the file cache of workers of two accounts.
#include "conformance/registry/registration.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;

namespace {

class TwoAccounts : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  void begin() {
    needs("workers.users");
    ini("opcache.file_cache", "@/cache");
    owner = worker();
    stranger = worker({{"user", "nobody"}});
    make_directory("@/cache");
    set_mode("@/cache", 0777);
    write("@/secret.php", returns("secret"));
    set_mode("@/secret.php", 0600);
    write("@/public.php", returns("public"));
  }
  void use(WorkerHandle worker, Value secret) {
    expect(worker.include("@/secret.php"), std::move(secret));
    expect(worker.include("@/public.php"), "public");
  }

  WorkerHandle owner, stranger;
};

}  // namespace

CLAUSE_TEST(TwoAccounts, "SC-FIL-17/files-only", "GU-IDN-01", "one account cannot use the cache files of another") {
  begin();
  ini("opcache.file_cache_only", "1");
  start();
  for (int times = 0; times < 2; ++times) {
    use(stranger, false);
    use(owner, "secret");
  }
  expect(stranger.invalidate("@/secret.php", true), of_type("bool"));
  use(stranger, false);
  use(owner, "secret");
}

CLAUSE_TEST(TwoAccounts, "SC-FIL-17/after-reload", "GU-IDN-01 SC-FIL-05",
            "after a reload the file serves its writer, and memory then serves everybody") {
  begin();
  start();
  use(owner, "secret");
  reload();
  use(stranger, false);
  auto before = owner.status();
  use(owner, "secret");
  // The secret from its file; the public one is in memory since the stranger compiled it.
  expect(owner.status(), all_of({grew(status_path::hits, 2, before), same_as(before, status_path::misses)}));
  use(stranger, "secret");
}

CLAUSE_TEST(TwoAccounts, "SC-FIL-17/modes", "files and folders of the file cache are open to their account only") {
  needs("script_cache.whole_language");
  begin();
  start();
  use(owner, "secret");
  write("@/modes.php",
        php("$modes = []; $all = new RecursiveIteratorIterator(new RecursiveDirectoryIterator(__DIR__ . "
            "'/cache', FilesystemIterator::SKIP_DOTS), RecursiveIteratorIterator::SELF_FIRST); foreach ($all "
            "as $one) $modes[($one->isDir() ? 'folder ' : 'file ') . decoct($one->getPerms() & 07777)] = 1; "
            "ksort($modes); return array_keys($modes);"));
  expect(owner.include("@/modes.php"), equals(Value::list({"file 600", "folder 700"})));
  expect(stranger.scan_dir("@/cache"), has_length(3));
}
