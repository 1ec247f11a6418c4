#pragma once

#include <unistd.h>

#include <utility>

namespace assay {

// Owns one descriptor of the process and closes it at the end of its life. Movable, not copyable; a default-constructed
// one owns nothing. One owner at a time: not thread-safe.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int number) : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    if (this != &other) {
      close();
      number_ = other.release();
    }
    return *this;
  }
  ~FileDescriptor() { close(); }

  bool is_open() const { return number_ >= 0; }
  // The descriptor's number, -1 if nothing is owned. Stays owned by this object.
  int get() const { return number_; }
  // Hands the descriptor over to the caller.
  int release() { return std::exchange(number_, -1); }
  // False where closing failed: some file systems report a full disk only then (errno says so). True if nothing is owned.
  bool close() {
    const int number = release();
    return number < 0 || ::close(number) == 0;
  }

 private:
  int number_ = -1;
};

}  // namespace assay
