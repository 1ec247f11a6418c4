#include "conformance/reports/failure_lanes.h"

#include <algorithm>
#include <cstdio>
#include <map>

namespace assay::conformance {
namespace {

using Row = FailureLanes::Row;
using State = FailureLanes::State;

std::string without_blanks(const std::string& text, std::size_t from) {
  const auto first = text.find_first_not_of(' ', from);
  return first == std::string::npos ? "" : text.substr(first);
}

// Takes "  3. " off the front of a line.
std::string take_number(std::string& line) {
  int step = 0, end = 0;
  char dot = 0;
  if (std::sscanf(line.c_str(), " %d%c%n", &step, &dot, &end) != 2 || dot != '.') return "";
  line = without_blanks(line, static_cast<std::size_t>(end));
  return std::to_string(step);
}

// Takes "W1: " off the front.
int take_worker(std::string& line) {
  int worker = -1, end = 0;
  const std::string text = without_blanks(line, 0);
  if (std::sscanf(text.c_str(), "W%d: %n", &worker, &end) != 1 || end == 0 || worker > 255) return -1;
  line = text.substr(static_cast<std::size_t>(end));
  return worker;
}

// What stands between `before` and `after` around the whole of a text; empty: it does not.
std::string inside(const std::string& text, const std::string& before, const std::string& after) {
  const bool fits = text.starts_with(before) && text.ends_with(after) && text.size() > before.size() + after.size();
  return fits ? text.substr(before.size(), text.size() - before.size() - after.size()) : "";
}

class Drawing {
 public:
  FailureLanes draw(const std::vector<FailureDetails::Line>& lines) {
    for (const FailureDetails::Line& line : lines) add(line);
    for (Row& row : lanes_.rows) row.lanes.resize(static_cast<std::size_t>(lanes_.workers), State::idle);
    return std::move(lanes_);
  }

 private:
  void add(const FailureDetails::Line& line) {
    Row row;
    row.text = line.text;
    row.failed = line.failed;
    row.number = take_number(row.text);
    row.worker = take_worker(row.text);
    row.text = without_blanks(row.text, 0);
    if (lanes_.rows.empty() && row.number.empty()) {
      lanes_.head.push_back(row.text);
      return;
    }
    if (row.worker >= 0) last_worker_ = row.worker;
    lanes_.workers = std::max(lanes_.workers, row.worker + 1);
    follow(row);
    row.clock = clock_;
    row.lanes = states(row);
    lanes_.rows.push_back(std::move(row));
  }

  // Clock and background requests.
  void follow(const Row& row) {
    if (row.worker >= 0) return;
    if (const std::string seconds = inside(row.text, "advance_clock(", ")"); !seconds.empty())
      clock_ += std::strtoll(seconds.c_str(), nullptr, 10);
    if (const std::string name = inside(row.text, "(in the background as ", ")"); !name.empty())
      running_[name] = last_worker_;
    if (const std::string name = inside(row.text, "await(\"", "\")"); !name.empty()) running_.erase(name);
  }

  std::vector<State> states(const Row& row) const {
    std::vector<State> states;
    const auto set = [&](int worker, State state) {
      if (worker < 0) return;
      if (states.size() <= static_cast<std::size_t>(worker)) states.resize(static_cast<std::size_t>(worker) + 1);
      states[static_cast<std::size_t>(worker)] = state;
    };
    for (const auto& [name, worker] : running_) set(worker, State::runs);
    set(row.worker, State::acts);
    return states;
  }

  FailureLanes lanes_;
  std::int64_t clock_ = 0;
  int last_worker_ = -1;
  std::map<std::string, int> running_;
};

}  // namespace

FailureLanes lanes_of(const std::vector<FailureDetails::Line>& lines) {
  return Drawing().draw(lines);
}

}  // namespace assay::conformance
