#pragma once

#include <set>
#include <string>
#include <vector>

#include "conformance/models/file_system_model.h"
#include "conformance/models/judgement.h"
#include "conformance/models/realpath_model.h"
#include "conformance/models/script_body.h"
#include "conformance/models/script_store.h"
#include "conformance/vocabulary/observation.h"
#include "conformance/vocabulary/operation.h"
#include "conformance/vocabulary/reply.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// The world at a moment, and what is decided about what nobody can know of it.
struct ScriptWorld {
  const FileSystemModel& files;
  std::int64_t now = 0;
  Decisions& decisions;
};

// One possible condition of a runtime: what is shared, what each worker keeps for itself, and the request that runs.
struct ScriptState {
  struct Worker {
    RealpathModel realpaths;
    std::uint64_t generation = 0;  // of the store when its last request began
    bool has_served = false;
  };
  struct Request {
    enum class Holds { no, maybe, yes };  // a restart off (SC-RST-12)
    int worker = 0;
    std::int64_t began = 0;  // SC-VAL-04
    bool outside = false;    // it works without the cache to its end (SC-RST-22, SC-API-11)
    Holds holds = Holds::no;
    std::string directory;  // the working directory
    std::string include_path;
    std::vector<std::string> included;     // SC-PER-09
    std::optional<RealpathModel> dropped;  // by a restart, after the main script was looked for in it (SC-RST-18)
    bool is_lost = false;  // a relative name was asked for in a working directory that no clause tells (DP-29)
  };
  ScriptStore store;
  std::vector<Worker> workers;
  Request request;
  std::map<int, Request> waiting;  // requests that have begun and go on later, by worker
};

// What an operation must give. Diagnostics are as in Reply, without the include path that ends some.
struct ScriptPrediction {
  Reply reply = Reply::of(true);
  bool ends_request = false;  // by a fatal error
  bool any_reply = false;     // no clause says what comes back
  const char* clause = "SC-STA-01";
};

// What a target adds to a request besides the trace.
struct ScriptHost {
  bool excluded_main_script =
      true;  // each request has a main script, which counts a blacklist miss, unless the trace has
             // a blacklist of its own; so does a new process before its first `serve`
  bool compiling_includes =
      false;  // compile_file of a cached file enters it into the list of included files (SC-API-07)
  bool failing_once_includes = false;  // a once-include of a cached file that is gone enters it as well (SC-VAL-07)
  bool keeps_moved_files = false;  // a once-include of a path that leads elsewhere by now runs its entry (GU-VAL-07)
  bool doubles_keys = false;  // a relative key that a once-include adds and stores under takes two slots (SC-KEY-10)
  bool runs_stale_copies = false;  // a discarded compilation runs the stored copy, even of another version (SC-LCK-05)
  bool files_lack_sizes = false;   // a cache file that was written while memory took nothing says no size (SC-STA-02)
  bool dies_of_chains = false;     // GU-VAL-01 does not hold where a key leads to a key (docs/findings.md): not judged
  bool reads_everything = true;    // its workers belong to the superuser, whom no mode stops
  std::string include_path = ".:/usr/share/php";
};

// The script cache of a runtime (script-cache.md 4, 5, 7 to 11), one request at a time: given the files, the time and
// what was asked before, it says what each operation gives. Names are resolved by the model of the realpath cache.
class ScriptModel {
 public:
  ScriptModel(std::vector<ScriptRules> rules, std::vector<RealpathRules> realpath_rules, ScriptRoom room,
              std::string root, ScriptHost host);

  // Nothing cached, workers just started. `excluded`: patterns of the blacklist (SC-EXC-02), where it has one.
  ScriptState start(std::vector<std::string> excluded = {}, bool has_list = false) const;
  void start_worker(ScriptState& state, int worker) const;

  // How a request begins: `is_main`: it is a main script of the trace; `other_holds`: another worker's request may still
  // be ending, and hold off a restart.
  struct Beginning {
    int worker = 0;
    std::int64_t now = 0;
    bool is_main = false;
    bool other_holds = false;
  };
  // Returns what it can have become: one state, or two where a restart is pending.
  std::vector<ScriptState> begin_request(ScriptState state, const Beginning& beginning) const;
  // The request that runs stops in its middle, so that others can run; and goes on.
  static void suspend_request(ScriptState& state);
  static void resume_request(ScriptState& state, int worker);

  // Carries out an operation other than script_status; `state` becomes what it is after it.
  // REQUIRES: follows(operation).
  ScriptPrediction perform(ScriptState& state, const Operation& operation, const ScriptWorld& world) const;

  // What in a report does not fit; empty: it fits, and what only it could tell is learned. `with_scripts`: the
  // operation's flag.
  std::string misfit(ScriptState& state, const Value& report, bool with_scripts) const;

  // Whether the model has a statement about an operation.
  static bool follows(const Operation& operation);

  const ScriptRules& rules(int worker) const { return rules_.at(static_cast<std::size_t>(worker)); }
  const std::string& root() const { return root_; }

 private:
  std::vector<ScriptState> begin_alone(ScriptState state, const Beginning& beginning) const;

  std::vector<ScriptRules> rules_;
  std::vector<RealpathRules> realpath_rules_;
  ScriptRoom room_;
  std::string root_;
  ScriptHost host_;
};

}  // namespace assay::conformance
