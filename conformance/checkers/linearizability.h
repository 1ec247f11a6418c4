#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "conformance/checkers/history.h"

namespace assay::conformance {

// Is there one order of the calls that respects real time and that the model allows? The search of Wing and Gong with
// Lowe's memory of visited configurations (which calls are placed, which states are possible), cut to the window of
// open calls, over *sets* of states. Exponential in the worst case: beyond `visit_limit` configurations the answer is
// *inconclusive*. No threads, no I/O, no exceptions.
//
// A Model has State (ordered), Event, and
//   State initial() const
//   void encode(const State&, std::string& bytes) const                       appends; different states differ
//   void step(const State&, const Event&, std::vector<State>& next) const     appends; nothing: not allowed
//   bool reads_only(const Event&) const       where it leaves the states as they are it can be placed at once: leaving
//                                             a read out never makes a later event impossible
//   bool may_omit(const Event&, const std::vector<const Event*>& others) const   leaving it out can only allow more
//   std::string text(const Event&) const
enum class Linearizability { yes, no, inconclusive };

struct LinearizabilityResult {
  Linearizability verdict = Linearizability::yes;
  std::uint64_t visits = 0;           // configurations; none where the calls followed one another
  std::string explanation;            // for no: a smallest history that has no order, as a timeline
  std::vector<std::size_t> culprits;  // for no: its calls, as indexes into the history
};

template <class Model>
class LinearizabilityChecker {
 public:
  using State = typename Model::State;
  using Event = typename Model::Event;
  using Calls = History<Event>;

  explicit LinearizabilityChecker(const Model& model, std::uint64_t visit_limit = 1'000'000)
      : model_(model), visit_limit_(visit_limit) {}

  LinearizabilityResult check(const Calls& history) const {
    LinearizabilityResult result;
    result.verdict = search(history, result.visits);
    if (result.verdict == Linearizability::no) explain(history, result);
    return result;
  }

 private:
  using States = std::vector<State>;

  // Appends the states that can follow any of these, each once and in order.
  static void step_all(const Model& model, const States& states, const Event& event, States& next) {
    for (const State& state : states) model.step(state, event, next);
    std::sort(next.begin(), next.end());
    next.erase(std::unique(next.begin(), next.end()), next.end());
  }

  // One point of the search: the states, and the next call to try from there.
  struct Frame {
    States states;
    std::size_t base;      // all calls that must be placed and stand before it are placed
    std::size_t placed;    // the call that led here
    std::size_t next_try;  // among the candidates
    std::vector<std::size_t> candidates{};
  };

  class Search {
   public:
    Search(const Model& model, const Calls& calls) : model_(model), calls_(calls), placed_(calls.size()) {
      order_.resize(calls.size());
      for (std::size_t i = 0; i < order_.size(); ++i) order_[i] = i;
      std::stable_sort(order_.begin(), order_.end(),
                       [&](std::size_t a, std::size_t b) { return calls_[a].began < calls_[b].began; });
      position_.resize(calls.size());
      for (std::size_t p = 0; p < order_.size(); ++p) {
        position_[order_[p]] = p;
        if (call(p).may_be_left_out) optional_.push_back(p);
      }
    }

    Linearizability run(std::uint64_t limit, std::uint64_t& visits) {
      std::vector<Frame> stack;
      stack.push_back({{model_.initial()}, 0, none, 0});
      if (enter(stack.back())) return Linearizability::yes;
      while (true) {
        Frame& top = stack.back();
        std::size_t place = 0;
        States states;
        if (!next_candidate(top, place, states)) {
          // Nothing fits here: take back the call that led here.
          undo(stack);
          if (stack.empty()) return Linearizability::no;
          continue;
        }
        placed_[place] = true;
        Frame next{std::move(states), top.base, place, 0};
        advance(next);
        if (!seen_.insert(key(next)).second) {
          placed_[place] = false;
          continue;
        }
        if (++visits > limit) return Linearizability::inconclusive;
        quick_of_.push_back({});
        stack.push_back(std::move(next));
        if (enter(stack.back())) return Linearizability::yes;
      }
    }

   private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    const HistoryCall<Event>& call(std::size_t position) const { return calls_[order_[position]]; }

    void advance(Frame& frame) const {
      while (frame.base < order_.size() && (placed_[frame.base] || call(frame.base).may_be_left_out)) ++frame.base;
    }

    // The calls that may come next are those that began before every unplaced one ended.
    std::int64_t deadline(const Frame& frame) const {
      std::int64_t first_end = HistoryCall<Event>::never;
      for (std::size_t p = frame.base; p < order_.size() && call(p).began <= first_end; ++p)
        if (!placed_[p] && !call(p).may_be_left_out) first_end = std::min(first_end, call(p).ended);
      return first_end;
    }
    bool may_come_next(std::size_t p, std::int64_t first_end) const {
      if (placed_[p] || call(p).began > first_end) return false;
      return call(p).after == HistoryCall<Event>::none || placed_[position_[call(p).after]];
    }

    States apply(const States& states, const Event& event) const {
      States next;
      step_all(model_, states, event, next);
      return next;
    }

    // Places every read that changes nothing: no choice is lost by it.
    void settle(Frame& frame) {
      advance(frame);
      bool again = true;
      while (again) {
        again = false;
        const std::int64_t first_end = deadline(frame);
        for (std::size_t p = frame.base; p < order_.size() && call(p).began <= first_end; ++p) {
          if (!model_.reads_only(call(p).event) || call(p).may_be_left_out || !may_come_next(p, first_end)) continue;
          if (apply(frame.states, call(p).event) != frame.states) continue;
          placed_[p] = true;
          quick_of_.back().push_back(p);
          again = true;
        }
        advance(frame);
      }
    }

    // Settles the frame and lists the calls to try from there; true where all that must be placed are.
    bool enter(Frame& frame) {
      settle(frame);
      if (frame.base == order_.size()) return true;
      const std::int64_t first_end = deadline(frame);
      for (std::size_t p = frame.base; p < order_.size() && call(p).began <= first_end; ++p)
        if (may_come_next(p, first_end)) frame.candidates.push_back(p);
      for (const std::size_t p : optional_)
        if (p < frame.base && may_come_next(p, first_end)) frame.candidates.push_back(p);
      // A call takes effect shortly before its end more often than long before: so an order is found soon, if there is one.
      std::stable_sort(frame.candidates.begin(), frame.candidates.end(),
                       [&](std::size_t a, std::size_t b) { return call(a).ended < call(b).ended; });
      return false;
    }

    bool next_candidate(Frame& frame, std::size_t& place, States& states) const {
      while (frame.next_try < frame.candidates.size()) {
        place = frame.candidates[frame.next_try++];
        states = apply(frame.states, call(place).event);
        if (!states.empty()) return true;
      }
      return false;
    }

    void undo(std::vector<Frame>& stack) {
      for (const std::size_t p : quick_of_.back()) placed_[p] = false;
      quick_of_.pop_back();
      if (stack.back().placed != none) placed_[stack.back().placed] = false;
      stack.pop_back();
    }

    // What distinguishes configurations: the window, the calls before it that may be left out, the states.
    std::string key(const Frame& frame) const {
      std::string out(reinterpret_cast<const char*>(&frame.base), sizeof frame.base);
      const auto append = [&out](std::size_t number) {
        out.append(reinterpret_cast<const char*>(&number), sizeof number);
      };
      for (const std::size_t p : optional_)
        if (p < frame.base && placed_[p]) append(p);
      append(none);
      const std::int64_t first_end = deadline(frame);
      for (std::size_t p = frame.base; p < order_.size() && call(p).began <= first_end; ++p)
        if (placed_[p]) append(p);
      append(none);
      for (const State& state : frame.states) model_.encode(state, out);
      return out;
    }
    const Model& model_;
    const Calls& calls_;
    std::vector<std::size_t> order_, position_;
    std::vector<char> placed_;                            // by position in the order
    std::vector<std::vector<std::size_t>> quick_of_{{}};  // reads placed at once, by frame
    std::unordered_set<std::string> seen_;
    std::vector<std::size_t> optional_;  // positions of the calls that may be left out
  };

  Linearizability search(const Calls& history, std::uint64_t& visits) const {
    if (is_in_turn(history)) return step_through(history) ? Linearizability::yes : Linearizability::no;
    return Search(model_, history).run(visit_limit_, visits);
  }

  // Whether real time leaves one order, that in which the calls stand.
  static bool is_in_turn(const Calls& history) {
    for (std::size_t i = 0; i < history.size(); ++i) {
      if (history[i].may_be_left_out) return false;
      if (i > 0 && history[i].after != i - 1 && history[i].began <= history[i - 1].ended) return false;
    }
    return true;
  }

  bool step_through(const Calls& history) const {
    States states{model_.initial()}, next;
    for (const auto& call : history) {
      next.clear();
      step_all(model_, states, call.event, next);
      if (next.empty()) return false;
      states.swap(next);
    }
    return true;
  }

  // Leaves out, in ever smaller pieces, what can be left out without making the model stricter, as long as there is
  // still no order.
  void explain(const Calls& history, LinearizabilityResult& result) const {
    std::vector<std::size_t> kept(history.size());
    for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = i;
    int runs = 400;
    for (std::size_t piece = std::max<std::size_t>(kept.size() / 2, 1);; piece = std::max<std::size_t>(piece / 2, 1)) {
      bool shrunk = false;
      // From the end, so that what stays is the earliest contradiction.
      for (std::size_t end = kept.size(); end > 0 && runs > 0;) {
        const std::size_t from = end > piece ? end - piece : 0;
        std::vector<std::size_t> rest = without(history, kept, from, end - from);
        std::uint64_t visits = 0;
        if (rest.size() < kept.size() && --runs > 0 && search(pick(history, rest), visits) == Linearizability::no) {
          kept = std::move(rest);
          shrunk = true;
        }
        end = std::min(from, kept.size());
      }
      if (runs <= 0 || (piece == 1 && !shrunk)) break;
    }
    std::vector<TimelineRow> rows;
    for (const std::size_t i : kept) {
      const auto& call = history[i];
      rows.push_back({call.worker, call.began, call.ended,
                      model_.text(call.event) + (call.may_be_left_out ? "   (caller died)" : "")});
    }
    result.explanation = draw_timeline(std::move(rows));
    result.culprits = std::move(kept);
  }

  // The calls of `kept` without those of the piece that may be left out.
  std::vector<std::size_t> without(const Calls& history, const std::vector<std::size_t>& kept, std::size_t from,
                                   std::size_t piece) const {
    std::vector<const Event*> others;
    const std::size_t end = std::min(from + piece, kept.size());
    std::int64_t last_end = std::numeric_limits<std::int64_t>::min();  // of what stays for certain
    for (std::size_t i = 0; i < kept.size(); ++i) {
      // Reads of the piece go for certain; of its other calls each must be free to go beside all that might stay.
      const Event& event = history[kept[i]].event;
      if (i < from || i >= end || !model_.reads_only(event)) others.push_back(&event);
      if ((i < from || i >= end) && !history[kept[i]].may_be_left_out)
        last_end = std::max(last_end, history[kept[i]].ended);
    }
    std::vector<std::size_t> rest;
    for (std::size_t i = 0; i < kept.size(); ++i) {
      const bool in_piece = i >= from && i < end;
      const bool comes_last = history[kept[i]].began > last_end;  // nothing that stays can depend on it
      const bool goes = in_piece && (comes_last || model_.may_omit(history[kept[i]].event, others));
      if (!goes) rest.push_back(kept[i]);
    }
    return rest;
  }

  Calls pick(const Calls& history, const std::vector<std::size_t>& kept) const {
    std::vector<std::size_t> place(history.size(), HistoryCall<Event>::none);
    Calls calls;
    for (const std::size_t i : kept) {
      place[i] = calls.size();
      calls.push_back(history[i]);
      // The nearest call before it in its request that is still there.
      std::size_t before = history[i].after;
      while (before != HistoryCall<Event>::none && place[before] == HistoryCall<Event>::none)
        before = history[before].after;
      calls.back().after = before == HistoryCall<Event>::none ? before : place[before];
    }
    return calls;
  }

  const Model& model_;
  std::uint64_t visit_limit_;
};

}  // namespace assay::conformance
