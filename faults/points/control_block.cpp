#include "faults/points/control_block.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "faults/points/catalogue.h"
#include "faults/points/clock.h"
#include "faults/points/evaluate.h"
#include "faults/points/mapping.h"
#include "faults/points/turnstile.h"

namespace assay::points {
namespace {

constexpr std::uint32_t kEveryEffect = 0x1f;

bool add_point(Layout& block, std::string_view name, std::uint32_t effects) {
  const std::uint64_t hash = hash_name(name);
  for (std::size_t probe = 0; probe < kPointCapacity; ++probe) {
    Entry& entry = block.entries[(hash + probe) % kPointCapacity];
    const std::uint64_t found = entry.hash.load(std::memory_order_relaxed);
    if (found == hash) return true;
    if (found != 0) continue;
    entry.name.store(name.data(), name.size());
    entry.effects.store(effects, std::memory_order_relaxed);
    entry.hash.store(hash, std::memory_order_relaxed);
    return true;
  }
  return false;
}

Expected<void> fill(Layout& block, const CreateOptions& options) {
  if (catalogue().size() + options.extra_points.size() > kMaxPoints) {
    return tl::unexpected(Error{"too many points: a control block names at most " + std::to_string(kMaxPoints)});
  }
  for (const CatalogueEntry& entry : catalogue()) add_point(block, entry.name, entry.effects);
  for (const std::string& name : options.extra_points) {
    if (name.empty() || name.size() > kMaxNameLength || name.find('*') != std::string::npos) {
      return tl::unexpected(Error{"point '" + name + "': a name has 1 to 55 characters and no '*'"});
    }
    add_point(block, name, kEveryEffect);
  }
  block.owner.store(options.owner == -1 ? getpid() : options.owner, std::memory_order_relaxed);
  block.size.store(sizeof(Layout), std::memory_order_relaxed);
  block.version.store(kVersion, std::memory_order_relaxed);
  block.magic.store(kMagic, std::memory_order_release);
  return {};
}

Error system_error(const std::string& path, const char* what) {
  return {"control file " + path + ": " + what + ": " + std::strerror(errno)};
}

// A new file of the right size, all zero, its blocks allocated so that a full disk is an error here, not a SIGBUS
// later.
Expected<Layout*> create_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return tl::unexpected(system_error(path, "cannot be created"));
  const int refused = posix_fallocate(fd, 0, sizeof(Layout));
  void* memory = MAP_FAILED;
  if (refused == 0) memory = mmap(nullptr, sizeof(Layout), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (refused != 0) errno = refused;
  if (memory == MAP_FAILED) {
    const Error error = system_error(path, "cannot be given its size or mapped");
    close(fd);
    unlink(path.c_str());
    return tl::unexpected(error);
  }
  close(fd);
  return static_cast<Layout*>(memory);
}

}  // namespace

Expected<ControlBlock> ControlBlock::create(const std::string& path, const CreateOptions& options) {
  auto layout = ASSAY_TRY(create_file(path));
  ControlBlock block(path, layout);
  if (auto filled = fill(*layout, options); !filled) {
    unlink(path.c_str());
    return tl::unexpected(filled.error());
  }
  block.read_names();
  return block;
}

Expected<ControlBlock> ControlBlock::open(const std::string& path) {
  char message[512];
  Layout* layout = map_control_file(path.c_str(), message, sizeof message);
  if (layout == nullptr) return tl::unexpected(Error{message});
  ControlBlock block(path, layout);
  block.read_names();
  return block;
}

void ControlBlock::read_names() {
  std::vector<std::pair<std::string, std::uint32_t>> found;
  for (std::uint32_t i = 0; i < kPointCapacity; ++i) {
    const Entry& entry = layout_->entries[i];
    char name[sizeof entry.name];
    entry.name.load(name);
    if (entry.hash.load(std::memory_order_relaxed) != 0) found.emplace_back(name, i);
  }
  std::sort(found.begin(), found.end());
  for (auto& [name, entry] : found) {
    names_.push_back(std::move(name));
    entries_.push_back(entry);
  }
}

ControlBlock::ControlBlock(ControlBlock&& other) noexcept
    : path_(std::move(other.path_)),
      layout_(std::exchange(other.layout_, nullptr)),
      names_(std::move(other.names_)),
      entries_(std::move(other.entries_)) {}

ControlBlock& ControlBlock::operator=(ControlBlock&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(layout_, other.layout_);
  std::swap(names_, other.names_);
  std::swap(entries_, other.entries_);
  return *this;
}

ControlBlock::~ControlBlock() {
  if (layout_ != nullptr && attached() == layout_) attach(nullptr);
  unmap_control_file(layout_);
}

// --- workers

Expected<void> ControlBlock::name_worker(std::int32_t worker, std::int32_t pid) {
  if (worker < 0 || worker >= static_cast<std::int32_t>(kMaxWorkers)) {
    return tl::unexpected(
        Error{"worker " + std::to_string(worker) + ": ids are 0 to " + std::to_string(kMaxWorkers - 1)});
  }
  layout_->workers[worker].pid.store(pid, std::memory_order_relaxed);
  std::uint32_t named = layout_->workers_named.load(std::memory_order_relaxed);
  const auto wanted = static_cast<std::uint32_t>(worker) + 1;
  while (named < wanted && !layout_->workers_named.compare_exchange_weak(named, wanted, std::memory_order_release)) {
  }
  return {};
}

void ControlBlock::set_operation(std::int32_t worker, const std::string& label) {
  if (worker < 0 || worker >= static_cast<std::int32_t>(kMaxWorkers)) return;
  layout_->workers[worker].operation.store(label.data(), label.size());
}

void ControlBlock::forget(std::int32_t pid) {
  for (Gate& gate : layout_->gates) {
    std::uint32_t word = gate.word.load(std::memory_order_acquire);
    if (word != 0 && Gate::pid_of(word) == pid) gate.word.compare_exchange_strong(word, 0, std::memory_order_acq_rel);
  }
  for (WorkerRecord& worker : layout_->workers) {
    std::int32_t expected = pid;
    worker.pid.compare_exchange_strong(expected, 0, std::memory_order_relaxed);
  }
}

// --- virtual clock

void ControlBlock::set_clock(std::chrono::nanoseconds realtime, std::chrono::nanoseconds monotonic) {
  layout_->clock.realtime_ns.store(realtime.count(), std::memory_order_relaxed);
  layout_->clock.monotonic_ns.store(monotonic.count(), std::memory_order_relaxed);
  layout_->clock.enabled.store(1, std::memory_order_release);
}

void ControlBlock::freeze_clock() {
  set_clock(std::chrono::nanoseconds(machine_realtime_ns()), std::chrono::nanoseconds(machine_monotonic_ns()));
}

void ControlBlock::advance_clock(std::chrono::nanoseconds by) {
  if (!clock_frozen()) freeze_clock();
  layout_->clock.realtime_ns.fetch_add(by.count(), std::memory_order_relaxed);
  layout_->clock.monotonic_ns.fetch_add(by.count(), std::memory_order_relaxed);
}

void ControlBlock::step_realtime(std::chrono::nanoseconds by) {
  if (!clock_frozen()) freeze_clock();
  layout_->clock.realtime_ns.fetch_add(by.count(), std::memory_order_relaxed);
}

void ControlBlock::thaw_clock() {
  layout_->clock.enabled.store(0, std::memory_order_release);
}

bool ControlBlock::clock_frozen() const {
  return layout_->clock.enabled.load(std::memory_order_acquire) != 0;
}

std::chrono::nanoseconds ControlBlock::realtime() const {
  return std::chrono::nanoseconds(clock_frozen() ? layout_->clock.realtime_ns.load(std::memory_order_relaxed)
                                                 : machine_realtime_ns());
}

std::chrono::nanoseconds ControlBlock::monotonic() const {
  return std::chrono::nanoseconds(clock_frozen() ? layout_->clock.monotonic_ns.load(std::memory_order_relaxed)
                                                 : machine_monotonic_ns());
}

}  // namespace assay::points
