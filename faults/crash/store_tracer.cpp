#include "faults/crash/store_tracer.h"

#include <sys/mman.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cstring>

#include "faults/crash/robust_list.h"
#include "faults/crash/string_instruction.h"

namespace assay::crash {
namespace {

// The widest single store is 64 bytes; a fault is reported at any byte of it.
constexpr std::uint64_t kWidest = 64;

}  // namespace

StoreTracer::StoreTracer(Tracee tracee, std::vector<Segment> segments, std::vector<SegmentMemory> memory)
    : tracee_(std::move(tracee)), segments_(std::move(segments)), memory_(std::move(memory)) {}

Expected<std::unique_ptr<StoreTracer>> StoreTracer::attach(pid_t pid, const std::vector<Segment>& segments) {
  auto tracee = ASSAY_TRY(attach_when_idle(pid));
  std::vector<SegmentMemory> memory;
  for (const Segment& segment : segments) {
    memory.push_back(ASSAY_TRY(SegmentMemory::open(pid, segment)));
  }
  return std::unique_ptr<StoreTracer>(new StoreTracer(std::move(tracee), segments, std::move(memory)));
}

StoreTracer::~StoreTracer() {
  if (recording_.end == RequestEnd::idle && protected_) (void)protect_all(PROT_READ | PROT_WRITE);
}

Expected<Recording> StoreTracer::record(const std::function<void()>& operation, std::optional<std::size_t> kill_after) {
  recording_ = {};
  is_counting_ = kill_after.has_value();
  code_ = ASSAY_TRY(mapped_code(tracee_.pid()));
  ASSAY_TRY(take_shadow());
  ASSAY_TRY(protect_all(PROT_READ));
  recording_.end = ASSAY_TRY(
      follow_request(tracee_, operation,
                     {[&](int signal) { return tracee_.resume(signal); },
                      [&](const Tracee::Stop& stop) { return at_stop(stop, kill_after); }, kill_after.has_value()}));
  if (is_counting_) return std::move(recording_);
  if (recording_.end == RequestEnd::idle) {
    ASSAY_TRY(note_robust_words());
    ASSAY_TRY(check_shadow());
  }
  recording_.log.base = base_from_shadow();
  return std::move(recording_);
}

Expected<void> StoreTracer::take_shadow() {
  shadow_.clear();
  if (is_counting_) return {};
  for (const SegmentMemory& memory : memory_) {
    shadow_.push_back(ASSAY_TRY(memory.image()));
  }
  return {};
}

// The shadow, which has all stores, without them: segments are large, and a second copy takes longer.
std::vector<std::vector<std::byte>> StoreTracer::base_from_shadow() {
  const auto& stores = recording_.log.stores;
  for (auto store = stores.rbegin(); store != stores.rend(); ++store)
    std::copy(store->before.begin(), store->before.end(),
              shadow_[store->segment].begin() + static_cast<std::ptrdiff_t>(store->first));
  return std::exchange(shadow_, {});
}

Expected<void> StoreTracer::protect(std::uint64_t from, std::uint64_t to, int protection) {
  const auto result = ASSAY_TRY(tracee_.call(SYS_mprotect, from, to - from, static_cast<std::uint64_t>(protection)));
  if (result != 0) return failure("mprotect in process " + std::to_string(tracee_.pid()) + " failed");
  return {};
}

Expected<void> StoreTracer::protect_all(int protection) {
  for (const Segment& segment : segments_) {
    if (auto done = protect(segment.address, segment.end(), protection); !done) return done;
  }
  protected_ = (protection & PROT_WRITE) == 0;
  return {};
}

std::optional<std::uint32_t> StoreTracer::segment_of(std::uint64_t address) const {
  for (std::uint32_t i = 0; i < segments_.size(); ++i)
    if (segments_[i].contains(address)) return i;
  return std::nullopt;
}

Expected<AfterStop> StoreTracer::at_stop(const Tracee::Stop& stop, std::optional<std::size_t> kill_after) {
  if (stop.kind != Tracee::Stop::Kind::signal || stop.signal != SIGSEGV) return AfterStop::go_on;
  const auto info = ASSAY_TRY(tracee_.signal_info());
  const auto address = reinterpret_cast<std::uint64_t>(info.si_addr);
  const bool ours = info.si_code == SEGV_ACCERR && segment_of(address);
  return ours ? store(address, kill_after) : AfterStop::go_on;
}

Expected<AfterStop> StoreTracer::store(std::uint64_t address, std::optional<std::size_t> kill_after) {
  if (kill_after && recording_.log.stores.size() >= *kill_after) {
    // What the kernel still writes for the dead (that the owner of a robust mutex has died) needs open pages.
    ASSAY_TRY(protect_all(PROT_READ | PROT_WRITE));
    return AfterStop::kill;
  }
  if (!is_counting_) ASSAY_TRY(note_robust_words());
  const auto at = ASSAY_TRY(tracee_.registers());
  std::byte code[16] = {};
  if (auto read = tracee_.read(at.rip, code); !read) {
    // Near the end of a mapping.
    ASSAY_TRY(tracee_.read(at.rip, std::span(code, 4)));
  }
  const std::uint32_t index = *segment_of(address);
  const Segment& segment = segments_[index];
  std::uint64_t from = address - std::min(kWidest, address - segment.address), to = address + kWidest, until = 0;
  if (const auto repeated = parse_string_store(code)) {
    const std::uint64_t bytes = at.rcx * repeated->width;
    const bool down = (at.eflags & 0x400) != 0;
    from = down ? at.rdi + repeated->width - bytes : at.rdi;
    to = from + bytes;
    until = at.rip + repeated->length;
  }
  from = std::max(from, segment.address);
  to = std::min(to, segment.end());
  ASSAY_TRY(let_through(address, from, to, until));
  Store store{index, address - segment.address, place_in_file(code_, at.rip), 0, {}, {}};
  if (is_counting_)
    recording_.log.stores.push_back(std::move(store));
  else
    ASSAY_TRY(note(std::move(store), from, to));
  return AfterStop::take_away;
}

// Opens the pages, lets one instruction happen (or a repeated one, up to `until`), closes them.
Expected<void> StoreTracer::let_through(std::uint64_t address, std::uint64_t from, std::uint64_t to,
                                        std::uint64_t until) {
  std::uint64_t low = address / kPage * kPage, high = low + kPage;
  if (until != 0) {
    low = std::min(low, from / kPage * kPage);
    high = std::max(high, (to + kPage - 1) / kPage * kPage);
  }
  while (true) {
    if (auto opened = protect(low, high, PROT_READ | PROT_WRITE); !opened) return opened;
    const auto stop = ASSAY_TRY(until != 0 ? tracee_.run_to(until) : tracee_.step());
    if (stop.kind == Tracee::Stop::Kind::ended) return failure("the process ended in the middle of a store");
    if (stop.signal == SIGTRAP) break;
    // It crosses into a page that is still closed.
    const auto info = ASSAY_TRY(tracee_.signal_info());
    const auto again = reinterpret_cast<std::uint64_t>(info.si_addr);
    const bool closed_page = stop.signal == SIGSEGV && segment_of(again) && (again < low || again >= high);
    if (!closed_page) return failure("an instruction that stores into a segment fails for another reason");
    low = std::min(low, again / kPage * kPage);
    high = std::max(high, again / kPage * kPage + kPage);
  }
  return protect(low, high, PROT_READ);
}

Expected<void> StoreTracer::note(Store store, std::uint64_t from, std::uint64_t to) {
  const std::uint32_t segment = store.segment;
  const std::uint64_t base = segments_[segment].address;
  std::vector<std::byte> now(to - from);
  if (auto read = memory_[segment].read(from - base, now); !read) return read;
  std::byte* shadow = shadow_[segment].data() + (from - base);
  const auto [changed, first_old] = std::mismatch(now.begin(), now.end(), shadow);
  if (changed != now.end()) {
    std::size_t first = static_cast<std::size_t>(changed - now.begin()), last = now.size();
    while (now[last - 1] == shadow[last - 1]) --last;
    store.first = from - base + first;
    store.before.assign(shadow + first, shadow + last);
    store.after.assign(now.begin() + static_cast<std::ptrdiff_t>(first),
                       now.begin() + static_cast<std::ptrdiff_t>(last));
    std::memcpy(shadow + first, store.after.data(), store.after.size());
  }
  recording_.log.stores.push_back(std::move(store));
  return {};
}

// Those that it would leave locked if it died before its next store.
Expected<void> StoreTracer::note_robust_words() {
  std::vector<RobustWord> left;
  for (const std::uint64_t address : ASSAY_TRY(robust_words(tracee_))) {
    if (const auto segment = segment_of(address)) left.push_back({*segment, address - segments_[*segment].address});
  }
  if (!left.empty()) recording_.log.left_locked[recording_.log.stores.size()] = std::move(left);
  return {};
}

Expected<void> StoreTracer::check_shadow() {
  for (std::size_t i = 0; i < memory_.size(); ++i) {
    const std::span<const std::byte> shadow = shadow_[i];
    for (const std::size_t page : memory_[i].touched_pages()) {
      const std::size_t offset = page * kPage;
      if (!ASSAY_TRY(memory_[i].holds(offset, shadow.subspan(offset, std::min(kPage, shadow.size() - offset)))))
        return failure(
            "the log of stores does not explain what is in the segment: somebody else wrote, or the kernel did");
    }
  }
  return {};
}

}  // namespace assay::crash
