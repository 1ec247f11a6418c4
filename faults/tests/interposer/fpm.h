#pragma once

// A php-fpm of the test's own and a FastCGI client of the smallest useful size.

#include <memory>
#include <string>

#include "faults/tests/interposer/process.h"

namespace assay::interposer_tests {

inline constexpr char kPhpFpm[] = "/usr/sbin/php-fpm8.2";
inline constexpr char kPhpCli[] = "/usr/bin/php8.2";

struct FpmOptions {
  int workers = 1;
  std::string ini;  // lines of php.ini
  Arguments extensions = {"zend_extension=opcache.so"};
  Environment environment;
  Arguments wrapper;  // a program to start it with, such as strace
};

// One connection, which stays with one worker as long as it lives.
class FpmConnection {
 public:
  explicit FpmConnection(const std::string& socket);
  ~FpmConnection();
  FpmConnection(FpmConnection&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  FpmConnection(const FpmConnection&) = delete;
  FpmConnection& operator=(const FpmConnection&) = delete;

  // The body of the answer. Throws when the connection breaks.
  std::string get(const std::string& script);

 private:
  int fd_ = -1;
};

class Fpm {
 public:
  Fpm(const std::string& folder, const FpmOptions& options);
  ~Fpm();

  FpmConnection connect() const { return FpmConnection(socket_); }
  pid_t master() const;
  Process& process() { return *process_; }
  std::string log() const;

 private:
  std::string folder_;
  std::string socket_;
  std::unique_ptr<Process> process_;
};

}  // namespace assay::interposer_tests
