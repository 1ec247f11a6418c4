#include "conformance/generators/exhaustive_scripts.h"

#include <fmt/format.h>

#include <functional>

#include "conformance/generators/trace_builder.h"
#include "conformance/models/script_body.h"

namespace assay::conformance {

namespace {

using K = OperationKind;
using A = ActionKind;

// One history being written: its folder, and how often its script was.
class History {
 public:
  History(TraceBuilder& out, std::uint64_t number) : out_(out), folder_(fmt::format("@/h{}", number)) {
    write("a.php");
    write("b.php");
    out_.act(A::make_link, {{"path", folder_ + "/l"}, {"target", "a.php"}});
  }

  void include(int worker, const char* name, const char* how = "include") {
    out_.begin_request(worker);
    out_.ask(K::include, {{"path", path(name)}, {"how", how}});
  }
  void ask(int worker, K kind, const char* name) {
    out_.begin_request(worker);
    out_.ask(kind, {{"path", path(name)}});
  }
  void invalidate(const char* name, bool force) {
    out_.begin_request(0);
    out_.ask(K::invalidate, {{"path", path(name)}, {"force", force}});
  }
  void reset() {
    out_.begin_request(1);
    out_.ask(K::reset, {});
    out_.begin_request(1);  // by the same worker: nobody holds the restart off
    out_.ask(K::script_status, {{"scripts", false}});
  }
  void write(const char* name) {
    ScriptBody body;
    body.returned = {{ScriptBody::Element::Kind::mark, std::to_string(++version_)},
                     {ScriptBody::Element::Kind::own_file}};
    out_.act(A::write, {{"path", path(name)}, {"content", source_of(body)}, {"mtime", clock_start - 1000 + version_}});
  }
  void remove() { out_.act(A::remove, {{"path", path("a.php")}}); }
  void switch_link() { out_.act(A::swap_link, {{"path", path("l")}, {"target", "b.php"}}); }
  void wait() { out_.advance(3); }

  void probe() {
    for (const int worker : {0, 1}) {
      out_.begin_request(worker);
      for (const char* name : {"l", "a.php"}) {
        out_.ask(K::is_cached, {{"path", path(name)}});
        out_.ask(K::include, {{"path", path(name)}});
      }
    }
    out_.ask(K::script_status, {{"scripts", false}});
  }

 private:
  std::string path(const char* name) const { return folder_ + "/" + name; }

  TraceBuilder& out_;
  std::string folder_;
  int version_ = 0;
};

const std::vector<std::function<void(History&)>>& alphabet() {
  static const std::vector<std::function<void(History&)>> letters = {
      [](History& h) { h.include(0, "a.php"); },
      [](History& h) { h.include(0, "l"); },
      [](History& h) { h.include(1, "l"); },
      [](History& h) { h.include(1, "l", "include_once"); },
      [](History& h) { h.ask(1, K::compile_file, "a.php"); },
      [](History& h) { h.ask(0, K::is_cached, "l"); },
      [](History& h) { h.invalidate("a.php", false); },
      [](History& h) { h.invalidate("l", true); },
      [](History& h) { h.reset(); },
      [](History& h) { h.write("a.php"); },
      [](History& h) { h.remove(); },
      [](History& h) { h.switch_link(); },
      [](History& h) { h.wait(); },
  };
  return letters;
}

}  // namespace

ExhaustiveScripts::ExhaustiveScripts(int operations, std::size_t together)
    : operations_(operations), together_(together) {}

std::optional<Trace> ExhaustiveScripts::next() {
  TraceBuilder out("every short history of scripts", 2);
  for (std::size_t i = 0; i < together_ && !ended_; ++i) {
    ended_ = !advance();
    if (ended_) break;
    History history(out, ++histories_);
    for (const std::size_t letter : word_) alphabet()[letter](history);
    history.probe();
  }
  if (out.trace.steps.empty()) return std::nullopt;
  return std::move(out.trace);
}

// Counts up, and grows by a letter when all words of this length are done.
bool ExhaustiveScripts::advance() {
  for (std::size_t i = word_.size(); i-- > 0;) {
    if (++word_[i] < alphabet().size()) return true;
    word_[i] = 0;
  }
  if (word_.size() >= static_cast<std::size_t>(operations_)) return false;
  word_.assign(word_.size() + 1, 0);
  return true;
}

}  // namespace assay::conformance
