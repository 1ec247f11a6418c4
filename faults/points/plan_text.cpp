// The text form of a fault (see plan.h).

#include <charconv>
#include <optional>
#include <sstream>

#include "faults/points/plan.h"
#include "support/text/error_name.h"

namespace assay::points {
namespace {

std::optional<std::uint64_t> to_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<int> to_errno(std::string_view text) {
  if (const auto error = error_named(text)) return error;
  const auto number = to_number(text);
  if (!number || *number == 0 || *number > 4095) return std::nullopt;
  return static_cast<int>(*number);
}

struct Word {
  std::string_view key;
  std::string_view value;  // after ':'; empty without one
};

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    const std::size_t colon = word.find(':');
    if (colon == std::string_view::npos) {
      words.push_back({word, {}});
    } else {
      words.push_back({word.substr(0, colon), word.substr(colon + 1)});
    }
  }
  return words;
}

bool set_effect(Fault& fault, const Word& word) {
  if (word.key == "fail") {
    const auto error = to_errno(word.value);
    fault = fail(fault.point, error.value_or(0));
    return error.has_value();
  }
  if (word.key == "delay") {
    const auto microseconds = to_number(word.value);
    fault = delay_at(fault.point, microseconds.value_or(0));
    return microseconds.value_or(0) > 0;
  }
  if (!word.value.empty()) return false;
  if (word.key == "kill") {
    fault = kill_at(fault.point);
  } else if (word.key == "pause") {
    fault = pause_at(fault.point);
  } else if (word.key == "count") {
    fault = count_at(fault.point);
  } else {
    return false;
  }
  return true;
}

bool set_option(Fault& fault, const Word& word) {
  const auto number = to_number(word.value);
  if (!number) return false;
  if (word.key == "once" || word.key == "from" || word.key == "every") {
    const When when = word.key == "once" ? When::once : word.key == "from" ? When::from : When::every;
    fault.when = {when, *number, fault.when.limit};
    return *number > 0;
  }
  if (word.key == "limit") {
    fault.when.limit = *number;
  } else if (word.key == "worker") {
    fault.worker = static_cast<std::int32_t>(*number);
  } else if (word.key == "pid") {
    fault.pid = static_cast<std::int32_t>(*number);
  } else {
    return false;
  }
  return *number <= INT32_MAX || word.key == "limit";
}

const char* when_name(When when) {
  switch (when) {
    case When::once:
      return "once";
    case When::from:
      return "from";
    case When::every:
      return "every";
  }
  return "unknown";
}

}  // namespace

std::string to_text(const Fault& fault) {
  std::ostringstream text;
  text << fault.point << ' ' << effect_name(fault.effect);
  if (fault.effect == Effect::fail) text << ':' << errno_name(fault.error);
  if (fault.effect == Effect::delay) text << ':' << fault.delay_us;
  text << ' ' << when_name(fault.when.when) << ':' << fault.when.n;
  if (fault.when.limit != 0) text << " limit:" << fault.when.limit;
  if (fault.worker != kAnyWorker) text << " worker:" << fault.worker;
  if (fault.pid != 0) text << " pid:" << fault.pid;
  return text.str();
}

Expected<Fault> parse_fault(std::string_view text) {
  const std::vector<Word> words = words_of(text);
  const auto refuse = [&](std::string_view why) {
    std::ostringstream message;
    message << "fault '" << text << "': " << why;
    return tl::unexpected(Error{message.str()});
  };
  if (words.size() < 2) {
    return refuse("expected POINT EFFECT [once:N|from:N|every:N] [limit:N] [worker:N] [pid:N]");
  }
  if (!words[0].value.empty()) return refuse("the name of a point has no ':'");
  Fault fault;
  fault.point = words[0].key;
  if (!set_effect(fault, words[1])) {
    return refuse("the effect is fail:ERRNO, kill, pause, delay:MICROSECONDS or count");
  }
  for (std::size_t i = 2; i < words.size(); ++i) {
    if (set_option(fault, words[i])) continue;
    return refuse(std::string(words[i].key) + ": expected once:N, from:N, every:N, limit:N, worker:N or pid:N");
  }
  return fault;
}

}  // namespace assay::points
