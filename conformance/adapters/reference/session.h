#pragma once

#include <filesystem>
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

  // One reply for each operation. One that is `not_run` ended the request, and those behind it are not run either.
  std::vector<Reply> serve(std::span<const Operation> operations);

 private:
  Reply serve_main(const std::string& path);
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
