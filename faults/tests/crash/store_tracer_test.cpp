#include "faults/crash/store_tracer.h"

#include <gtest/gtest.h>
#include <sys/ptrace.h>

#include <thread>

#include "faults/crash/idle.h"
#include "faults/tests/crash/recorded_stores.h"
#include "faults/tests/crash/server_process.h"

namespace assay::crash {
namespace {

volatile std::uint32_t& word(volatile std::byte* memory, std::size_t index) {
  return *reinterpret_cast<volatile std::uint32_t*>(memory + index * 4);
}

// Three stores, one of which changes nothing.
[[gnu::noinline]] void three_stores(volatile std::byte* memory) {
  word(memory, 100) = 7;
  word(memory, 5000) = 0;
  word(memory, 100) = 9;
}

std::uint32_t value_at(const std::vector<std::vector<std::byte>>& image, std::size_t index) {
  std::uint32_t value = 0;
  std::memcpy(&value, image[0].data() + index * 4, 4);
  return value;
}

TEST(StoreTracer, LogsEveryStoreOfARequest) {
  ServerProcess server(three_stores);
  word(server.memory(), 100) = 1;
  const Recording recording = recorded_stores(server);
  EXPECT_EQ(recording.end, RequestEnd::idle);
  ASSERT_EQ(recording.log.stores.size(), 3u);
  EXPECT_EQ(recording.log.stores[0].place, 400u);
  EXPECT_EQ(recording.log.stores[0].before, std::vector(1, std::byte{1}));
  EXPECT_EQ(recording.log.stores[0].after, std::vector(1, std::byte{7}));
  EXPECT_TRUE(recording.log.stores[1].after.empty());
  ImageWalk walk(recording.log);
  EXPECT_EQ(value_at(walk.at(0), 100), 1u);
  EXPECT_EQ(value_at(walk.at(1), 100), 7u);
  EXPECT_EQ(value_at(walk.at(3), 100), 9u);
}

TEST(StoreTracer, LetsTheProcessServeOnAfterwards) {
  ServerProcess server(three_stores);
  recorded_stores(server);
  EXPECT_TRUE(server.request());
  EXPECT_EQ(word(server.memory(), 100), 9u);
  EXPECT_TRUE(WIFEXITED(server.end()));
}

TEST(StoreTracer, KillsRightBeforeTheNextStore) {
  for (std::size_t k = 0; k <= 3; ++k) {
    ServerProcess server(three_stores);
    const Recording recording = recorded_stores(server, k);
    EXPECT_EQ(recording.end, RequestEnd::killed) << k;
    EXPECT_EQ(recording.log.stores.size(), k);
    EXPECT_EQ(word(server.memory(), 100), k == 0 ? 0u : k < 3 ? 7u : 9u);
    const int status = server.end();
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "it is left to its parent to be reaped";
  }
}

TEST(StoreTracer, TakesARepeatedStringInstructionAsOneStore) {
  ServerProcess server([](volatile std::byte* memory) {
    void* to = const_cast<std::byte*>(memory) + 4000;  // across two pages
    std::size_t count = 3000;
    asm volatile("rep stosb" : "+D"(to), "+c"(count) : "a"(0x5a) : "memory");
    word(memory, 0) = 1;
  });
  const Recording recording = recorded_stores(server);
  ASSERT_EQ(recording.log.stores.size(), 2u);
  EXPECT_EQ(recording.log.stores[0].after.size(), 3000u);
  EXPECT_EQ(recording.log.stores[0].first, 4000u);
}

TEST(StoreTracer, FollowsAStoreAcrossTwoPages) {
  ServerProcess server([](volatile std::byte* memory) {
    *reinterpret_cast<volatile std::uint64_t*>(memory + 4092) = 0x1122334455667788;
  });
  const Recording recording = recorded_stores(server);
  ASSERT_EQ(recording.log.stores.size(), 1u);
  EXPECT_EQ(recording.log.stores[0].first, 4092u);
  EXPECT_EQ(recording.log.stores[0].after.size(), 8u);
}

TEST(StoreTracer, NoticesADeathInTheRequest) {
  ServerProcess server([](volatile std::byte* memory) {
    word(memory, 1) = 1;
    ::_exit(3);
  });
  const Recording recording = recorded_stores(server);
  EXPECT_EQ(recording.end, RequestEnd::died);
  EXPECT_EQ(recording.log.stores.size(), 1u);
}

TEST(StoreTracer, NamesStatesByTheInstructionsThatStored) {
  const auto elsewhere = [](volatile std::byte* memory) { three_stores(memory + 64); };
  ServerProcess one(three_stores), two(elsewhere);
  const StoreLog first = recorded_stores(one).log, second = recorded_stores(two).log;
  EXPECT_EQ(first.hash(3), second.hash(3)) << "the same instructions, other places";
  EXPECT_NE(first.stores[0].place, second.stores[0].place);
  EXPECT_NE(first.hash(2), first.hash(3));
  EXPECT_EQ(distinct_states(first).size(), 3u) << "nothing, 7, 9; the silent store makes no state of its own";
}

TEST(StoreTracer, SaysThatItIsRefusedWhereAnotherTracerIs) {
  ServerProcess server(three_stores);
  ASSERT_TRUE(*wait_until_idle(server.pid(), std::chrono::seconds(5)));
  std::thread([&] {
    ASSERT_EQ(::ptrace(PTRACE_SEIZE, server.pid(), nullptr, nullptr), 0);
    const auto tracer = StoreTracer::attach(server.pid(), segments_of(server));
    ASSERT_FALSE(tracer.has_value());
    EXPECT_EQ(tracer.error().kind, Error::Kind::refused);
    EXPECT_NE(tracer.error().message.find("ptrace"), std::string::npos);
    ::ptrace(PTRACE_INTERRUPT, server.pid(), nullptr, nullptr);
    ::waitpid(server.pid(), nullptr, __WALL);
    ::ptrace(PTRACE_DETACH, server.pid(), nullptr, nullptr);
  }).join();
}

// The tracer's process is killed in the middle: the traced one ends with it, and does not stay stopped.
TEST(StoreTracer, LeavesNothingStoppedWhenItDies) {
  ServerProcess server(three_stores);
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t tracing = ::fork();
  if (tracing == 0) {
    auto tracer = StoreTracer::attach(server.pid(), segments_of(server));
    if (!tracer || ::write(ready[1], "x", 1) != 1) ::_exit(1);
    ::pause();
  }
  ::close(ready[1]);
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  ::close(ready[0]);
  ::kill(tracing, SIGKILL);
  ::waitpid(tracing, nullptr, 0);
  const int status = server.end();
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

TEST(SegmentMemory, RestoresAnImageThroughEachWay) {
  constexpr std::size_t kSize = ServerProcess::kSize;
  ServerProcess server(three_stores);
  const Segment segment = segments_of(server).at(0);
  auto memory = SegmentMemory::open(server.pid(), segment);
  ASSERT_TRUE(memory.has_value());
  std::vector<std::byte> image(memory->size());
  ASSERT_TRUE(memory->read(0, image).has_value());
  ASSERT_TRUE(server.request());
  EXPECT_EQ(memory->restore(image, {}), 1u) << "one page differed";
  EXPECT_EQ(word(server.memory(), 100), 0u);
  EXPECT_EQ(memory->restore(image, {}), 0u);
  // A page that is nobody's now is written if the image holds something there.
  image[kSize - 1] = std::byte{7};
  EXPECT_EQ(memory->restore(image, std::vector{kSize / 4096 - 1}), 1u);
  EXPECT_EQ(server.memory()[kSize - 1], std::byte{7});
}

TEST(Segments, AreReadFromTheListOfMappings) {
  const auto found = segments_from_maps(
      "7f0000000000-7f0000100000 rw-s 00000000 00:01 12   /dev/zero (deleted)\n"
      "7f0000100000-7f0000180000 r--s 00100000 00:01 12   /dev/zero (deleted)\n"
      "7f0000200000-7f0000300000 rw-p 00000000 00:00 0 \n"
      "7f0000300000-7f0000400000 rw-s 00000000 08:01 99   /tmp/control\n"
      "7f0000400000-7f0000401000 rw-s 00000000 00:01 13   /dev/zero (deleted)\n"
      "7f0000500000-7f0000600000 rw-s 00000000 00:0f 14   /SYSV00000000 (deleted)\n",
      65536);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].size, 0x180000u);
  EXPECT_EQ(found[1].name, "/SYSV00000000 (deleted)");
}

}  // namespace
}  // namespace assay::crash
