#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "conformance/benchmark/workloads.h"
#include "reference/server/static_cache_calls.h"
#include "reference/static_cache/value_codec.h"
#include "support/files/remove_tree.h"

namespace {

using namespace assay::reference;

// A request of a worker of the reference, in this process, that has made a payload (its function in workloads.h), with its
// classes.
class PayloadRequest {
 public:
  // The proposal's scenarios have so many fetches in one.
  static constexpr int kFetches = 3'000;

  explicit PayloadRequest(const char* payload) {
    std::string pattern = (std::filesystem::temp_directory_path() / "assay-workload-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data()) ? pattern : "";
    std::ofstream(script()) << "<?php" << kPayloads << "return " << payload << "();";
    server_ = std::move(*Server::start({{"opcache.static_cache.volatile_size_mb", "128"}, {"memory_limit", "-1"}}, {}));
    worker_.emplace(*server_, server_->settings(), SystemFileSystem::WorkingDirectoryOwner::object, 0);
    begin();
  }
  ~PayloadRequest() {
    end();
    worker_.reset();
    assay::remove_tree(folder_);
  }
  // Another one, of the same worker.
  void next() {
    end();
    begin();
  }

  const Value& payload() const { return payload_; }
  StaticCacheCalls calls() { return StaticCacheCalls(*worker_, Backend::volatile_, ScriptObjects::Caller::outside); }
  std::size_t encoded_bytes() {
    ScriptObjects objects(*worker_, ScriptObjects::Caller::outside);
    return encode_value(payload_, objects)->bytes.size();
  }

 private:
  std::string script() const { return folder_ + "/payload.php"; }
  void begin() {
    worker_->begin_request(folder_);
    auto made = worker_->include(php::IncludeKind::include, script());
    if (made.error) {
      std::fprintf(stderr, "no payload: %s\n", made.error->message.c_str());
      std::abort();
    }
    payload_ = std::move(made.value);
  }
  void end() {
    payload_ = Value();
    worker_->end_request();
  }

  std::string folder_;
  std::unique_ptr<Server> server_;
  std::optional<Worker> worker_;
  Value payload_;
};

}  // namespace
