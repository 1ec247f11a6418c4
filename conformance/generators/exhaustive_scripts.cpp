#include "conformance/generators/exhaustive_scripts.h"

#include <fmt/format.h>

#include <functional>
#include <utility>

#include "conformance/generators/trace_builder.h"
#include "conformance/models/script_body.h"

namespace assay::conformance {

namespace {

using K = OperationKind;
using A = ActionKind;

constexpr const char* files_of_histories = "@/files";

// One history being written: its folder, and how often its script was.
class History {
 public:
  History(TraceBuilder& out, std::uint64_t number, ScriptAlphabet alphabet)
      : out_(out), folder_(fmt::format("@/h{}", number)), alphabet_(alphabet) {
    if (moves())
      write(place());
    else if (alphabet == ScriptAlphabet::files)
      write("a.php");
    else
      write_with_link();
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
  void write(const std::string& name) {
    ScriptBody body;
    body.returned = {{ScriptBody::Element::Kind::mark, std::to_string(++version_)},
                     {ScriptBody::Element::Kind::own_file}};
    out_.act(A::write,
             {{"path", folder_ + "/" + name}, {"content", source_of(body)}, {"mtime", clock_start - 1000 + version_}});
  }
  std::string file() const { return std::string(files_of_histories) + "/*" + folder_ + "/a.php.bin"; }
  void damage() { out_.act(A::write, {{"path", file()}, {"content", "OPCACHE"}, {"in_place", true}}); }
  void remove_file() { out_.act(A::remove, {{"path", file()}}); }
  void remove() { out_.act(A::remove, {{"path", path("a.php")}}); }
  void switch_link() { out_.act(A::swap_link, {{"path", path("l")}, {"target", "b.php"}}); }
  void wait() { out_.advance(3); }
  void wait_for_paths() { out_.advance(130); }
  std::string place() const { return is_moved_ ? "s/a.php" : "d/a.php"; }
  void leave_link() {
    if (std::exchange(is_moved_, true)) return;
    out_.act(A::move, {{"from", path("d")}, {"to", path("s")}});
    out_.act(A::make_link, {{"path", path("d")}, {"target", "s"}});
  }

  void probe() {
    if (moves()) return probe_moved();
    if (alphabet_ == ScriptAlphabet::files) return probe_filed();
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
  bool moves() const { return alphabet_ == ScriptAlphabet::moves || alphabet_ == ScriptAlphabet::unchanged_moves; }
  std::string path(const char* name) const { return folder_ + "/" + name; }
  void write_with_link() {
    write("a.php");
    write("b.php");
    out_.act(A::make_link, {{"path", path("l")}, {"target", "a.php"}});
  }
  void probe_moved() {
    for (const int worker : {0, 1}) {
      out_.begin_request(worker);
      out_.ask(K::is_cached, {{"path", path("d/a.php")}});
      for (const char* name : {"d/a.php", "s/a.php"})
        out_.ask(K::include, {{"path", path(name)}, {"how", "include_once"}});
      out_.ask(K::included_files, {});
    }
    out_.ask(K::script_status, {{"scripts", false}});
  }
  // What memory has, and then what the file has.
  void probe_filed() {
    out_.begin_request(0);
    out_.ask(K::is_cached, {{"path", path("a.php")}});
    out_.ask(K::include, {{"path", path("a.php")}});
    reset();
    out_.begin_request(1);
    out_.ask(K::include, {{"path", path("a.php")}});
    out_.ask(K::script_status, {{"scripts", false}});
  }

  TraceBuilder& out_;
  std::string folder_;
  const ScriptAlphabet alphabet_;
  bool is_moved_ = false;
  int version_ = 0;
};

using Letters = std::vector<std::function<void(History&)>>;

const Letters& links() {
  static const Letters letters = {
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

constexpr int letter_of_new_version = 6;

const Letters& moves() {
  static const Letters letters = {
      [](History& h) { h.include(0, "d/a.php", "include_once"); },
      [](History& h) { h.include(1, "d/a.php", "include_once"); },
      [](History& h) { h.include(1, "d/a.php"); },
      [](History& h) { h.include(0, "s/a.php", "include_once"); },
      [](History& h) { h.ask(0, K::is_cached, "d/a.php"); },
      [](History& h) { h.ask(1, K::compile_file, "d/a.php"); },
      [](History& h) { h.write(h.place()); },
      [](History& h) { h.leave_link(); },
      [](History& h) { h.wait_for_paths(); },
  };
  return letters;
}

const Letters& unchanged_moves() {
  static const Letters letters = [] {
    Letters all = moves();
    all.erase(all.begin() + letter_of_new_version);
    return all;
  }();
  return letters;
}

const Letters& files() {
  static const Letters letters = {
      [](History& h) { h.include(0, "a.php"); },
      [](History& h) { h.include(1, "a.php", "include_once"); },
      [](History& h) { h.ask(1, K::compile_file, "a.php"); },
      [](History& h) { h.invalidate("a.php", false); },
      [](History& h) { h.invalidate("a.php", true); },
      [](History& h) { h.reset(); },
      [](History& h) { h.write("a.php"); },
      [](History& h) { h.remove(); },
      [](History& h) { h.damage(); },
      [](History& h) { h.remove_file(); },
  };
  return letters;
}

const Letters& letters_of(ScriptAlphabet alphabet) {
  if (alphabet == ScriptAlphabet::files) return files();
  if (alphabet == ScriptAlphabet::unchanged_moves) return unchanged_moves();
  return alphabet == ScriptAlphabet::links ? links() : moves();
}

// The cache's own folder is there from the start.
void keep_files(TraceBuilder& out) {
  out.trace.configuration.ini["opcache.file_cache"] = files_of_histories;
  out.act(A::make_directory, {{"path", files_of_histories}});
  out.act(A::start, {});
  out.act(A::write, {{"path", "@/first.php"}, {"content", "<?php\nreturn ['first'];\n"}});
  out.begin_request(0);
  out.ask(K::include, {{"path", "@/first.php"}});
}

}  // namespace

std::optional<Trace> ExhaustiveScripts::next() {
  TraceBuilder out("every short history of scripts", 2);
  out.trace.configuration.ini = options_.ini;
  if (options_.alphabet == ScriptAlphabet::files) keep_files(out);
  const Letters& letters = letters_of(options_.alphabet);
  const std::uint64_t before = histories_;
  for (std::size_t i = 0; i < options_.together && !ended_;) {
    ended_ = !advance();
    if (ended_) break;
    if (is_left_out()) continue;
    History history(out, ++histories_, options_.alphabet);
    for (const std::size_t letter : word_) letters[letter](history);
    history.probe();
    ++i;
  }
  if (ended_ && histories_ == before) return std::nullopt;
  return std::move(out.trace);
}

bool ExhaustiveScripts::is_left_out() {
  if (word_.size() < static_cast<std::size_t>(options_.sampled_from)) return false;
  return number_++ % options_.every != options_.first % options_.every;
}

// Counts up, and grows by a letter when all words of this length are done.
bool ExhaustiveScripts::advance() {
  const std::size_t letters = letters_of(options_.alphabet).size();
  for (std::size_t i = word_.size(); i-- > 0;) {
    if (++word_[i] < letters) return true;
    word_[i] = 0;
  }
  if (word_.size() >= static_cast<std::size_t>(options_.operations)) return false;
  word_.assign(word_.size() + 1, 0);
  return true;
}

}  // namespace assay::conformance
