#include "conformance/models/judge_reservations.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>

#include "conformance/models/clock_timeline.h"

namespace assay::conformance {
namespace {

using K = OperationKind;

enum class Is { no, maybe, yes };

struct Reservation {
  std::size_t request = 0;  // the step that made it
  std::int64_t taken = 0, lease = 0;
  bool was_over = false;
  bool certain = true;  // it may have been given back

  // For a request that is not the one that made it, which is over by now.
  Is in_force(std::int64_t now) const {
    if (lease == 0 || now > taken + lease) return Is::no;
    return certain && !was_over && now < taken + lease ? Is::yes : Is::maybe;
  }
};

// One backend.
class Reservations {
 public:
  explicit Reservations(ReservationRules rules) : rules_(rules) {}

  void pass(std::int64_t now) {
    // At its very end it may be over, and stays so when the clock goes back (ST-LCK-12: then it is free).
    for (auto& [key, held] : held_) held.was_over = held.was_over || held.in_force(now) != Is::yes;
  }

  std::optional<Refusal> lock(const std::string& key, std::size_t request, std::int64_t now, std::int64_t lease,
                              bool granted) {
    const Is own = own_of(key, request), others = others_of(key, request, now);
    if (!granted) {
      if (own == Is::yes) return Refusal{"ST-LCK-04", "the holder's second lock was refused"};
      if (others == Is::no && (rules_.exact || !any_other(request, now)))
        return Refusal{"ST-LCK-01", "refused, although no other request can have reserved it"};
      return std::nullopt;
    }
    if (others == Is::yes) return Refusal{"ST-LCK-12", "granted, although another request's lease is in force"};
    if (own != Is::yes) held_[key] = {request, now, lease, false, true};
    return std::nullopt;
  }

  std::optional<Refusal> unlock(const std::string& key, std::size_t request, bool given_back) {
    const Is own = own_of(key, request);
    if (given_back && own == Is::no) return Refusal{"ST-LCK-05", "given back by a request that does not hold it"};
    if (!given_back && own == Is::yes) return Refusal{"ST-LCK-05", "the holder's unlock was refused"};
    if (own != Is::no) held_.erase(key);
    return std::nullopt;
  }

  // A store or delete of the key in this request.
  void written(const std::string& key, std::size_t request, Is done) {
    if (done == Is::no || own_of(key, request) == Is::no) return;
    if (done == Is::yes)
      held_.erase(key);
    else
      held_[key].certain = false;
  }
  // All requests but this one are over (ST-LCK-17).
  void cleared() { held_.clear(); }

 private:
  Is own_of(const std::string& key, std::size_t request) const {
    const auto found = held_.find(key);
    if (found == held_.end() || found->second.request != request) return Is::no;
    return found->second.certain ? Is::yes : Is::maybe;
  }
  Is others_of(const std::string& key, std::size_t request, std::int64_t now) const {
    const auto found = held_.find(key);
    if (found == held_.end() || found->second.request == request) return Is::no;
    return found->second.in_force(now);
  }
  bool any_other(std::size_t request, std::int64_t now) const {
    return std::any_of(held_.begin(), held_.end(), [&](const auto& entry) {
      return entry.second.request != request && entry.second.in_force(now) != Is::no;
    });
  }

  ReservationRules rules_;
  std::map<std::string, Reservation> held_;
};

class ReservationJudge {
 public:
  explicit ReservationJudge(ReservationRules rules) : rules_(rules) {}

  void pass(std::int64_t now) {
    for (auto& [name, backend] : backends_) backend.pass(now);
  }
  void begin_anew() { backends_.clear(); }

  std::optional<Refusal> observe(const Observation& o) {
    if (o.operation.kind() == K::reset) {
      if (o.reply.value == Value(true)) begin_anew();
      return std::nullopt;
    }
    if (std::string_view(o.operation.spec->feature).substr(0, 12) != "static_cache") return std::nullopt;
    Reservations& backend = backends_.try_emplace(o.operation.text("backend"), rules_).first->second;
    const bool said = o.reply.kind == Reply::Kind::value, yes = said && o.reply.value == Value(true);
    switch (o.operation.kind()) {
      case K::cache_lock:
        if (!said) return std::nullopt;
        ++judged;
        return backend.lock(o.operation.text("key"), o.step, o.began_at, o.operation.integer("lease"), yes);
      case K::cache_unlock:
        if (!said) return std::nullopt;
        ++judged;
        return backend.unlock(o.operation.text("key"), o.step, yes);
      case K::cache_clear:
        if (yes) backend.cleared();
        return std::nullopt;
      case K::cache_set:
      case K::cache_delete:
        backend.written(o.operation.text("key"), o.step, yes ? Is::yes : Is::no);
        return std::nullopt;
      case K::cache_increment:
      case K::cache_decrement:
        backend.written(o.operation.text("key"), o.step, said && o.reply.value.is_int() ? Is::yes : Is::no);
        return std::nullopt;
      case K::cache_set_multiple:
        for (const auto& [key, value] : o.operation.argument("values").as_array())
          if (const auto* text = std::get_if<std::string>(&key)) backend.written(*text, o.step, of_several(said, yes));
        return std::nullopt;
      case K::cache_delete_multiple:
        for (const auto& [index, key] : o.operation.argument("keys").as_array())
          if (key.is_string()) backend.written(key.as_string(), o.step, of_several(said, yes));
        return std::nullopt;
      default:
        return std::nullopt;
    }
  }

  std::uint64_t judged = 0;

 private:
  static Is of_several(bool said, bool yes) { return yes ? Is::yes : said ? Is::maybe : Is::no; }

  ReservationRules rules_;
  std::map<std::string, Reservations> backends_;
};

// Why a run cannot be judged, or "".
std::string reason_not_to(const Trace& trace) {
  for (const Step& step : trace.steps) {
    if (const auto* request = std::get_if<Request>(&step)) {
      if (!request->background.empty()) return "requests overlap: who holds a key at a moment is not known";
      if (request->ends != "completed") return "a request ends early";
    } else if (std::get<Action>(step).kind() == ActionKind::arm) {
      return "a fault is armed";
    }
  }
  return "";
}

}  // namespace

ReservationRules reservation_rules(const Description& description) {
  const auto declared = description.choices.find("locks");
  return {declared != description.choices.end() && declared->second == "exact"};
}

std::string reason_to_judge_no_cache(const Trace& trace) {
  std::vector<Directives> all = {trace.configuration.ini};
  for (const Pool& pool : trace.configuration.pools) all.push_back(pool.ini);
  for (const Directives& ini : all) {
    // Where the cache belongs to OPcache it is off with it (ST-CFG-12); where it does not the directive says nothing.
    if (const auto on = ini.find("opcache.enable"); on != ini.end() && std::atoi(on->second.c_str()) == 0)
      return "OPcache is off";
    for (const char* name : {"opcache.static_cache.volatile_size_mb", "opcache.static_cache.pinned_size_mb"}) {
      const auto size = ini.find(name);
      if (size != ini.end() && std::atoi(size->second.c_str()) <= 0) return "a backend is off";
    }
  }
  return "";
}

Judgement judge_reservations(const Trace& trace, std::span<const Observation> observations, ReservationRules rules) {
  Judgement judgement;
  judgement.not_judged = reason_to_judge_no_cache(trace);
  if (judgement.not_judged.empty()) judgement.not_judged = reason_not_to(trace);
  if (!judgement.not_judged.empty()) return judgement;
  ReservationJudge judge(rules);
  std::int64_t now = clock_start;
  std::size_t next = 0;
  for (std::size_t step = 0; step < trace.steps.size(); ++step) {
    if (const auto* action = std::get_if<Action>(&trace.steps[step])) {
      if (action->kind() == ActionKind::advance_clock) judge.pass(now += action->integer("seconds"));
      if (action->kind() == ActionKind::reload) judge.begin_anew();
      continue;
    }
    for (; next < observations.size() && observations[next].step == step; ++next) {
      const Observation& observation = observations[next];
      if (auto refusal = judge.observe(observation)) {
        refusal->message = fmt::format("key \"{}\": {}", observation.operation.text("key"), refusal->message);
        refusal->step = step;
        refusal->exchange = observation.exchange;
        judgement.refusal = std::move(refusal);
        judgement.judged = judge.judged;
        return judgement;
      }
    }
  }
  judgement.judged = judge.judged;
  return judgement;
}

}  // namespace assay::conformance
