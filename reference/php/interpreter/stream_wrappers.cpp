#include "reference/php/interpreter/stream_wrappers.h"

#include <algorithm>
#include <array>
#include <utility>

namespace assay::reference::php {
namespace {

constexpr std::array<const char*, 4> kAlwaysThere = {"file", "php", "data", "compress.zlib"};

bool is_always_there(const std::string& scheme) {
  return std::find(kAlwaysThere.begin(), kAlwaysThere.end(), scheme) != kAlwaysThere.end();
}

}  // namespace

bool StreamWrappers::has(const std::string& scheme) const {
  return own_.contains(scheme) || (is_always_there(scheme) && !removed_.contains(scheme));
}

const StreamWrappers::Own* StreamWrappers::own(const std::string& scheme) const {
  const auto found = own_.find(scheme);
  return found == own_.end() ? nullptr : &found->second;
}

std::vector<std::string> StreamWrappers::names() const {
  std::vector<std::string> names;
  for (const char* each : kAlwaysThere)
    if (has(each)) names.emplace_back(each);
  for (const auto& [scheme, wrapper] : own_)
    if (!is_always_there(scheme)) names.push_back(scheme);
  return names;
}

bool StreamWrappers::add(const std::string& scheme, Own wrapper) {
  return !has(scheme) && own_.emplace(scheme, std::move(wrapper)).second;
}

bool StreamWrappers::remove(const std::string& scheme) {
  if (!has(scheme)) return false;
  if (own_.erase(scheme) == 0) removed_.insert(scheme);
  return true;
}

StreamWrappers::Restored StreamWrappers::restore(const std::string& scheme) {
  if (!is_always_there(scheme)) return Restored::unknown;
  if (removed_.erase(scheme) == 0) return Restored::never_changed;
  own_.erase(scheme);
  return Restored::done;
}

}  // namespace assay::reference::php
