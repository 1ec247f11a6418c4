#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <utility>
#include <vector>

#include "faults/crash/segments.h"
#include "faults/crash/store_tracer.h"
#include "faults/tests/crash/server_process.h"

namespace assay::crash {

// The shared segment of a server, and nothing else that is mapped.
inline std::vector<Segment> segments_of(const ServerProcess& server) {
  auto all = shared_segments(server.pid());
  EXPECT_TRUE(all.has_value());
  std::erase_if(*all, [&](const Segment& s) { return s.address != reinterpret_cast<std::uint64_t>(server.memory()); });
  EXPECT_EQ(all->size(), 1u);
  return *all;
}

// The stores of one request; killed after so many of them. Empty, and a failure of the test, where it cannot be recorded.
inline Recording recorded_stores(ServerProcess& server, std::optional<std::size_t> kill_after = {}) {
  auto tracer = StoreTracer::attach(server.pid(), segments_of(server));
  if (!tracer) {
    ADD_FAILURE() << tracer.error().message;
    return {};
  }
  auto recording = (*tracer)->record([&] { (void)server.request(); }, kill_after);
  if (!recording) {
    ADD_FAILURE() << recording.error().message;
    return {};
  }
  return std::move(*recording);
}

}  // namespace assay::crash
