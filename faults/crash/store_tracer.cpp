#include "faults/crash/store_tracer.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <thread>

#include "faults/crash/idle.h"
#include "faults/crash/string_instruction.h"

namespace assay::crash {
namespace {

constexpr std::uint64_t kPage = 4096;
// The widest single store is 64 bytes; a fault is reported at any byte of it.
constexpr std::uint64_t kWidest = 64;
constexpr std::chrono::seconds kIdleLimit{10};
// Ignored by default, so that a process in no system call notices nothing; it tells the tracer that the request is
// over.
constexpr int kOver = SIGURG;

}  // namespace

StoreTracer::StoreTracer(Tracee tracee, std::vector<Segment> segments, std::vector<SegmentMemory> memory)
    : tracee_(std::move(tracee)), segments_(std::move(segments)), memory_(std::move(memory)) {}

Expected<std::unique_ptr<StoreTracer>> StoreTracer::attach(pid_t pid, const std::vector<Segment>& segments) {
  if (auto idle = wait_until_idle(pid, kIdleLimit); !idle)
    return tl::unexpected(idle.error());
  else if (!*idle)
    return failed("process " + std::to_string(pid) + " does not become idle");
  std::vector<SegmentMemory> memory;
  for (const Segment& segment : segments) {
    auto opened = SegmentMemory::open(pid, segment);
    if (!opened) return tl::unexpected(opened.error());
    memory.push_back(std::move(*opened));
  }
  auto tracee = Tracee::attach(pid);
  if (!tracee) return tl::unexpected(tracee.error());
  return std::unique_ptr<StoreTracer>(new StoreTracer(std::move(*tracee), segments, std::move(memory)));
}

StoreTracer::~StoreTracer() {
  if (recording_.end == Recording::End::kIdle && protected_) (void)protect_all(PROT_READ | PROT_WRITE);
}

Expected<Recording> StoreTracer::record(const std::function<void()>& operation, std::optional<std::size_t> kill_after) {
  recording_ = {};
  auto code = mapped_code(tracee_.pid());
  if (!code) return tl::unexpected(code.error());
  code_ = std::move(*code);
  if (auto taken = take_base(); !taken) return tl::unexpected(taken.error());
  const SameProcessor pinned(tracee_.pid());
  if (auto done = protect_all(PROT_READ); !done) return tl::unexpected(done.error());
  std::atomic<bool> finished = false;
  // By descriptor: the process may be gone by then, and its number another's.
  const int process = static_cast<int>(::syscall(SYS_pidfd_open, tracee_.pid(), 0));
  if (process < 0) return failed(with_errno("cannot open process " + std::to_string(tracee_.pid())));
  if (auto on = tracee_.resume(); !on) return tl::unexpected(on.error());
  std::thread requester([&] {
    operation();
    finished = true;
    ::syscall(SYS_pidfd_send_signal, process, kOver, nullptr, 0);
  });
  auto followed = follow(kill_after, finished);
  // Whatever went wrong, the requester must get an answer.
  if (!followed) tracee_.kill();
  requester.join();
  ::close(process);
  if (!followed) return tl::unexpected(followed.error());
  if (recording_.end == Recording::End::kIdle) {
    if (auto same = check_shadow(); !same) return tl::unexpected(same.error());
  }
  return std::move(recording_);
}

Expected<void> StoreTracer::take_base() {
  shadow_.clear();
  for (const SegmentMemory& memory : memory_) {
    shadow_.emplace_back(memory.size());
    if (auto read = memory.read(0, shadow_.back()); !read) return read;
  }
  recording_.log.base = shadow_;
  return {};
}

Expected<void> StoreTracer::protect(std::uint64_t from, std::uint64_t to, int protection) {
  const auto result = tracee_.call(SYS_mprotect, from, to - from, static_cast<std::uint64_t>(protection));
  if (!result) return tl::unexpected(result.error());
  if (*result != 0) return failed("mprotect in process " + std::to_string(tracee_.pid()) + " failed");
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

// Until the request is over and the process is idle again, or gone.
Expected<void> StoreTracer::follow(std::optional<std::size_t> kill_after, const std::atomic<bool>& finished) {
  while (!finished) {
    const auto stop = tracee_.wait();
    if (!stop) return tl::unexpected(stop.error());
    const auto goes_on = handle(*stop, kill_after);
    if (!goes_on) return tl::unexpected(goes_on.error());
    if (!*goes_on) return {};
  }
  const auto end = std::chrono::steady_clock::now() + kIdleLimit;
  while (true) {
    const auto stop = tracee_.poll();
    if (!stop) return tl::unexpected(stop.error());
    if (*stop) {
      const auto goes_on = handle(**stop, kill_after);
      if (!goes_on) return tl::unexpected(goes_on.error());
      if (!*goes_on) return {};
      continue;
    }
    const auto idle = is_idle(tracee_.pid());
    if (idle && *idle) break;
    if (std::chrono::steady_clock::now() > end) return failed("the process does not become idle after its request");
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
  if (!kill_after) return tracee_.interrupt();
  tracee_.kill();
  recording_.end = Recording::End::kKilled;
  return {};
}

// False when there is nothing more to follow.
Expected<bool> StoreTracer::handle(const Tracee::Stop& stop, std::optional<std::size_t> kill_after) {
  if (stop.kind == Tracee::Stop::Kind::kEnded) {
    recording_.end = Recording::End::kDied;
    return false;
  }
  int signal = 0;
  if (stop.kind == Tracee::Stop::Kind::kSignal) {
    if (stop.signal == SIGSEGV) {
      const auto info = tracee_.signal_info();
      if (!info) return tl::unexpected(info.error());
      const auto address = reinterpret_cast<std::uint64_t>(info->si_addr);
      if (info->si_code == SEGV_ACCERR && segment_of(address)) return store(address, kill_after);
    }
    signal = stop.signal == kOver ? 0 : stop.signal;
  }
  if (auto on = tracee_.resume(signal); !on) return tl::unexpected(on.error());
  return true;
}

Expected<bool> StoreTracer::store(std::uint64_t address, std::optional<std::size_t> kill_after) {
  if (kill_after && recording_.log.stores.size() >= *kill_after) {
    tracee_.kill();
    recording_.end = Recording::End::kKilled;
    return false;
  }
  const auto at = tracee_.registers();
  if (!at) return tl::unexpected(at.error());
  std::byte code[16] = {};
  if (auto read = tracee_.read(at->rip, code); !read) {
    // Near the end of a mapping.
    if (auto shorter = tracee_.read(at->rip, std::span(code, 4)); !shorter) return tl::unexpected(shorter.error());
  }
  const std::uint32_t index = *segment_of(address);
  const Segment& segment = segments_[index];
  std::uint64_t from = address - std::min(kWidest, address - segment.address), to = address + kWidest, until = 0;
  if (const auto repeated = parse_string_store(code)) {
    const std::uint64_t bytes = at->rcx * repeated->width;
    const bool down = (at->eflags & 0x400) != 0;
    from = down ? at->rdi + repeated->width - bytes : at->rdi;
    to = from + bytes;
    until = at->rip + repeated->length;
  }
  from = std::max(from, segment.address);
  to = std::min(to, segment.end());
  if (auto done = let_through(address, from, to, until); !done) return tl::unexpected(done.error());
  if (auto noted = note({index, address - segment.address, place_in_file(code_, at->rip), 0, {}, {}}, from, to); !noted)
    return tl::unexpected(noted.error());
  if (auto on = tracee_.resume(); !on) return tl::unexpected(on.error());
  return true;
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
    const auto stop = until != 0 ? tracee_.run_to(until) : tracee_.step();
    if (!stop) return tl::unexpected(stop.error());
    if (stop->kind == Tracee::Stop::Kind::kEnded) return failed("the process ended in the middle of a store");
    if (stop->signal == SIGTRAP) break;
    // It crosses into a page that is still closed.
    const auto info = tracee_.signal_info();
    if (!info) return tl::unexpected(info.error());
    const auto again = reinterpret_cast<std::uint64_t>(info->si_addr);
    const bool closed_page = stop->signal == SIGSEGV && segment_of(again) && (again < low || again >= high);
    if (!closed_page) return failed("an instruction that stores into a segment fails for another reason");
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

Expected<void> StoreTracer::check_shadow() {
  for (std::size_t i = 0; i < memory_.size(); ++i) {
    std::vector<std::byte> now(memory_[i].size());
    if (auto read = memory_[i].read(0, now); !read) return read;
    if (now != shadow_[i])
      return failed(
          "the log of stores does not explain what is in the segment: somebody else wrote, or the kernel did");
  }
  return {};
}

}  // namespace assay::crash
