#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "reference/php/compiler/graph.h"

namespace assay::reference::php {

// The attributes that keep statics from one request to the next: #[OPcache\VolatileStatic(int $ttl = 0, CacheStrategy
// $strategy = CacheStrategy::Immediate)] and #[OPcache\PinnedStatic].
enum class StaticAttribute : std::uint8_t { none, volatile_, pinned };
StaticAttribute static_attribute(const AttributeData& attribute);

// The expression that the attribute has for the parameter "ttl" or "strategy"; nullptr: its default.
const Node* static_attribute_argument(const AttributeData& attribute, std::string_view parameter);

// Why this is no time to live; nothing where it is one.
std::string_view time_to_live_complaint(std::int64_t seconds);

// What is wrong with the attributes of a target ("class", "property", "method", "function", "class constant",
// "parameter"), as far as that can be seen without running code (ST-ATT-01, ST-ATT-21, ST-TTL-03). Other attributes are
// nobody's business.
std::optional<std::string> static_attribute_complaint(const List<AttributeData>& attributes, std::string_view target);

}  // namespace assay::reference::php
