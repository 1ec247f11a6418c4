#include "conformance/adapters/php/web_front.h"

namespace assay::conformance::php {

Result<WebPage> WebFront::get(const std::string& pool, const std::string& page, const std::string& document_root,
                              bool resolved_root, Deadline deadline) {
  const std::lock_guard guard(mutex_);
  if (binary_.empty())
    return fail(Failure::Kind::unusable, "there is no nginx on this machine", "", "Run scripts/install-dependencies");
  if (!server_ || server_->document_root() != document_root) {
    server_.reset();
    auto started = WebServer::start({binary_, folder_, document_root, pools_}, deadline);
    if (!started) return tl::make_unexpected(started.error());
    server_ = std::move(*started);
  }
  return server_->get(pool, page, resolved_root, deadline);
}

}  // namespace assay::conformance::php
