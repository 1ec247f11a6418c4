#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <vector>

#include "conformance/vocabulary/trace.h"
#include "reference/server/worker.h"
#include "support/file_descriptor.h"

namespace assay::conformance {

// Serves requests of the suite on one worker of the reference, in the calling process: the operations one by one, each
// with its reply. Paths are real ones here; see root_text.h for "@".
class ReferenceSession {
 public:
  // Requests begin in `root`; `scratch` is where rendezvous meet (adapter/target.h).
  ReferenceSession(reference::Worker& worker, std::filesystem::path root, std::filesystem::path scratch)
      : worker_(worker), root_(std::move(root)), scratch_(std::move(scratch)) {}

  // Serves one request and responds once: with one reply for each operation. One that is `not_run` ended the request, and
  // those behind it are not run either. It responds when the request is over; where a main script finishes its response
  // before, then (SC-RST-23).
  using Respond = std::function<void(std::vector<Reply> replies)>;
  void serve(std::span<const Operation> operations, const Respond& respond);
  // The same, and answers what it would respond.
  std::vector<Reply> serve(std::span<const Operation> operations);

 private:
  void serve_main(const std::string& path, const Respond& respond);
  Reply page(const reference::Worker::Served& served);
  Reply perform(const Operation& operation);
  Reply perform_own(const Operation& operation);
  Reply recall(const Operation& operation) const;
  Reply mutate(const Operation& operation);
  Reply rendezvous(const std::string& name) const;
  Reply lock_file(const std::string& path);
  Reply ini_get(const std::string& name) const;
  Reply ini_set(const Operation& operation);

  reference::Worker& worker_;
  std::filesystem::path root_;
  std::filesystem::path scratch_;
  std::vector<Reply> replies_;
  std::vector<FileDescriptor> locked_files_;  // until the request ends
};

}  // namespace assay::conformance
