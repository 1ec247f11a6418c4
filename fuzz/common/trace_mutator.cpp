#include "fuzz/common/trace_mutator.h"

#include <algorithm>

#include "conformance/vocabulary/trace.h"
#include "fuzz/common/argument_stock.h"

namespace assay::fuzz {

using namespace conformance;

namespace {

constexpr std::size_t most_steps = 60;

template <class List>
auto at(List& list, std::size_t position) {
  return list.begin() + static_cast<std::ptrdiff_t>(position);
}

class Editing {
 public:
  Editing(Trace& trace, Dice& dice) : trace_(trace), dice_(dice), stock_(trace) {}

  void edit() {
    switch (dice_.below(12)) {
      case 0:
        return remove_steps();
      case 1:
        return repeat_step();
      case 2:
        return exchange_steps();
      case 3:
      case 4:
        return insert_request();
      case 5:
      case 6:
        return insert_action();
      case 7:
        return change_operations();
      case 8:
      case 9:
        return change_argument();
      case 10:
        return change_worker();
      default:
        return change_configuration();
    }
  }

 private:
  std::size_t any_step() { return dice_.below(trace_.steps.size()); }
  void insert(Step step) {
    trace_.steps.insert(at(trace_.steps, dice_.below(trace_.steps.size() + 1)), std::move(step));
  }
  std::size_t workers() const { return static_cast<std::size_t>(trace_.configuration.worker_count()); }

  void remove_steps() {
    if (trace_.steps.size() < 2) return;
    const std::size_t first = any_step();
    const std::size_t count = std::min(1 + dice_.below(3), trace_.steps.size() - first);
    trace_.steps.erase(at(trace_.steps, first), at(trace_.steps, first + count));
  }

  void repeat_step() {
    if (!trace_.steps.empty()) insert(Step(trace_.steps[any_step()]));
  }

  void exchange_steps() {
    if (trace_.steps.size() > 1) std::swap(trace_.steps[any_step()], trace_.steps[any_step()]);
  }

  Exchange any_exchange() {
    const auto specs = operation_specs();
    return {Operation{stock_.call(specs[dice_.below(specs.size())], dice_)}, "", std::nullopt};
  }

  void insert_request() {
    Request request;
    request.worker = static_cast<int>(dice_.below(workers()));
    request.exchanges.push_back(any_exchange());
    while (!is_whole(request) && dice_.percent(40)) {
      Exchange more = any_exchange();
      if (!is_whole_request(more.operation)) request.exchanges.push_back(std::move(more));
    }
    insert(std::move(request));
  }

  static bool is_whole(const Request& request) {
    return request.exchanges.size() == 1 && is_whole_request(request.exchanges.front().operation);
  }

  // The first nine are of the world and the clock; the others need processes, or two requests at a time.
  void insert_action() {
    const auto specs = action_specs();
    const auto kind = dice_.percent(85) ? dice_.below(static_cast<std::size_t>(ActionKind::advance_clock) + 1)
                                        : dice_.below(specs.size());
    insert(Action{stock_.call(specs[kind], dice_)});
  }

  Request* any_request() {
    std::vector<Request*> requests;
    for (Step& step : trace_.steps) {
      if (auto* request = std::get_if<Request>(&step)) requests.push_back(request);
    }
    return requests.empty() ? nullptr : dice_.one_of(requests);
  }

  void change_operations() {
    Request* request = any_request();
    if (!request || is_whole(*request)) return;
    auto& exchanges = request->exchanges;
    const std::size_t position = dice_.below(exchanges.size() + 1);
    Exchange fresh = any_exchange();
    if (dice_.percent(30) && exchanges.size() > 1)
      exchanges.erase(at(exchanges, dice_.below(exchanges.size())));
    else if (!is_whole_request(fresh.operation))
      exchanges.insert(at(exchanges, position), std::move(fresh));
  }

  void change_argument() {
    if (trace_.steps.empty()) return;
    Step& step = trace_.steps[any_step()];
    if (auto* action = std::get_if<Action>(&step)) return change(*action);
    auto& exchanges = std::get<Request>(step).exchanges;
    if (!exchanges.empty()) change(exchanges[dice_.below(exchanges.size())].operation);
  }

  void change(Call& call) {
    if (call.arguments.empty()) return;
    const std::size_t number = dice_.below(call.arguments.size());
    call.arguments[number] = stock_.draw(call.spec->parameters[number], dice_);
  }

  void change_worker() {
    if (Request* request = any_request()) request->worker = static_cast<int>(dice_.below(workers()));
  }

  void change_configuration() {
    auto& pools = trace_.configuration.pools;
    Pool& pool = pools[dice_.below(pools.size())];
    if (dice_.percent(10) && pool.workers < 3) {
      ++pool.workers;
      return;
    }
    Directives& ini = dice_.percent(30) ? pool.ini : trace_.configuration.ini;
    if (!ini.empty() && dice_.percent(30)) {
      ini.erase(std::next(ini.begin(), static_cast<std::ptrdiff_t>(dice_.below(ini.size()))));
    } else {
      auto [name, value] = ArgumentStock::directive(dice_);
      ini.insert_or_assign(std::move(name), std::move(value));
    }
  }

  Trace& trace_;
  Dice& dice_;
  const ArgumentStock stock_;
};

// An execution ends at the first expectation that does not hold: mostly there are none, so that it comes to the end.
void drop_expectations(Trace& trace) {
  for (Step& step : trace.steps) {
    auto* request = std::get_if<Request>(&step);
    if (!request) continue;
    request->ends = "any";
    for (Exchange& exchange : request->exchanges) exchange.expected.reset();
  }
}

std::string finished(Trace trace, Dice& dice) {
  if (trace.steps.size() > most_steps) trace.steps.resize(most_steps);
  for (Step& step : trace.steps) {
    auto* request = std::get_if<Request>(&step);
    if (request) request->worker %= trace.configuration.worker_count();
  }
  if (!dice.percent(10)) drop_expectations(trace);
  return to_json_lines(trace);
}

}  // namespace

std::optional<std::string> mutated_trace(const std::string& text, std::uint32_t seed) {
  auto trace = trace_from_json_lines(text, "input");
  if (!trace) return std::nullopt;
  Dice dice(seed + 1);
  const std::size_t edits = 1 + dice.below(4);
  for (std::size_t i = 0; i < edits; ++i) Editing(*trace, dice).edit();
  return finished(std::move(*trace), dice);
}

std::optional<std::string> spliced_traces(const std::string& first, const std::string& second, std::uint32_t seed) {
  auto a = trace_from_json_lines(first, "input");
  const auto b = trace_from_json_lines(second, "input");
  if (!a || !b) return std::nullopt;
  Dice dice(seed + 1);
  a->steps.resize(std::min(a->steps.size(), 1 + dice.below(a->steps.size() + 1)));
  const std::size_t from = dice.below(b->steps.size() + 1);
  a->steps.insert(a->steps.end(), at(b->steps, from), b->steps.end());
  return finished(std::move(*a), dice);
}

}  // namespace assay::fuzz
