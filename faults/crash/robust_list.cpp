#include "faults/crash/robust_list.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <optional>

namespace assay::crash {
namespace {

// An entry of the list says in its lowest bit whether the futex inherits priorities.
constexpr std::uint64_t kFlag = 1;

template <class T>
Expected<T> read_as(const Tracee& tracee, std::uint64_t address) {
  std::byte bytes[sizeof(T)];
  ASSAY_TRY(tracee.read(address, bytes));
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

// Nothing where the kernel would find no such memory either.
std::optional<std::uint64_t> owned_word(const Tracee& tracee, std::uint64_t entry, std::int64_t offset) {
  const std::uint64_t address = (entry & ~kFlag) + static_cast<std::uint64_t>(offset);
  const auto word = read_as<std::uint32_t>(tracee, address);
  if (!word || (*word & FUTEX_TID_MASK) != static_cast<std::uint32_t>(tracee.pid())) return std::nullopt;
  return address;
}

}  // namespace

Expected<std::vector<std::uint64_t>> robust_words(const Tracee& tracee) {
  std::uint64_t at = 0;
  std::size_t size = 0;
  if (::syscall(SYS_get_robust_list, tracee.pid(), &at, &size) != 0)
    return failure(with_errno("cannot ask for the robust futexes of process " + std::to_string(tracee.pid())), errno);
  std::vector<std::uint64_t> words;
  if (at == 0 || size != sizeof(robust_list_head)) return words;
  const auto head = ASSAY_TRY(read_as<robust_list_head>(tracee, at));
  const auto pending = reinterpret_cast<std::uint64_t>(head.list_op_pending);
  const auto take = [&](std::uint64_t entry) {
    if (const auto word = owned_word(tracee, entry, head.futex_offset)) words.push_back(*word);
  };
  auto entry = reinterpret_cast<std::uint64_t>(head.list.next);
  for (int i = 0; i < ROBUST_LIST_LIMIT && (entry & ~kFlag) != at; ++i) {
    if ((entry & ~kFlag) != (pending & ~kFlag)) take(entry);
    const auto next = read_as<std::uint64_t>(tracee, entry & ~kFlag);
    if (!next) break;
    entry = *next;
  }
  if (pending != 0) take(pending);
  return words;
}

std::uint32_t marked_word(std::uint32_t word) {
  return (word & FUTEX_WAITERS) | FUTEX_OWNER_DIED;
}

}  // namespace assay::crash
