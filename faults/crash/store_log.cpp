#include "faults/crash/store_log.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <unordered_map>

#include "faults/crash/robust_list.h"

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

// What is marked after k stores contributes to the name of that state. Words that nobody marked contribute nothing.
std::uint64_t marks_of(const StoreLog& log, std::size_t k) {
  const auto found = log.left_locked.find(k);
  std::uint64_t name = 0;
  if (found == log.left_locked.end()) return name;
  for (const RobustWord& word : found->second) name ^= mix(mix(word.offset << 8 | 1) ^ ~std::uint64_t{word.segment});
  return name;
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
  std::unordered_map<std::uint64_t, std::size_t> known = {{marks_of(log, 0), 0}};
  std::uint64_t image = 0;
  for (std::size_t k = 1; k <= log.stores.size(); ++k) {
    image ^= change_of(log.stores[k - 1]);
    const auto [place, fresh] = known.try_emplace(image ^ marks_of(log, k), states.size());
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
  const auto word_at = [&](const RobustWord& word) { return images_[word.segment].data() + word.offset; };
  for (const auto& [word, before] : marked_) std::memcpy(word_at(word), &before, sizeof before);
  marked_.clear();
  for (; now_ < k; ++now_) put(log_.stores[now_], log_.stores[now_].after);
  for (; now_ > k; --now_) put(log_.stores[now_ - 1], log_.stores[now_ - 1].before);
  const auto left = log_.left_locked.find(k);
  if (left == log_.left_locked.end()) return images_;
  for (const RobustWord& word : left->second) {
    std::uint32_t before = 0;
    std::memcpy(&before, word_at(word), sizeof before);
    const std::uint32_t after = marked_word(before);
    std::memcpy(word_at(word), &after, sizeof after);
    marked_.emplace_back(word, before);
  }
  return images_;
}

}  // namespace assay::crash
