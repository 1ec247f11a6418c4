#pragma once

#include <poll.h>
#include <nlohmann/json.hpp>

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "conformance/vocabulary/value_json.h"
#include "support/time/time_budget.h"

namespace assay::conformance::process {

// Lines between the suite and an adapter: each message of the suite has a number, each line of the adapter the number of
// the message that it answers, in any order. Several threads may ask at the same time: one of those that wait reads, and
// hands the others theirs.
class Conversation {
 public:
  // Longer lines are garbage.
  static constexpr std::size_t kLongestLine = std::size_t{64} << 20;

  struct Answer {
    enum class Kind {
      message,
      ended,      // the adapter ended, or closed its output, or does not read its input any more
      died,       // the watched process died, and the adapter had nothing to say to that
      timed_out,  // the budget was spent
      undecided,  // the budget says so
      garbage,    // it said something that is no answer to anything; `detail` shows it
    };
    Kind kind = Kind::message;
    Json message;
    std::string detail;
  };

  // The adapter's standard input and output, which do not block, and a pidfd of it; all outlive this.
  Conversation(int input, int output, int adapter) : input_(input), output_(output), adapter_(adapter) {}

  // Sends an object, with its number in front; returns the number. Also where nobody reads it: wait() says so.
  int send(const Json& message, TimeBudget& budget);

  // Waits for the answer to a number that was sent, once each. `process` is a pidfd to watch meanwhile, or -1: who died
  // is waited for a moment longer, for the adapter may still have something of it in its hands.
  Answer wait(int number, TimeBudget& budget, int process = -1);

  // For a message without anything to watch.
  Answer ask(const Json& message, TimeBudget& budget) { return wait(send(message, budget), budget); }

 private:
  struct Question {
    bool answered = false;
    bool awaited = true;  // false: nobody waits any more; its answer is dropped
    Answer answer;
  };

  void write_line(const std::string& line, TimeBudget& budget);
  void read_or_wait(std::unique_lock<std::mutex>& lock, int milliseconds, pollfd other);
  void read_some();
  void take_lines();
  void take_line(const std::string& line);
  void garbage(const std::string& why, const std::string& line);
  void end(const std::string& why);
  std::optional<Answer> answer_of(int number);
  Answer give_up(int number, Answer::Kind kind);

  const int input_, output_, adapter_;
  std::mutex writing_;
  std::mutex mutex_;  // of all below
  std::condition_variable changed_;
  bool is_read_ = false;  // one of the threads reads
  bool skips_line_ = false;
  std::string buffer_;
  std::size_t searched_ = 0;  // of the buffer, for the end of a line
  std::optional<std::string> ended_;
  std::optional<std::string> stray_;  // garbage that came while nobody asked
  int last_ = 0;
  std::map<int, Question> questions_;
};

}  // namespace assay::conformance::process
