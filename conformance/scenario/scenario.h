#pragma once

#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "conformance/adapter/target.h"
#include "conformance/scenario/operations.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

class Scenario;

// Several operations in one request: `auto r = one.request(); r.include(..); r.status();`. A handle, cheap to copy, good
// while steps() of its scenario runs.
class RequestBuilder : public Operations<RequestBuilder> {
 public:
  ReplyRef ask(Operation operation);
  // How the request is expected to end, where not "completed": see Request::ends.
  RequestBuilder& ends(std::string how);
  // A time limit of its own, in real milliseconds.
  RequestBuilder& within(std::chrono::milliseconds limit);

 private:
  friend class Scenario;
  friend class WorkerHandle;
  RequestBuilder(Scenario* scenario, std::size_t step) : scenario_(scenario), step_(step) {}
  Scenario* scenario_;
  std::size_t step_;
};

// A worker of the scenario, as good for as long as its requests. Each operation asked of it directly is a request of its
// own: `one.include("@/a.php")`.
class WorkerHandle : public Operations<WorkerHandle> {
 public:
  ReplyRef ask(Operation operation) { return request().ask(std::move(operation)); }
  RequestBuilder request();
  // A request that is started and left running until `await(name)`.
  RequestBuilder background(std::string name);
  int number() const { return number_; }

 private:
  friend class Scenario;
  Scenario* scenario_ = nullptr;
  int number_ = 0;
};

// Builds a trace by being read from top to bottom: the base of every clause test. It only records, nothing is executed
// while it is built, so that the same steps can be run, exported, replayed, swept and printed. A clause test derives
// from it and implements steps(); what it may ask of the target is its description (declared choices), before any run.
class Scenario {
 public:
  explicit Scenario(const Description& target) : target_(target) {}
  virtual ~Scenario() = default;

  Trace build(std::string name, std::vector<std::string> clauses);

 protected:
  virtual void steps() = 0;

  // Configuration. Workers are in pools of one each, so that each keeps its name.
  void ini(std::string directive, std::string value);
  WorkerHandle worker(Directives own_ini = {});
  // A worker of another master: a runtime beside the first one, which shares nothing with it but the files.
  WorkerHandle worker_of_master(int master, Directives own_ini = {});
  template <std::size_t N>
  std::array<WorkerHandle, N> workers() {
    std::array<WorkerHandle, N> result;
    for (WorkerHandle& handle : result) handle = worker();
    return result;
  }
  void needs(std::string feature) { trace_.needs.insert(std::move(feature)); }
  void note(std::string text) { trace_.note = std::move(text); }

  // The clause that is broken by a wrong reply to what is asked from here on; without it, the one that names the test.
  void about(std::string clause) { about_ = std::move(clause); }

  // A declared choice of the target ("ttl-edge"), or the default of the specification. The trace records it.
  std::string choice(const std::string& name, const std::string& fallback);
  // In bytes, of the data cache: the declared choice "key-max", or longer than any.
  std::size_t longest_key();
  // The clauses ask nothing of a target with the choices that were read: the test is a skip, for this reason.
  void not_asked(std::string why) { trace_.not_asked = std::move(why); }

  // Expectations.
  void expect(ReplyRef asked, Matcher matcher);
  void expect(ReplyRef asked, Value value) { expect(asked, equals(std::move(value))); }

  // Relations to an earlier reply; the path is the same in both.
  Matcher grew(Path path, Value by, ReplyRef since);
  Matcher grew_within(Path path, std::int64_t low, std::int64_t high, ReplyRef since);
  // The array has the keys that it had then and exactly these besides.
  Matcher gained(std::vector<Value> keys, ReplyRef since, Path path = {});
  Matcher same_as(ReplyRef earlier, Path path = {});
  Matcher differs_from(ReplyRef earlier, Path path = {});
  Matcher at_least(ReplyRef earlier, Path path);
  Matcher at_most(ReplyRef earlier, Path path);

  // The world. Paths begin with "@/".
  void write(std::string path, std::string content, std::int64_t age = 1000);
  void overwrite(std::string path, std::string content, std::int64_t age = 1000) {
    act(ActionKind::write, {{"path", path}, {"content", content}, {"age", age}, {"in_place", true}});
  }
  void write_at(std::string path, std::string content, std::int64_t mtime);
  void make_directory(std::string path) { act(ActionKind::make_directory, {{"path", path}}); }
  void make_link(std::string path, std::string target) {
    act(ActionKind::make_link, {{"path", path}, {"target", target}});
  }
  void swap_link(std::string path, std::string target) {
    act(ActionKind::swap_link, {{"path", path}, {"target", target}});
  }
  void remove(std::string path) { act(ActionKind::remove, {{"path", path}}); }
  void move(std::string from, std::string to) { act(ActionKind::move, {{"from", from}, {"to", to}}); }
  void set_mtime(std::string path, std::int64_t mtime) {
    act(ActionKind::set_mtime, {{"path", path}, {"mtime", mtime}});
  }
  void set_mode(std::string path, std::int64_t mode) { act(ActionKind::set_mode, {{"path", path}, {"mode", mode}}); }
  void advance_clock(std::chrono::seconds by) {
    now_ += by.count();
    act(ActionKind::advance_clock, {{"seconds", static_cast<std::int64_t>(by.count())}});
  }
  // The virtual time now (seconds since the epoch).
  std::int64_t now() const { return now_; }

  void kill(const WorkerHandle& worker) { act(ActionKind::kill, {{"worker", worker.number()}}); }
  void stop(const WorkerHandle& worker) { act(ActionKind::stop, {{"worker", worker.number()}}); }
  void resume(const WorkerHandle& worker) { act(ActionKind::resume, {{"worker", worker.number()}}); }
  void reload() { act(ActionKind::reload, {}); }
  // The runtime starts here, among the files that were written before, and says something that each expression is found
  // in. Or it does not start, or not again; then the scenario is over.
  void start(std::vector<std::string> says = {}) { begin(ActionKind::start, "ready", says); }
  void start_fails(std::vector<std::string> says) { begin(ActionKind::start, "failed", says); }
  void reload_fails(std::vector<std::string> says) { begin(ActionKind::reload, "failed", says); }
  void await(std::string background_request) { act(ActionKind::await, {{"request", background_request}}); }
  void wait_for_arrival(std::string rendezvous) { act(ActionKind::wait_for_arrival, {{"name", rendezvous}}); }
  void release(std::string rendezvous) { act(ActionKind::release, {{"name", rendezvous}}); }

  // Locks of the script cache, held from outside ("write", "usage"); until a worker waits for one, or is done.
  void hold_lock(std::string lock, bool shared = false) {
    act(ActionKind::hold_lock, {{"lock", lock}, {"shared", shared}});
  }
  void release_lock() { act(ActionKind::release_lock, {}); }
  void wait_until_blocked(const WorkerHandle& worker) {
    act(ActionKind::wait_until_blocked, {{"worker", worker.number()}});
  }

  void act(ActionKind kind, std::initializer_list<std::pair<const char*, Value>> arguments);

 private:
  void begin(ActionKind kind, const char* ends, const std::vector<std::string>& says);
  friend class WorkerHandle;
  friend class RequestBuilder;
  Request& request_at(std::size_t step) { return std::get<Request>(trace_.steps[step]); }
  Exchange& exchange_at(ReplyRef asked) { return request_at(asked.step).exchanges[asked.exchange]; }
  const std::string& label_of(ReplyRef asked);

  const Description& target_;
  Trace trace_;
  std::int64_t now_ = clock_start;
  std::string about_;
};

// PHP source for scenarios, in the script subset that every target runs.
std::string returns(const Value& value);   // <?php return VALUE;
std::string php(const std::string& code);  // <?php CODE

}  // namespace assay::conformance
