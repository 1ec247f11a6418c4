#include "reference/script_cache/linked_class_table.h"

#include <algorithm>
#include <bit>

namespace assay::reference {
namespace {

// A chain's beginning: the generation in the upper half, the offset in units of 8 in the lower.
constexpr std::uint64_t kUnit = 8;

constexpr std::uint64_t beginning(std::uint64_t generation, std::uint64_t offset) {
  return generation << 32 | offset / kUnit;
}

}  // namespace

// Few scripts have classes that are linked when they run.
std::uint64_t LinkedClassTable::chains_for(std::uint32_t slots) {
  return std::bit_ceil(std::max<std::uint64_t>(slots / 16, 64));
}

LinkedClassTable::LinkedClassTable(std::byte* chains, std::byte* segment, std::uint32_t slots)
    : chains_(reinterpret_cast<std::atomic<std::uint64_t>*>(chains)), segment_(segment), count_(chains_for(slots)) {}

std::atomic<std::uint64_t>& LinkedClassTable::chain_of(const php::ClassData& type) const {
  constexpr std::uint64_t kSpread = 0x9e3779b97f4a7c15u;
  return chains_[(offset_of(&type) / kUnit * kSpread >> 32) & (count_ - 1)];
}

php::LinkedClass* LinkedClassTable::newest(std::uint64_t generation, std::uint64_t chain) const {
  const std::uint64_t offset = (chain & 0xffffffffu) * kUnit;
  if (offset == 0 || chain != beginning(generation, offset)) return nullptr;
  return reinterpret_cast<php::LinkedClass*>(segment_ + offset);
}

const php::LinkedClass* LinkedClassTable::find(std::uint64_t generation, const php::ClassData& type,
                                               const php::List<const php::ClassData*>& ancestry) const {
  const php::LinkedClass* each = newest(generation, chain_of(type).load(std::memory_order_acquire));
  for (; each != nullptr; each = each->earlier) {
    const auto& bases = each->ancestry;
    if (each->type == &type && std::equal(bases.begin(), bases.end(), ancestry.begin(), ancestry.end())) return each;
  }
  return nullptr;
}

void LinkedClassTable::publish(std::uint64_t generation, php::LinkedClass& linked) {
  std::atomic<std::uint64_t>& chain = chain_of(*linked.type);
  linked.earlier = newest(generation, chain.load(std::memory_order_relaxed));
  chain.store(beginning(generation, offset_of(&linked)), std::memory_order_release);
}

bool LinkedClassTable::leads_between(std::uint64_t generation, std::uint64_t from, std::uint64_t to) const {
  return std::any_of(chains_, chains_ + count_, [&](const std::atomic<std::uint64_t>& chain) {
    const php::LinkedClass* linked = newest(generation, chain.load(std::memory_order_relaxed));
    return linked != nullptr && offset_of(linked) >= from && offset_of(linked) < to;
  });
}

}  // namespace assay::reference
