#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>

#include "conformance/generators/draw.h"
#include "conformance/generators/trace_builder.h"
#include "conformance/generators/trace_generators.h"
#include "conformance/models/script_body.h"

namespace assay::conformance {

// The files, folders and links of a random script trace, and how they change: a few names in "@", "@/d1" and "@/d2", a link
// "@/l" to a folder and "@/d1/c.php" to a file. Each change is added to the trace if it can be carried out there.
class ScriptTraceWorld {
 public:
  // All three outlive it.
  ScriptTraceWorld(Draw& draw, const ScriptTraceOptions& options, TraceBuilder& out)
      : draw_(draw), options_(options), out_(out) {}

  // ---- names ----
  std::string directory() { return draw_.one_of<std::string>({"@", "@/d1", "@/d2"}); }
  std::string file_name() { return draw_.one_of<std::string>({"a.php", "b.php"}); }
  std::string any_file() {
    const std::string name = file_name();
    return directory() + "/" + name;
  }
  // A name of the file that changed last, or "": most mistakes show soon after a change or not at all.
  const std::string& changed() const { return changed_; }

  // ---- changes ----
  void write_file();
  void swap_link();
  void change();
  // While a request waits: none that ends a worker, or closes a file.
  void change_alive();

  // "include" or, as the options allow, another form; `optional`: none that ends the request where there is no file.
  std::string include_form(bool optional);

 private:
  using A = ActionKind;
  using Arguments = std::initializer_list<std::pair<const char*, Value>>;

  bool act(A kind, Arguments arguments);
  // Of a file of that name.
  bool change_file(A kind, const std::string& path, Arguments arguments);
  std::int64_t file_time();
  ScriptBody body();
  void set_mtime();
  void set_mode();
  void damage();
  void cut_file();
  void remove_file();
  void move();
  void move_file();
  void exchange_trees();
  void leave_link();

  Draw& draw_;
  const ScriptTraceOptions& options_;
  TraceBuilder& out_;
  std::string changed_;
  int version_ = 0;
};

}  // namespace assay::conformance
