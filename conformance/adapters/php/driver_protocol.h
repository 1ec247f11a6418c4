#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/vocabulary/reply.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance::php {

// What the driver has to know of the runtime.
struct DriverSetup {
  std::string root;              // "@" in operations and replies
  std::string scratch;           // where rendezvous files are made
  std::int64_t entry_cost = 0;   // bytes of an entry of the realpath cache beyond its path
  std::string cli{};             // the command-line PHP, for main scripts; empty: there is none
  std::string map{};             // path of the map; empty: there is none
  bool cli_has_opcache = false;  // without loading it
};

// The body of a request to the driver (driver/core.php says how it looks).
std::string encode_request(const DriverSetup& setup, std::span<const Exchange> exchanges);

// A request with the one operation that is no operation of the vocabulary: what the PHP can do (driver/requests.php).
std::string encode_inspection(const DriverSetup& setup);

// The same for what the map says of itself (driver/map_inspection.php).
std::string encode_map_inspection(const DriverSetup& setup);

// What the driver printed, taken apart.
struct DriverReply {
  bool complete = false;       // the last operation was begun and ended
  std::vector<Reply> replies;  // one for each operation that was begun
  pid_t pid = 0;
  std::string stray;  // printed outside of operations: by shutdown functions, or by a script that took the buffers off
};

// An error for what the driver cannot have printed. Neither complete nor with replies for a text without the driver's
// mark.
Expected<DriverReply> decode_reply(std::string_view body, const std::string& root);

}  // namespace assay::conformance::php
