#include "faults/tests/interposer/process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace assay::interposer_tests {
namespace {

[[noreturn]] void become(const Arguments& arguments, const Environment& environment, const std::string& folder,
                         int output) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  if (chdir(folder.c_str()) != 0) _exit(126);
  for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  execvp(argv[0], argv.data());
  _exit(127);
}

}  // namespace

Process::Process(const Arguments& arguments, const Environment& environment, const std::string& folder) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  pid_ = fork();
  if (pid_ == 0) become(arguments, environment, folder, ends[1]);
  setpgid(pid_, pid_);
  close(ends[1]);
  output_ = ends[0];
}

Process::~Process() {
  kill(-pid_, SIGKILL);
  if (!collected_) wait();
  // What its children left, which are the test's since they lost their parent.
  while (waitpid(-pid_, nullptr, 0) > 0) {
  }
  close(output_);
}

std::string Process::read_line() {
  std::string line;
  for (char c; read(output_, &c, 1) == 1 && c != '\n';) line += c;
  return line;
}

std::string Process::read_all() {
  std::string text;
  char buffer[4096];
  for (ssize_t got; (got = read(output_, buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<size_t>(got));
  return text;
}

int Process::wait() {
  int status = 0;
  waitpid(pid_, &status, 0);
  collected_ = true;
  return status;
}

void Process::signal(int number) {
  kill(pid_, number);
}

Outcome run(const Arguments& arguments, const Environment& environment, const std::string& folder) {
  Process process(arguments, environment, folder);
  Outcome outcome;
  outcome.output = process.read_all();
  const int status = process.wait();
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return outcome;
}

bool have_program(const std::string& program) {
  if (program.find('/') != std::string::npos) return access(program.c_str(), X_OK) == 0;
  std::stringstream path(std::getenv("PATH") != nullptr ? std::getenv("PATH") : "/usr/bin:/bin");
  for (std::string folder; std::getline(path, folder, ':');) {
    if (access((folder + "/" + program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

std::string read_file(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace assay::interposer_tests
