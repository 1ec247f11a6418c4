#pragma once

#include "reference/php/interpreter/stream_opener.h"

namespace assay::reference::php {

// The stream wrappers of the subset: classes of scripts, `data:`, `php://filter`, `compress.zlib://` over what is not
// compressed, and `FILE://`, which no cache takes for a plain path (SC-KEY-15).
class Streams final : public StreamOpener {
 public:
  bool takes(const RequestContext& context, std::string_view name) const override;
  StreamText read(Machine& machine, const std::string& name, Purpose purpose,
                  const std::string& function) const override;
  bool exists(Machine& machine, const std::string& name, const std::string& function) const override;

 private:
  StreamText filtered(Machine& machine, const std::string& chain, Purpose purpose, const std::string& function) const;
};

// Has no state: one for all.
const Streams& all_streams();

}  // namespace assay::reference::php
