#include "reference/lock/segment_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#include "faults/points/point.h"
#include "reference/lock/process_identity.h"
#include "reference/lock/write_section.h"

namespace assay::reference {
namespace {

using lock_internal::ProcessState;

using points::held_at;
using points::point;

off_t byte_of_owner(std::uint64_t owner) {
  return 2 + static_cast<off_t>(owner);
}

struct flock record(short type, off_t byte) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = byte;
  lock.l_len = 1;
  return lock;
}

bool is_busy(int code) {
  return code == EAGAIN || code == EACCES;
}

tl::unexpected<Error> lock_failure(std::string_view what, int code) {
  return failure(
      fmt::format("cannot take the {} lock: {} ({}); nothing was changed, try again", what, std::strerror(code), code),
      code);
}

bool is_this_process(const ProcessState& state) {
  return state.pid == this_process();
}

}  // namespace

// ---- the lock ----

Expected<std::unique_ptr<SegmentLock>> SegmentLock::create(const std::string& directory) {
  const std::string pattern = directory + "/.assay-lock.XXXXXX";
  std::vector<char> name(pattern.begin(), pattern.end());
  name.push_back('\0');
  const int injected = point("lock/file/open");
  const int descriptor = injected != 0 ? -1 : ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) {
    const int code = injected != 0 ? injected : errno;
    return failure(fmt::format("cannot create the lock file in {}: {} ({}); set opcache.lockfile_path to a directory "
                               "that can be written",
                               directory, std::strerror(code), code),
                   code);
  }
  ::fchmod(descriptor, 0666);
  int refused = point("lock/file/unlink");
  if (refused == 0 && ::unlink(name.data()) != 0) refused = errno;
  if (refused != 0) {
    ::unlink(name.data());
    ::close(descriptor);
    return failure(fmt::format("cannot unlink the lock file in {}: {} ({}); check the rights of the directory",
                               directory, std::strerror(refused), refused),
                   refused);
  }
  return std::unique_ptr<SegmentLock>(new SegmentLock(descriptor));
}

SegmentLock::SegmentLock(int descriptor) : descriptor_(descriptor), state_(new ProcessState(this_process())) {}

SegmentLock::~SegmentLock() {
  ::close(descriptor_);
  delete state_.load();
}

// The mutexes inherited by a forked child may be locked by threads that do not exist in it, so it starts anew.
ProcessState& SegmentLock::state() {
  const pid_t self = this_process();
  ProcessState* current = state_.load(std::memory_order_acquire);
  while (current->pid != self) {
    auto fresh = std::make_unique<ProcessState>(self);
    fresh->parents.reset(current);
    if (state_.compare_exchange_strong(current, fresh.get(), std::memory_order_acq_rel)) return *fresh.release();
    fresh->parents.release();
  }
  return *current;
}

int SegmentLock::take(points::Name place, short type, off_t byte, bool wait) const {
  auto request = record(type, byte);
  while (true) {
    int code = point(place);
    if (code == 0 && ::fcntl(descriptor_, wait ? F_SETLKW : F_SETLK, &request) == 0) return 0;
    if (code == 0) code = errno;
    if (code != EINTR) return code;
  }
}

void SegmentLock::drop(off_t byte) const {
  auto request = record(F_UNLCK, byte);
  while (::fcntl(descriptor_, F_SETLK, &request) != 0 && errno == EINTR) {
  }
}

// Where a plan is armed, a lock that is busy is a place of its own, so that a schedule can let the holder run on.
int SegmentLock::wait_for_write_lock() const {
  if (!points::armed()) return take("lock/write/acquire", F_WRLCK, kWriteByte, true);
  int code = take("lock/write/acquire", F_WRLCK, kWriteByte, false);
  while (is_busy(code) && held_at("lock/write/blocked")) code = take("lock/write/acquire", F_WRLCK, kWriteByte, false);
  return is_busy(code) ? take("lock/write/acquire", F_WRLCK, kWriteByte, true) : code;
}

std::string SegmentLock::file() const {
  return fmt::format("/proc/self/fd/{}", descriptor_);
}

Expected<WriteGuard> SegmentLock::lock() {
  ProcessState& mine = state();
  mine.writing.lock();
  if (const int code = wait_for_write_lock(); code != 0) {
    mine.writing.unlock();
    return lock_failure("write", code);
  }
  point("lock/write/held");
  return WriteGuard(*this, mine);
}

Expected<std::optional<WriteGuard>> SegmentLock::try_lock() {
  ProcessState& mine = state();
  if (!mine.writing.try_lock()) return std::nullopt;
  const int code = take("lock/write/acquire", F_WRLCK, kWriteByte, false);
  if (code == 0) {
    point("lock/write/held");
    return WriteGuard(*this, mine);
  }
  mine.writing.unlock();
  if (is_busy(code)) return std::nullopt;
  return lock_failure("write", code);
}

Expected<std::optional<UsageGuard>> SegmentLock::register_user() {
  ProcessState& mine = state();
  const std::lock_guard counting(mine.counting);
  if (mine.users_excluded) return std::nullopt;
  if (mine.users == 0) {
    const int code = take("lock/usage/acquire", F_RDLCK, kUsageByte, false);
    if (is_busy(code)) return std::nullopt;
    if (code != 0) return lock_failure("usage", code);
  }
  ++mine.users;
  point("lock/usage/held");
  return UsageGuard(*this, mine);
}

Expected<std::optional<ExclusionGuard>> SegmentLock::try_exclude_users() {
  ProcessState& mine = state();
  const std::lock_guard counting(mine.counting);
  if (mine.users != 0 || mine.users_excluded) return std::nullopt;
  const int code = take("lock/restart/acquire", F_WRLCK, kUsageByte, false);
  if (is_busy(code)) {
    point("lock/restart/blocked");
    return std::nullopt;
  }
  if (code != 0) return lock_failure("usage", code);
  mine.users_excluded = true;
  point("lock/restart/held");
  return ExclusionGuard(*this, mine);
}

std::optional<pid_t> SegmentLock::user_process() const {
  auto query = record(F_WRLCK, kUsageByte);
  if (point("lock/usage/query") != 0) return std::nullopt;
  if (::fcntl(descriptor_, F_GETLK, &query) != 0 || query.l_type == F_UNLCK) return std::nullopt;
  return query.l_pid;
}

Expected<OwnerGuard> SegmentLock::register_owner(std::uint64_t owner) {
  ProcessState& mine = state();
  const std::lock_guard counting(mine.counting);
  const int code = take("static/reservation/own", F_WRLCK, byte_of_owner(owner), false);
  if (code != 0) return lock_failure("owner's", code);
  mine.owners.insert(owner);
  return OwnerGuard(*this, mine, owner);
}

// The kernel does not name this process's own locks.
Expected<bool> SegmentLock::owner_lives(std::uint64_t owner) {
  ProcessState& mine = state();
  {
    const std::lock_guard counting(mine.counting);
    if (mine.owners.contains(owner)) return true;
  }
  auto query = record(F_WRLCK, byte_of_owner(owner));
  int code = point("static/reservation/ask");
  if (code == 0 && ::fcntl(descriptor_, F_GETLK, &query) != 0) code = errno;
  if (code != 0)
    return failure(fmt::format("cannot ask who has a reservation: {} ({}); nothing was changed, try again",
                               std::strerror(code), code),
                   code);
  return query.l_type != F_UNLCK;
}

// ---- the guards ----

WriteGuard::WriteGuard(const SegmentLock& lock, ProcessState& state) : lock_(&lock), state_(&state) {
  write_section::begin();
}

WriteGuard::WriteGuard(WriteGuard&& other) noexcept
    : lock_(std::exchange(other.lock_, nullptr)), state_(other.state_) {}

WriteGuard::~WriteGuard() {
  if (lock_ == nullptr || !is_this_process(*state_)) return;
  point("lock/write/release");
  lock_->drop(SegmentLock::kWriteByte);
  state_->writing.unlock();
  point("lock/write/released");
  write_section::end();
}

UsageGuard::UsageGuard(UsageGuard&& other) noexcept
    : lock_(std::exchange(other.lock_, nullptr)), state_(other.state_) {}

UsageGuard& UsageGuard::operator=(UsageGuard&& other) noexcept {
  if (this == &other) return *this;
  release();
  lock_ = std::exchange(other.lock_, nullptr);
  state_ = other.state_;
  return *this;
}

UsageGuard::~UsageGuard() {
  release();
}

bool UsageGuard::covers_this_process() const {
  return lock_ != nullptr && is_this_process(*state_);
}

void UsageGuard::release() {
  if (!covers_this_process()) return;
  // A refusal is of no use to anybody here: the kernel releases what is not released.
  point("lock/usage/release");
  const std::lock_guard counting(state_->counting);
  if (--state_->users == 0) lock_->drop(SegmentLock::kUsageByte);
  lock_ = nullptr;
}

ExclusionGuard::ExclusionGuard(ExclusionGuard&& other) noexcept
    : lock_(std::exchange(other.lock_, nullptr)), state_(other.state_) {}

ExclusionGuard::~ExclusionGuard() {
  if (lock_ == nullptr || !is_this_process(*state_)) return;
  point("lock/restart/release");
  const std::lock_guard counting(state_->counting);
  lock_->drop(SegmentLock::kUsageByte);
  state_->users_excluded = false;
}

OwnerGuard::OwnerGuard(OwnerGuard&& other) noexcept
    : lock_(std::exchange(other.lock_, nullptr)), state_(other.state_), owner_(other.owner_) {}

bool OwnerGuard::covers_this_process() const {
  return lock_ != nullptr && is_this_process(*state_);
}

OwnerGuard::~OwnerGuard() {
  if (!covers_this_process()) return;
  const std::lock_guard counting(state_->counting);
  state_->owners.erase(owner_);
  lock_->drop(byte_of_owner(owner_));
}

}  // namespace assay::reference
