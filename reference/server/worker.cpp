#include "reference/server/worker.h"

namespace assay::reference {

Worker::Worker(Server& server, Settings settings, SystemFileSystem::WorkingDirectoryOwner directory_owner, int number)
    : server_(server),
      context_{number},
      settings_(std::move(settings)),
      files_(directory_owner),
      realpath_cache_(
          {settings_.open_basedir.empty() ? settings_.realpath_cache_size_bytes : 0, settings_.realpath_cache_ttl}),
      paths_(std::make_unique<PathOperations>(files_, realpath_cache_, wall_clock_seconds)) {
  begin_request();
}

Worker::~Worker() = default;

void Worker::begin_request() {
  request_time_ = wall_clock_seconds();
  request_settings_ = settings_;
  heap_ = std::make_unique<Heap>();
}

void Worker::end_request() {
  heap_.reset();
}

}  // namespace assay::reference
