#include "faults/crash/store_log.h"

#include <algorithm>
#include <cstdio>
#include <unordered_map>

namespace assay::crash {
namespace {

std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ull;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

// What one byte of the memory contributes to the name of an image.
std::uint64_t share_of(std::uint32_t segment, std::uint64_t offset, std::byte value) {
  return mix(mix(offset << 8 | static_cast<std::uint64_t>(value)) ^ segment);
}

std::uint64_t change_of(const Store& store) {
  std::uint64_t change = 0;
  for (std::size_t i = 0; i < store.after.size(); ++i) {
    if (store.before[i] == store.after[i]) continue;
    change ^= share_of(store.segment, store.first + i, store.before[i]);
    change ^= share_of(store.segment, store.first + i, store.after[i]);
  }
  return change;
}

}  // namespace

std::string StoreLog::hash(std::size_t k) const {
  std::uint64_t name = 14695981039346656037ull;
  for (std::size_t i = 0; i < std::min(k, stores.size()); ++i)
    name = mix(name ^ stores[i].code ^ static_cast<std::uint64_t>(stores[i].segment) << 56);
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(name));
  return text;
}

std::vector<CrashState> distinct_states(const StoreLog& log) {
  std::vector<CrashState> states = {{0, 1}};
  std::unordered_map<std::uint64_t, std::size_t> known = {{0, 0}};
  std::uint64_t image = 0;
  for (std::size_t k = 1; k <= log.stores.size(); ++k) {
    image ^= change_of(log.stores[k - 1]);
    const auto [place, fresh] = known.try_emplace(image, states.size());
    if (fresh)
      states.push_back({k, 1});
    else
      ++states[place->second].alike;
  }
  return states;
}

const std::vector<std::vector<std::byte>>& ImageWalk::at(std::size_t k) {
  const auto put = [&](const Store& store, const std::vector<std::byte>& bytes) {
    std::copy(bytes.begin(), bytes.end(), images_[store.segment].begin() + static_cast<std::ptrdiff_t>(store.first));
  };
  for (; now_ < k; ++now_) put(log_.stores[now_], log_.stores[now_].after);
  for (; now_ > k; --now_) put(log_.stores[now_ - 1], log_.stores[now_ - 1].before);
  return images_;
}

}  // namespace assay::crash
