#include "conformance/adapters/process/conversation.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "conformance/vocabulary/json_text.h"
#include "support/proc/without_sigpipe.h"

namespace assay::conformance::process {
namespace {

using Kind = Conversation::Answer::Kind;

// What an adapter is given to hand on what a process said before it died.
constexpr std::chrono::milliseconds kAfterDeath{50};
// A thread that does not read itself looks that often whether it should.
constexpr int kNap = 20;

ssize_t write_some(int descriptor, const char* bytes, std::size_t size) {
  const WithoutSigpipe quiet;
  return ::write(descriptor, bytes, size);
}

std::string beginning(const std::string& line) {
  constexpr std::size_t kShown = 160;
  std::string shown = line.substr(0, kShown);
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) c = '?';
  }
  return line.size() > kShown ? shown + "..." : shown;
}

bool is_gone(int process) {
  pollfd event{process, POLLIN, 0};
  return process >= 0 && ::poll(&event, 1, 0) > 0;
}

}  // namespace

int Conversation::send(const Json& message, TimeBudget& budget) {
  const std::lock_guard writing(writing_);
  int number = 0;
  {
    const std::lock_guard lock(mutex_);
    number = ++last_;
    Question& question = questions_[number];
    if (stray_) {
      question.answered = true;
      question.answer = {Kind::garbage, {}, *std::exchange(stray_, std::nullopt)};
    }
  }
  Json numbered = {{"id", number}};
  numbered.update(message);
  write_line(numbered.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n", budget);
  return number;
}

// What the adapter says meanwhile is read: it may not read before it has said it.
void Conversation::write_line(const std::string& line, TimeBudget& budget) {
  for (std::size_t done = 0; done < line.size();) {
    const ssize_t n = write_some(input_, line.data() + done, line.size() - done);
    if (n > 0) {
      done += static_cast<std::size_t>(n);
      continue;
    }
    if (n < 0 && errno == EINTR) continue;
    std::unique_lock lock(mutex_);
    if (n < 0 && errno != EAGAIN) return end(fmt::format("it does not read its input: {}", std::strerror(errno)));
    if (ended_) return;
    if (budget.look() != TimeBudget::State::left) return;  // wait() says it
    if (is_read_) {
      lock.unlock();
      pollfd event{input_, POLLOUT, 0};
      ::poll(&event, 1, kNap);
    } else {
      read_or_wait(lock, budget.milliseconds_to_next_look(), {input_, POLLOUT, 0});
    }
  }
}

Conversation::Answer Conversation::wait(int number, TimeBudget& budget, int process) {
  std::unique_lock lock(mutex_);
  std::optional<TimeBudget> after_death;
  Kind otherwise = Kind::timed_out;
  const auto look_at = [&](int handle, Kind kind) {
    if (after_death || !is_gone(handle)) return;
    after_death.emplace(kAfterDeath);
    otherwise = kind;
  };
  for (bool is_last = false;;) {
    if (auto answer = answer_of(number)) return *answer;
    if (ended_) return give_up(number, Kind::ended);
    if (is_last) return give_up(number, otherwise);
    look_at(process, Kind::died);
    look_at(adapter_, Kind::ended);
    TimeBudget& patience = after_death ? *after_death : budget;
    const int milliseconds = std::min(patience.milliseconds_to_next_look(), process >= 0 ? kNap * 5 : 1000);
    if (is_read_)
      changed_.wait_for(lock, std::chrono::milliseconds(std::min(milliseconds, kNap)));
    else
      read_or_wait(lock, milliseconds, {after_death ? -1 : process >= 0 ? process : adapter_, POLLIN, 0});
    // Whoever is late looks once more.
    if (patience.look() == TimeBudget::State::left) continue;
    is_last = true;
    if (!after_death && patience.look() == TimeBudget::State::undecided) otherwise = Kind::undecided;
    if (!is_read_) read_or_wait(lock, 0, {-1, 0, 0});
  }
}

// Waits for something to read, or for `other`. Unlocked meanwhile.
void Conversation::read_or_wait(std::unique_lock<std::mutex>& lock, int milliseconds, pollfd other) {
  is_read_ = true;
  lock.unlock();
  pollfd events[] = {{output_, POLLIN, 0}, other};
  ::poll(events, 2, milliseconds);
  lock.lock();
  if (events[0].revents != 0) read_some();
  is_read_ = false;
  changed_.notify_all();
}

void Conversation::read_some() {
  char chunk[65536];
  const ssize_t got = ::read(output_, chunk, sizeof chunk);
  if (got < 0) return;
  if (got == 0) return end(buffer_.empty() ? "it closed its output" : "its output ended in the middle of a line");
  buffer_.append(chunk, static_cast<std::size_t>(got));
  take_lines();
}

void Conversation::take_lines() {
  std::size_t begin = 0;
  for (;;) {
    const std::size_t end = buffer_.find('\n', std::max(begin, searched_));
    if (end == std::string::npos) break;
    if (!std::exchange(skips_line_, false)) take_line(buffer_.substr(begin, end - begin));
    begin = end + 1;
    searched_ = begin;
  }
  buffer_.erase(0, begin);
  searched_ = buffer_.size();
  if (buffer_.size() <= kLongestLine) return;
  if (!skips_line_) garbage(fmt::format("a line of more than {} MiB", kLongestLine >> 20), buffer_);
  skips_line_ = true;
  buffer_.clear();
  searched_ = 0;
}

void Conversation::take_line(const std::string& line) {
  if (is_nested_deeper(line)) return garbage(fmt::format("a line nested deeper than {} levels", kMostLevels), line);
  Json message = Json::parse(line, nullptr, false);
  if (message.is_discarded()) return garbage("a line that is no JSON", line);
  if (!message.is_object()) return garbage("a line that is no JSON object", line);
  const auto id = message.find("id");
  if (id == message.end() || !id->is_number_integer())
    return garbage("a message without the number \"id\" of the one that it answers", line);
  const auto number = id->get<std::int64_t>();
  const auto question = questions_.find(static_cast<int>(number));
  if (number < 1 || number > last_)
    return garbage(fmt::format("an answer to message {}, which nobody sent", number), line);
  const bool was_garbage = question != questions_.end() && question->second.answer.kind == Kind::garbage;
  if (was_garbage) return;
  if (question == questions_.end() || question->second.answered)
    return garbage(fmt::format("a second answer to message {}", number), line);
  if (!question->second.awaited) {
    questions_.erase(question);
    return;
  }
  message.erase("id");
  question->second.answered = true;
  question->second.answer.message = std::move(message);
}

// It belongs to nobody, so it concerns all who wait; where nobody does, whoever asks next.
void Conversation::garbage(const std::string& why, const std::string& line) {
  const std::string detail = fmt::format("{}: {}", why, beginning(line));
  bool concerns_somebody = false;
  for (auto& [number, question] : questions_) {
    if (question.answered || !question.awaited) continue;
    question.answered = true;
    question.answer = {Kind::garbage, {}, detail};
    concerns_somebody = true;
  }
  if (!concerns_somebody && !stray_) stray_ = detail;
}

void Conversation::end(const std::string& why) {
  if (!ended_) ended_ = why;
  changed_.notify_all();
}

// A question whose answer was garbage may be answered yet: that is dropped.
std::optional<Conversation::Answer> Conversation::answer_of(int number) {
  Question& question = questions_.at(number);
  if (!question.answered) return std::nullopt;
  Answer answer = std::move(question.answer);
  if (answer.kind == Kind::garbage)
    question = {false, false, {}};
  else
    questions_.erase(number);
  return answer;
}

Conversation::Answer Conversation::give_up(int number, Answer::Kind kind) {
  questions_.at(number) = {false, false, {}};
  return {kind, {}, ended_.value_or("")};
}

}  // namespace assay::conformance::process
