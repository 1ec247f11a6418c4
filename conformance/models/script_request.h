#pragma once

#include "conformance/models/script_model.h"

namespace assay::conformance {

// A name of a script as a program writes it, and where from.
struct ScriptName {
  std::string text;
  std::string including{};  // directory of the including script; empty: a script outside the tree
};

// The uses of scripts by one request, on one state: a step of ScriptModel.
class ScriptRequest {
 public:
  ScriptRequest(ScriptState& state, const ScriptRules& rules, const ScriptHost& host, const ScriptWorld& world)
      : state_(state), store_(state.store), rules_(rules), host_(host), world_(world) {}

  ScriptPrediction include(const ScriptName& name, const std::string& how);
  ScriptPrediction compile(const ScriptName& name);
  ScriptPrediction invalidate(const ScriptName& name, bool force);
  bool is_cached(const ScriptName& name);
  // The request is that of a main script, named as a web server names it.
  ScriptPrediction serve(const std::string& path);
  // file_exists and its like, which the cache may answer; REQUIRES: no result of stat() is left over.
  bool has_file(const ScriptName& name, OperationKind asked);

 private:
  // What a use of a name comes to.
  struct Use {
    enum class Kind { hit, compiled, missing };
    Kind kind = Kind::missing;
    std::string path{};  // missing: what could not be opened
    std::string source{};
    bool refused = false;    // missing: it is there, and may not be read
    bool forbidden = false;  // missing: it is cached, and may not be read (SC-SEC-01)
  };
  using File = FileSystemModel::Node;
  // Where a name leads through the worker's realpath cache.
  struct Opened {
    std::string path{};  // resolved; empty: nothing
    std::string text{};  // what is opened: the resolved path, or the name as it was written
    bool strictly = false;
    const File* file = nullptr;
    bool can_be_read = false;
  };

  bool uses_cache() const { return rules_.has_memory() && !state_.request.outside; }
  std::optional<std::string> key_of(const ScriptName& name) const;

  enum class How { include, once, compile, main };
  Use use(const ScriptName& name, How how);
  Use use_resolved(const std::string& path);
  Use use_key(const std::string& key, const ScriptName& name, How how);
  static Use from_source(const Opened& opened);
  static Use forbidden(const std::string& name);
  bool is_forbidden(const std::string& key) const;
  Use without_memory(const Opened& opened);
  Use store(const std::string& key, const Opened& opened, How how, bool asks_files);
  bool is_excluded(const std::string& path) const;
  bool may_store(const File& file) const;
  bool may_be_stored(const Opened& opened);
  bool can_read(const File& file) const { return file.readable || rules_.reads_everything; }
  std::optional<std::string> filed(const std::string& path, const File& file);
  void keep_file(const Opened& opened, bool has_memory);
  Use load(const Opened& opened, std::string source);
  ScriptStore::Entry entry_of(std::string source, const File& file, ScriptRoute route) const;
  // The entry if it is valid, and still so when looked at.
  ScriptStore::Entry* fresh(const std::string& key, const ScriptName* name);
  // By a resolved path: that of another file's entry is a name of that file to others only (SC-KEY-18).
  ScriptStore::Entry* fresh_at(const std::string& path);
  bool is_due(const ScriptStore::Entry& entry) const;
  bool is_unchanged(const std::string& key, const ScriptStore::Entry& entry, const ScriptName* name);

  const File* file_at(const std::string& path) const;
  std::int64_t now() const { return state_.request.began; }  // as the cache sees it (SC-VAL-04)
  void hold() { state_.request.holds = ScriptState::Request::Holds::yes; }
  std::string absolute(const std::string& text) const;
  std::optional<std::string> resolve(const std::string& text, RealpathModel::Mode mode);
  std::optional<std::string> search(const ScriptName& name);
  Opened open(const ScriptName& name);
  bool was_included(const std::string& path) const;

  ScriptPrediction shown(const Use& used, const std::string& path);
  ScriptPrediction run(const Use& use, const ScriptName& name, const std::string& how);
  bool has_moved(const ScriptStore::Entry& entry, const std::string& key, const ScriptName& name);
  ScriptPrediction include_known(const std::string& path, const std::optional<std::string>& key, const ScriptName& name,
                                 const std::string& how);
  ScriptPrediction run_once(const Use& use, const std::string& path, const ScriptName& name, const std::string& how);
  static ScriptPrediction missing(const Use& use, const ScriptName& name, const std::string& how);

  ScriptState& state_;
  ScriptStore& store_;
  const ScriptRules& rules_;
  const ScriptHost& host_;
  const ScriptWorld& world_;
};

}  // namespace assay::conformance
