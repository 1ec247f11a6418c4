#pragma once

#include <unistd.h>

#include <utility>

namespace assay::reference {

// An open file: owns one descriptor of the process and closes it at the end of its life. Movable, not copyable.
// A default-constructed one owns nothing. Not thread-safe (one owner at a time).
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int number) : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    if (this != &other) {
      Close();
      number_ = std::exchange(other.number_, -1);
    }
    return *this;
  }
  ~FileDescriptor() { Close(); }

  // The descriptor's number, -1 if nothing is owned. Stays owned by this object.
  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  void Close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

  int number_ = -1;
};

}  // namespace assay::reference
