#include "reference/static_cache/unique_number.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <thread>
#include <vector>

namespace assay::reference {
namespace {

TEST(UniqueNumber, IsNeverTheSameInAnyThread) {
  std::set<std::uint64_t> seen;
  std::vector<std::uint64_t> others(1'000);
  std::thread other([&] {
    for (std::uint64_t& number : others) number = unique_number();
  });
  for (int i = 0; i < 1'000; ++i) seen.insert(unique_number());
  other.join();
  seen.insert(others.begin(), others.end());
  EXPECT_EQ(seen.size(), 2'000u);
}

TEST(UniqueNumber, IsAnotherInAForkedChild) {
  (void)unique_number();  // so that there is something to inherit
  void* page = ::mmap(nullptr, sizeof(std::uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(page, MAP_FAILED);
  auto* const childs = static_cast<std::uint64_t*>(page);
  const pid_t child = ::fork();
  if (child == 0) {
    *childs = unique_number();
    ::_exit(0);
  }
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_NE(unique_number(), *childs);
  ::munmap(page, sizeof(std::uint64_t));
}

}  // namespace
}  // namespace assay::reference
