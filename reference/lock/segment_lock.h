#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "faults/points/name.h"
#include "support/error.h"

namespace assay::reference {

class SegmentLock;

namespace lock_internal {

// What one process keeps in its own memory about a lock: the kernel's record locks exclude processes only, these
// mutexes exclude the threads of one, and tell ThreadSanitizer so. A forked child starts with a state of its own.
struct ProcessState {
  explicit ProcessState(pid_t process) : pid(process) {}
  const pid_t pid;
  std::mutex writing;
  std::mutex counting;  // guards the three members below
  int users = 0;
  bool users_excluded = false;
  std::set<std::uint64_t> owners;
  std::unique_ptr<ProcessState>
      parents;  // of the process this one was forked from: kept, because a guard may refer to it
};

}  // namespace lock_internal

// Holds the write lock: at most one in all processes and threads that share the SegmentLock. Movable; released by its
// destructor, or by the kernel when the process dies. In a forked child the guard inherited from the parent holds
// nothing and releases nothing (GU-SYS-04). While it is held signals that would end the process wait (write_section.h).
class [[nodiscard]] WriteGuard {
 public:
  WriteGuard(WriteGuard&& other) noexcept;
  WriteGuard& operator=(WriteGuard&&) = delete;
  ~WriteGuard();

 private:
  friend class SegmentLock;
  WriteGuard(const SegmentLock& lock, lock_internal::ProcessState& state);
  const SegmentLock* lock_;
  lock_internal::ProcessState* state_;
};

// Says that this process uses what is in the segment; while one exists no restart is performed (SC-LCK-02, SC-RST-12).
// Movable; as for WriteGuard, death releases it and a forked child does not have it.
class [[nodiscard]] UsageGuard {
 public:
  UsageGuard(UsageGuard&& other) noexcept;
  UsageGuard& operator=(UsageGuard&& other) noexcept;
  ~UsageGuard();

  // False in a child forked since: it has to register for itself.
  bool covers_this_process() const;

 private:
  friend class SegmentLock;
  UsageGuard(const SegmentLock& lock, lock_internal::ProcessState& state) : lock_(&lock), state_(&state) {}
  void release();
  const SegmentLock* lock_;
  lock_internal::ProcessState* state_;
};

// Shuts out all users while it exists: what a restart needs besides the write lock.
class [[nodiscard]] ExclusionGuard {
 public:
  ExclusionGuard(ExclusionGuard&& other) noexcept;
  ExclusionGuard& operator=(ExclusionGuard&&) = delete;
  ~ExclusionGuard();

 private:
  friend class SegmentLock;
  ExclusionGuard(const SegmentLock& lock, lock_internal::ProcessState& state) : lock_(&lock), state_(&state) {}
  const SegmentLock* lock_;
  lock_internal::ProcessState* state_;
};

// Shows all processes that an owner, who is known by a number, is alive. Movable; as for WriteGuard, death ends it and
// a forked child does not have it (ST-LCK-20).
class [[nodiscard]] OwnerGuard {
 public:
  OwnerGuard(OwnerGuard&& other) noexcept;
  OwnerGuard& operator=(OwnerGuard&&) = delete;
  ~OwnerGuard();

  bool covers_this_process() const;

 private:
  friend class SegmentLock;
  OwnerGuard(const SegmentLock& lock, lock_internal::ProcessState& state, std::uint64_t owner)
      : lock_(&lock), state_(&state), owner_(owner) {}
  const SegmentLock* lock_;
  lock_internal::ProcessState* state_;
  std::uint64_t owner_;
};

// The lock of one segment, for processes forked from its creator and for their threads.
//
// It is made of classic record locks on a temporary file that has no name any more: the kernel frees them at the death
// of the holder, whatever kills it, and can name the holder (SC-LCK-09, GU-LIV-01). Byte 0 is the write lock, byte 1
// the usage lock, each byte from 2 on an owner. Record locks do not exclude the threads of a process, so a mutex
// private to the process stands outside each. They belong to the process, not to the descriptor, so a forked child
// holds none of them.
//
// Interrupted calls are repeated (SC-LCK-06, GU-LIV-04); every other error of the system is an error value and nothing
// is held. A lock that is busy is no error.
class SegmentLock {
 public:
  // directory: where the file is created for a moment (SC-SEG-07). The error names it.
  static Expected<std::unique_ptr<SegmentLock>> create(const std::string& directory);

  SegmentLock(const SegmentLock&) = delete;
  SegmentLock& operator=(const SegmentLock&) = delete;
  ~SegmentLock();

  // The file, which has no name any more, for this process to open; whoever closes what it opened gives up all that this
  // process holds of it. Its bytes are kWriteByte, kUsageByte, and one for each owner.
  std::string file() const;
  static constexpr off_t kWriteByte = 0;
  static constexpr off_t kUsageByte = 1;

  // Waits for the write lock. Not recursive: a thread that holds it must not ask again.
  Expected<WriteGuard> lock();
  // The write lock, or nothing when somebody holds it.
  Expected<std::optional<WriteGuard>> try_lock();

  // Registers a user without waiting (SC-LCK-02), or nothing when a restart shuts users out at the moment. Counted per
  // process: the first one in takes the kernel's lock, the last one out releases it.
  Expected<std::optional<UsageGuard>> register_user();
  // Nothing when any process or any other thread is registered.
  Expected<std::optional<ExclusionGuard>> try_exclude_users();
  // A process other than this one that is registered as user, if there is any (SC-RST-15).
  std::optional<pid_t> user_process() const;

  // Shows that an owner lives. Its number is given to one owner only while the lock exists.
  Expected<OwnerGuard> register_owner(std::uint64_t owner);
  // Whether it lives, as the kernel says; an error where the kernel says nothing.
  Expected<bool> owner_lives(std::uint64_t owner);

 private:
  friend class WriteGuard;
  friend class UsageGuard;
  friend class ExclusionGuard;
  friend class OwnerGuard;
  explicit SegmentLock(int descriptor);

  lock_internal::ProcessState& state();
  // 0 or an error number.
  int take(points::Name place, short type, off_t byte, bool wait) const;
  int wait_for_write_lock() const;
  void drop(off_t byte) const;

  const int descriptor_;
  std::atomic<lock_internal::ProcessState*> state_;
};

}  // namespace assay::reference
