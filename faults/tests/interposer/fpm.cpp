#include "faults/tests/interposer/fpm.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <stdexcept>

namespace assay::interposer_tests {
namespace {

enum class RecordType : std::uint8_t { begin = 1, end = 3, parameters = 4, input = 5, output = 6 };

std::string record(RecordType type, const std::string& content) {
  std::string bytes = {1, static_cast<char>(type), 0, 1};
  bytes += static_cast<char>(content.size() >> 8);
  bytes += static_cast<char>(content.size() & 0xff);
  return bytes + std::string(2, '\0') + content;
}

std::string parameter(const std::string& name, const std::string& value) {
  std::string bytes;
  for (const std::string* text : {&name, &value}) {
    const auto size = static_cast<std::uint32_t>(text->size());
    if (size < 128) {
      bytes += static_cast<char>(size);
    } else {
      for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>((size | 0x80000000U) >> shift);
    }
  }
  return bytes + name + value;
}

std::string request(const std::string& script) {
  const std::string keep_connection("\0\1\1\0\0\0\0\0", 8);
  return record(RecordType::begin, keep_connection) +
         record(RecordType::parameters, parameter("SCRIPT_FILENAME", script) + parameter("REQUEST_METHOD", "GET")) +
         record(RecordType::parameters, "") + record(RecordType::input, "");
}

std::string receive(int fd, std::size_t count) {
  std::string bytes(count, '\0');
  for (std::size_t got = 0; got < count;) {
    const ssize_t n = recv(fd, bytes.data() + got, count - got, 0);
    if (n <= 0) throw std::runtime_error("php-fpm closed the connection");
    got += static_cast<std::size_t>(n);
  }
  return bytes;
}

int connect_to(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  close(fd);
  return -1;
}

}  // namespace

FpmConnection::FpmConnection(const std::string& socket) : fd_(connect_to(socket)) {
  if (fd_ < 0) throw std::runtime_error("no connection to php-fpm");
}

FpmConnection::~FpmConnection() {
  if (fd_ >= 0) close(fd_);
}

std::string FpmConnection::get(const std::string& script) {
  const std::string bytes = request(script);
  if (send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size())) {
    throw std::runtime_error("php-fpm does not listen");
  }
  std::string output;
  for (;;) {
    const std::string header = receive(fd_, 8);
    const std::size_t length = static_cast<std::uint8_t>(header[4]) * 256U + static_cast<std::uint8_t>(header[5]);
    const std::string content = receive(fd_, length + static_cast<std::uint8_t>(header[6])).substr(0, length);
    const auto type = static_cast<RecordType>(header[1]);
    if (type == RecordType::output) output += content;
    if (type == RecordType::end) break;
  }
  const std::size_t body = output.find("\r\n\r\n");
  return body == std::string::npos ? output : output.substr(body + 4);
}

Fpm::Fpm(const std::string& folder, const FpmOptions& options) : folder_(folder), socket_(folder + "/fpm.sock") {
  write_file(folder + "/own.ini", "date.timezone=UTC\nopcache.lockfile_path=" + folder + "\n" + options.ini);
  const std::string user = geteuid() == 0 ? "user=nobody\ngroup=nogroup\n" : "";
  write_file(folder + "/own.conf", "[global]\npid=" + folder + "/fpm.pid\nerror_log=" + folder +
                                       "/fpm.log\n[www]\nlisten=" + socket_ + "\n" + user +
                                       "pm=static\npm.max_children=" + std::to_string(options.workers) + "\n");
  if (chmod(folder.c_str(), 0755) != 0) throw std::runtime_error("no folder");
  Arguments arguments = options.wrapper;
  arguments.insert(arguments.end(), {kPhpFpm, "-n"});
  for (const std::string& extension : options.extensions) arguments.insert(arguments.end(), {"-d", extension});
  arguments.insert(arguments.end(), {"-c", folder + "/own.ini", "-y", folder + "/own.conf", "-F"});
  unlink(socket_.c_str());
  unlink((folder + "/fpm.log").c_str());
  process_ = std::make_unique<Process>(arguments, options.environment, folder);
  for (int i = 0; i < 2000; ++i) {
    if (log().find("ready to handle connections") != std::string::npos) return;
    usleep(2000);
  }
  throw std::runtime_error("php-fpm did not start: " + log());
}

pid_t Fpm::master() const {
  return std::stoi(read_file(folder_ + "/fpm.pid"));
}

// The master is told to stop, whoever started it; the Process then collects what remains.
Fpm::~Fpm() {
  if (process_->collected()) return;
  if (const std::string pid = read_file(folder_ + "/fpm.pid"); !pid.empty()) kill(std::stoi(pid), SIGTERM);
  for (int i = 0; i < 1000; ++i) {
    siginfo_t gone = {};
    waitid(P_PID, static_cast<id_t>(process_->pid()), &gone, WEXITED | WNOHANG | WNOWAIT);
    if (gone.si_pid != 0) break;
    usleep(5000);
  }
}

std::string Fpm::log() const {
  return read_file(folder_ + "/fpm.log");
}

}  // namespace assay::interposer_tests
