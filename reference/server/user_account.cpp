#include "reference/server/user_account.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>

#include "support/file_descriptor.h"

namespace assay::reference {
namespace {

constexpr int kNotBecome = 70;

bool become(const UserAccount& account) {
  return ::initgroups(account.name.c_str(), account.group) == 0 && ::setgid(account.group) == 0 &&
         ::setuid(account.user) == 0;
}

void write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) ::_exit(kNotBecome);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

std::string read_all(int descriptor) {
  std::string bytes;
  char piece[4096];
  for (;;) {
    const ssize_t count = ::read(descriptor, piece, sizeof piece);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return bytes;
    bytes.append(piece, static_cast<std::size_t>(count));
  }
}

[[noreturn]] void run_child(const UserAccount& account, const std::function<std::string()>& body, pid_t parent,
                            int descriptor) {
  if (!become(account)) ::_exit(kNotBecome);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // which the change of the user takes away
  if (::getppid() != parent) ::_exit(kNotBecome);
  write_all(descriptor, body());
  ::_exit(0);
}

}  // namespace

Expected<UserAccount> find_account(const std::string& name) {
  const passwd* found = ::getpwnam(name.c_str());
  if (found == nullptr) return failure("there is no user " + name + "; name one of this machine");
  return UserAccount{name, found->pw_uid, found->pw_gid};
}

Expected<std::string> run_as(const UserAccount& account, const std::function<std::string()>& body) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return failure(std::string("cannot make a pipe: ") + std::strerror(errno), errno);
  FileDescriptor read_end(ends[0]), write_end(ends[1]);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) return failure(std::string("cannot fork: ") + std::strerror(errno), errno);
  if (child == 0) run_child(account, body, parent, write_end.get());
  write_end.close();
  std::string bytes = read_all(read_end.get());
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return bytes;
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNotBecome) return failure("cannot become the user " + account.name);
  return failure("the process of the user " + account.name + " ended by itself: status " + std::to_string(status));
}

}  // namespace assay::reference
