#include "conformance/adapter/rendezvous.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <thread>

#include "conformance/adapters/php/php_binary.h"
#include "conformance/tests/test_folder.h"

namespace assay::conformance {
namespace {

TEST(Rendezvous, HasAFileForEachSide) {
  const RendezvousFiles files = rendezvous_files("/scratch", "met");
  EXPECT_EQ(files.arrived, "/scratch/rendezvous-met.arrived");
  EXPECT_EQ(files.go, "/scratch/rendezvous-met.go");
}

// The PHP that scripts contain speaks the same protocol.
TEST(Rendezvous, IsMadeByAScript) {
  const auto php = php::find_php_cli();
  if (!php) GTEST_SKIP() << php.error().message();
  const TestFolder folder;
  const RendezvousFiles files = rendezvous_files(folder.path(), "met");
  folder.write("meets.php", "<?php " + php_rendezvous("met") + " touch(getenv('ASSAY_SCRATCH') . '/over');");
  std::thread script([&] {
    std::system(("ASSAY_SCRATCH=" + folder.path() + " " + *php + " -n " + folder.path() + "/meets.php").c_str());
  });
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!std::filesystem::exists(files.arrived) && std::chrono::steady_clock::now() < limit)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_TRUE(std::filesystem::exists(files.arrived));
  EXPECT_FALSE(std::filesystem::exists(folder.path() + "/over"));
  std::ofstream{files.go};
  script.join();
  EXPECT_TRUE(std::filesystem::exists(folder.path() + "/over"));
}

}  // namespace
}  // namespace assay::conformance
