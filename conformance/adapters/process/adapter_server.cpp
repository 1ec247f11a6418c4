#include "conformance/adapters/process/adapter_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <optional>

#include "conformance/adapters/process/line_buffer.h"
#include "support/file_descriptor.h"

namespace assay::conformance::process {
namespace {

std::string line_of(const Json& message) {
  return message.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

// What a message is about. Its operations are the worker's to read: they are passed over here.
Json head_of(const std::string& line) {
  const auto passes = [](int depth, Json::parse_event_t event, Json& parsed) {
    return !(event == Json::parse_event_t::key && depth == 1 && parsed == "operations");
  };
  return Json::parse(line, passes, false);
}

// What a worker replies to the operations of a message; those that this program does not know are unsupported.
Expected<Json> replies_to(const Json& message, ServedCache& cache) {
  std::vector<Operation> known;
  std::vector<std::string> complaints;  // for each operation; empty: it is known
  for (const Json& entry : message["operations"]) {
    auto call = call_from_json(entry, "op", operation_specs(), {});
    complaints.push_back(call ? "" : call.error().message);
    if (call) known.push_back(Operation{std::move(*call)});
  }
  const std::vector<Reply> served = ASSAY_TRY(cache.serve(known));
  Json replies = Json::array();
  std::size_t next = 0;
  for (const std::string& complaint : complaints)
    replies.push_back(to_json(complaint.empty() ? served[next++] : Reply::unsupported(complaint)));
  return replies;
}

[[noreturn]] void worker_main(ServedCache& cache, int number, int channel, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
  if (const auto entered = cache.enter(number); !entered) {
    std::fprintf(stderr, "worker %d: %s\n", number, entered.error().message.c_str());
    ::_exit(1);
  }
  LineBuffer input(channel);
  for (std::vector<std::string> lines; input.read(lines); lines.clear()) {
    for (const std::string& line : lines) {
      const Json message = Json::parse(line);
      auto replies = replies_to(message, cache);
      const Json answer = replies ? Json{{"replies", std::move(*replies)}} : Json{{"error", replies.error().message}};
      Json numbered = {{"id", message["id"]}};
      numbered.update(answer);
      if (!write_whole(channel, line_of(numbered))) ::_exit(1);
    }
  }
  ::_exit(0);
}

class Server {
 public:
  Server(ServedCache& cache, int output) : cache_(cache), input_(STDIN_FILENO), output_(output) {}

  int run() {
    while (!is_over_) {
      std::vector<pollfd> events = {{STDIN_FILENO, POLLIN, 0}};
      std::vector<std::size_t> numbers;
      for (std::size_t i = 0; i < workers_.size(); ++i) {
        if (!workers_[i]) continue;
        events.push_back({workers_[i]->channel.get(), POLLIN, 0});
        numbers.push_back(i);
      }
      if (::poll(events.data(), events.size(), -1) < 0) continue;
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (events[i + 1].revents != 0) hand_on(numbers[i]);
      }
      std::vector<std::string> lines;
      if (events[0].revents != 0 && !input_.read(lines)) break;
      for (const std::string& line : lines) take(line);
    }
    end_workers();
    return 0;
  }

 private:
  struct Hand {
    FileDescriptor channel;
    LineBuffer replies;
    pid_t process;
    Json request;  // the number of the one under way; null: none
  };

  void say(const Json& id, const Json& body) {
    Json message = {{"id", id}};
    message.update(body);
    if (!write_whole(output_, line_of(message))) is_over_ = true;
  }

  void take(const std::string& line) {
    const Json message = head_of(line);
    if (!message.is_object() || !message.contains("id")) return;
    const Json id = message["id"];
    if (message.contains("end")) {
      is_over_ = true;
    } else if (message.contains("worker")) {
      request(message, line);
    } else if (auto answer = answer_to(message)) {
      say(id, *answer);
    } else {
      say(id, {{"error", answer.error().message}});
    }
  }

  void request(const Json& message, const std::string& line) {
    auto& hand = workers_.at(message["worker"].get<std::size_t>());
    if (!hand || !write_whole(hand->channel.get(), line + "\n"))
      return say(message["id"], {{"died", "the worker is gone"}});
    hand->request = message["id"];
  }

  Expected<Json> answer_to(const Json& message) {
    if (message.contains("hello")) return greeting_json(ASSAY_TRY(cache_.greeting()));
    if (message.contains("start")) {
      const auto [configuration, sandbox] = ASSAY_TRY(start_from(message["start"]));
      configuration_ = configuration;
      sandbox_ = sandbox;
      return begin_all();
    }
    if (message.contains("reload")) {
      end_workers();
      return begin_all();
    }
    if (!message.contains("replace")) return failure("this adapter does not know such a message");
    const auto number = message["replace"].get<std::size_t>();
    end_worker(number);
    return Json{{"workers", Json::array({ASSAY_TRY(begin(number))})}};
  }

  Expected<Json> begin_all() {
    ASSAY_TRY(cache_.start(configuration_, sandbox_));
    workers_.clear();
    workers_.resize(static_cast<std::size_t>(configuration_.worker_count()));
    Json processes = Json::array();
    for (std::size_t i = 0; i < workers_.size(); ++i) processes.push_back(ASSAY_TRY(begin(i)));
    return Json{{"workers", std::move(processes)}};
  }

  Expected<pid_t> begin(std::size_t number) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return failure("cannot make a socket pair");
    FileDescriptor ours(ends[0]), theirs(ends[1]);
    const pid_t self = ::getpid();
    const pid_t pid = ::fork();
    if (pid < 0) return failure("cannot fork a worker");
    if (pid == 0) {
      ours.close();
      for (auto& other : workers_) other.reset();
      ::close(STDIN_FILENO);
      ::close(output_);
      worker_main(cache_, static_cast<int>(number), theirs.get(), self);
    }
    const int channel = ours.get();
    workers_[number].emplace(Hand{std::move(ours), LineBuffer(channel), pid, nullptr});
    return pid;
  }

  void hand_on(std::size_t number) {
    std::vector<std::string> lines;
    const bool lives = workers_[number]->replies.read(lines);
    for (const std::string& line : lines) {
      workers_[number]->request = nullptr;
      if (!write_whole(output_, line + "\n")) is_over_ = true;
    }
    if (lives) return;
    const Json request = workers_[number]->request;
    const std::string how = end_worker(number);
    if (!request.is_null()) say(request, {{"died", how}});
  }

  std::string end_worker(std::size_t number) {
    if (!workers_.at(number)) return "";
    const pid_t pid = workers_[number]->process;
    workers_[number].reset();
    // One that closed its connection by dying is dead already, but may not have been a moment ago.
    int status = 0;
    for (int i = 0; i < 100 && ::waitpid(pid, &status, WNOHANG) == 0; ++i) {
      if (i == 99) ::kill(pid, SIGKILL);
      ::usleep(100);
    }
    if (::kill(pid, 0) == 0) (void)::waitpid(pid, &status, 0);
    if (WIFSIGNALED(status)) return fmt::format("process {} was killed by signal {}", pid, WTERMSIG(status));
    return fmt::format("process {} ended with status {}", pid, WEXITSTATUS(status));
  }

  void end_workers() {
    for (auto& hand : workers_) {
      if (hand) ::kill(hand->process, SIGKILL);
    }
    for (std::size_t i = 0; i < workers_.size(); ++i) (void)end_worker(i);
  }

  ServedCache& cache_;
  LineBuffer input_;
  const int output_;
  bool is_over_ = false;
  Configuration configuration_;
  Sandbox sandbox_;
  std::vector<std::optional<Hand>> workers_;
};

}  // namespace

int serve_over_standard_streams(ServedCache& cache) {
  ::signal(SIGPIPE, SIG_IGN);
  const FileDescriptor output(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3));
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  return Server(cache, output.get()).run();
}

}  // namespace assay::conformance::process
