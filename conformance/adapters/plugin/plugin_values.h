#pragma once

#include "conformance/adapters/plugin/assay_plugin.h"
#include "conformance/vocabulary/reply.h"
#include "support/error.h"

namespace assay::conformance::plugin {

// What a library is handed (assay_plugin.h). Used by one thread.
const assay_host& host();

const assay_value* handed(const Value& value);

// Begins a reply; what was handed out for an earlier one is no longer valid.
assay_reply* begin_reply();
// The reply that was built since; an error says what the library did wrong.
Expected<Reply> end_reply();

}  // namespace assay::conformance::plugin
