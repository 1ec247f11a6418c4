#include "conformance/generators/shrink.h"

#include <algorithm>
#include <set>

#include "conformance/vocabulary/late_start.h"

namespace assay::conformance {

namespace {

using Clock = std::chrono::steady_clock;

// All arguments of the calls of a trace, to be changed in place.
template <class Change>
void for_each_argument(Trace& trace, Change change) {
  const auto visit = [&](Call& call) {
    for (std::size_t i = 0; i < call.arguments.size(); ++i) change(call.spec->parameters[i], call.arguments[i]);
  };
  for (Step& step : trace.steps) {
    if (auto* action = std::get_if<Action>(&step)) {
      visit(*action);
    } else {
      for (Exchange& exchange : std::get<Request>(step).exchanges) visit(exchange.operation);
    }
  }
}

// Simpler values of the same kind, the simplest first.
std::vector<Value> simpler(const Value& value) {
  std::vector<Value> candidates;
  if (value.is_int()) {
    for (const std::int64_t small : {std::int64_t{0}, std::int64_t{1}, value.as_int() / 2})
      if (std::abs(small) < std::abs(value.as_int())) candidates.emplace_back(small);
    if (value.as_int() < 0) candidates.emplace_back(-value.as_int());
  } else if (value.is_string()) {
    const std::string& text = value.as_string();
    if (text.size() > 1) candidates.emplace_back(text.substr(0, 1));
    if (text.size() > 8) candidates.emplace_back(text.substr(0, text.size() / 2));
  } else if (value.is_array()) {
    candidates.emplace_back(1);
    Elements shorter = value.as_array();
    if (!shorter.empty()) {
      shorter.pop_back();
      candidates.emplace_back(std::move(shorter));
    }
  } else if (value.is_float() || value.is_object()) {
    candidates.emplace_back(1);
  }
  return candidates;
}

// What may be simplified: data, not names.
bool is_data(const Parameter& parameter) {
  static const std::set<std::string> names = {"value",   "values", "data", "content", "ttl",
                                              "seconds", "age",    "step", "default"};
  return names.contains(parameter.name);
}

class Shrinker {
 public:
  Shrinker(const Trace& failing, const std::string& clause, const Fails& fails, const Legal& legal, ShrinkLimits limits)
      : clause_(clause), fails_(fails), legal_(legal), limits_(limits), deadline_(Clock::now() + limits.time) {
    result_.trace = failing;
  }

  Shrunk shrink() {
    std::size_t before = 0;
    do {
      before = size_of(result_.trace);
      drop_steps();
      drop_operations();
      merge_workers();
      rename_keys();
      drop_lines();
      simplify_arguments();
      drop_directives();
    } while (size_of(result_.trace) < before && !over());
    result_.finished = !over();
    return std::move(result_);
  }

 private:
  bool over() const { return result_.runs >= limits_.runs || Clock::now() >= deadline_; }

  // Takes the candidate where it fails for the same clause.
  bool accept(Trace candidate) {
    if (over() || starts_late(candidate) != starts_late(result_.trace) || !legal_(candidate)) return false;
    ++result_.runs;
    const std::optional<std::string> clause = fails_(candidate);
    if (clause != clause_) return false;
    result_.trace = std::move(candidate);
    return true;
  }

  // From the end: what comes after the failure goes first.
  void drop_steps() {
    for (std::size_t piece = std::max<std::size_t>(result_.trace.steps.size() / 2, 1);; piece /= 2) {
      for (std::size_t end = result_.trace.steps.size(); end > 0 && !over();) {
        const std::size_t begin = end > piece ? end - piece : 0;
        Trace candidate = result_.trace;
        candidate.steps.erase(candidate.steps.begin() + static_cast<std::ptrdiff_t>(begin),
                              candidate.steps.begin() + static_cast<std::ptrdiff_t>(end));
        accept(std::move(candidate));
        end = begin;
      }
      if (piece <= 1) return;
    }
  }

  void drop_operations() {
    for (std::size_t step = result_.trace.steps.size(); step-- > 0 && !over();) {
      const auto* request = std::get_if<Request>(&result_.trace.steps[step]);
      if (!request || request->exchanges.size() < 2) continue;
      for (std::size_t i = request->exchanges.size(); i-- > 0 && !over();) {
        Trace candidate = result_.trace;
        auto& exchanges = std::get<Request>(candidate.steps[step]).exchanges;
        if (exchanges.size() < 2) break;
        exchanges.erase(exchanges.begin() + static_cast<std::ptrdiff_t>(i));
        accept(std::move(candidate));
      }
    }
  }

  // Each worker's requests to the first one, and unused workers away where the pools have no settings of their own.
  void merge_workers() {
    for (int worker = result_.trace.configuration.worker_count() - 1; worker > 0; --worker) {
      Trace candidate = result_.trace;
      bool used = false;
      for (Step& step : candidate.steps) {
        auto* request = std::get_if<Request>(&step);
        if (!request || request->worker != worker) continue;
        request->worker = 0;
        used = true;
      }
      if (used) accept(std::move(candidate));
    }
    int last_used = 0;
    for (const Step& step : result_.trace.steps) {
      if (const auto* request = std::get_if<Request>(&step)) last_used = std::max(last_used, request->worker);
      const auto* action = std::get_if<Action>(&step);
      if (action && (action->kind() == ActionKind::kill || action->kind() == ActionKind::stop ||
                     action->kind() == ActionKind::resume))
        last_used = std::max(last_used, static_cast<int>(action->integer("worker")));
    }
    Trace candidate = result_.trace;
    auto& pools = candidate.configuration.pools;
    const bool plain = std::all_of(pools.begin(), pools.end(), [](const Pool& pool) { return pool.workers == 1; });
    if (!plain || pools.size() <= static_cast<std::size_t>(last_used) + 1) return;
    pools.resize(static_cast<std::size_t>(last_used) + 1);
    accept(std::move(candidate));
  }

  // Every key to every earlier one, everywhere at once.
  void rename_keys() {
    std::set<std::string> keys;
    for_each_argument(result_.trace, [&](const Parameter& parameter, Value& value) {
      if (parameter.name == std::string("key") && value.is_string()) keys.insert(value.as_string());
    });
    for (auto from = keys.rbegin(); from != keys.rend(); ++from) {
      for (const std::string& to : keys) {
        if (to >= *from || over()) break;
        Trace candidate = result_.trace;
        for_each_argument(candidate, [&](const Parameter& parameter, Value& value) {
          if (parameter.name == std::string("key") && value == Value(*from)) value = Value(to);
          if (parameter.name == std::string("keys")) rename_elements(value, *from, to);
        });
        if (accept(std::move(candidate))) break;
      }
    }
  }
  static void rename_elements(Value& list, const std::string& from, const std::string& to) {
    if (!list.is_array()) return;
    for (auto& [position, element] : list.own_array())
      if (element == Value(from)) element = Value(to);
  }

  // Of the texts of files: halves, quarters, ... single lines.
  void drop_lines() {
    std::size_t number = 0;
    for_each_argument(result_.trace, [&](const Parameter&, Value&) { ++number; });
    for (std::size_t which = 0; which < number && !over(); ++which) {
      std::optional<std::vector<std::string>> lines = lines_of(which);
      if (!lines || lines->size() < 2) continue;
      for (std::size_t piece = std::max<std::size_t>(lines->size() / 2, 1);; piece /= 2) {
        for (std::size_t end = lines->size(); end > 0 && !over();) {
          const std::size_t begin = end > piece ? end - piece : 0;
          std::vector<std::string> fewer = *lines;
          fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(begin),
                      fewer.begin() + static_cast<std::ptrdiff_t>(end));
          if (accept(with_lines(which, fewer))) lines = std::move(fewer);
          end = begin;
        }
        if (piece <= 1) break;
      }
    }
  }
  std::optional<std::vector<std::string>> lines_of(std::size_t which) {
    std::optional<std::vector<std::string>> lines;
    std::size_t at = 0;
    for_each_argument(result_.trace, [&](const Parameter& parameter, Value& value) {
      if (at++ != which || parameter.name != std::string("content") || !value.is_string()) return;
      lines.emplace();
      const std::string& text = value.as_string();
      for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
        lines->push_back(text.substr(begin, end - begin));
        begin = end;
      }
    });
    return lines;
  }
  Trace with_lines(std::size_t which, const std::vector<std::string>& lines) const {
    Trace candidate = result_.trace;
    std::size_t at = 0;
    for_each_argument(candidate, [&](const Parameter&, Value& value) {
      if (at++ != which) return;
      std::string text;
      for (const std::string& line : lines) text += line;
      value = Value(std::move(text));
    });
    return candidate;
  }

  void simplify_arguments() {
    std::size_t number = 0;
    for_each_argument(result_.trace, [&](const Parameter&, Value&) { ++number; });
    for (std::size_t which = 0; which < number && !over(); ++which) simplify_argument(which);
  }
  void simplify_argument(std::size_t which) {
    std::vector<Value> candidates;
    std::size_t at = 0;
    for_each_argument(result_.trace, [&](const Parameter& parameter, Value& value) {
      if (at++ == which && is_data(parameter)) candidates = simpler(value);
    });
    for (const Value& smaller : candidates) {
      if (over()) return;
      Trace candidate = result_.trace;
      at = 0;
      bool fits = true;
      for_each_argument(candidate, [&](const Parameter& parameter, Value& value) {
        if (at++ != which) return;
        fits = parameter.type == ParameterType::any || value.type_name() == smaller.type_name();
        value = smaller;
      });
      if (fits && accept(std::move(candidate))) return;
    }
  }

  void drop_directives() {
    const Directives ini = result_.trace.configuration.ini;
    for (const auto& [name, value] : ini) {
      Trace candidate = result_.trace;
      candidate.configuration.ini.erase(name);
      accept(std::move(candidate));
    }
  }

  const std::string& clause_;
  const Fails& fails_;
  const Legal& legal_;
  ShrinkLimits limits_;
  Clock::time_point deadline_;
  Shrunk result_;
};

}  // namespace

Shrunk shrink(const Trace& failing, const std::string& clause, const Fails& fails, const Legal& legal,
              ShrinkLimits limits) {
  return Shrinker(failing, clause, fails, legal, limits).shrink();
}

std::size_t size_of(const Trace& trace) {
  std::size_t size = trace.configuration.pools.size() + trace.configuration.ini.size();
  std::set<std::string> keys;
  Trace copy = trace;
  for_each_argument(copy, [&](const Parameter& parameter, Value& value) {
    if (parameter.name == std::string("key") && value.is_string()) keys.insert(value.as_string());
    if (is_data(parameter)) size += std::min<std::size_t>(to_text(value).size(), 99);
    if (value.is_int() && value.as_int() < 0) ++size;
  });
  for (const Step& step : trace.steps) {
    const auto* request = std::get_if<Request>(&step);
    size += 1000 * (request ? std::max<std::size_t>(request->exchanges.size(), 1) : 1) +
            (request && request->worker > 0 ? 10 : 0);
  }
  return size + 100 * keys.size();
}

}  // namespace assay::conformance
