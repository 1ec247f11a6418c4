#include "conformance/models/judge_realpath.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conformance/adapter/root_text.h"
#include "conformance/models/realpath_hypotheses.h"

namespace assay::conformance {

namespace {

using Mode = RealpathModel::Mode;
using NodeKind = FileSystemModel::Node::Kind;

// A limit that no trace of a few hundred paths reaches.
constexpr std::int64_t kPlenty = 64 * 1024;

// Runs one trace and its observations through the model.
class RealpathJudge {
 public:
  RealpathJudge(const Trace& trace, const std::string& root, RealpathHost host)
      : trace_(trace), host_(host), files_(root) {
    start_workers();
  }

  Judgement judge(std::span<const Observation> observations) {
    for (const Observation& observation : observations) {
      act_until(observation.step);
      if (!judgement_.not_judged.empty()) return judgement_;
      if (observation.exchange == 0) begin_request(observation);
      if (judgement_.not_judged.empty()) ask(observation);
      // Of a reply about what is outside, nothing can be said where it is another than the model's.
      if (files_.take_looked_outside() && judgement_.refusal) {
        judgement_.refusal.reset();
        stop("a path leads out of the tree");
      }
      if (!judgement_.not_judged.empty() || judgement_.refusal) return judgement_;
    }
    return judgement_;
  }

 private:
  void start_workers() {
    const std::vector<RealpathRules> rules = realpath_rules(trace_.configuration);
    const bool small =
        std::any_of(rules.begin(), rules.end(), [](const auto& r) { return r.limit > 0 && r.limit < kPlenty; });
    if (small && host_.resolves_main_script)
      stop("a small limit that the main script's own entries, which are not reported, count against");
    if (trace_.configuration.ini.contains("open_basedir")) stop("open_basedir changes what is cached (RP-INI-03)");
    for (const Pool& pool : trace_.configuration.pools)
      if (pool.ini.contains("open_basedir")) stop("open_basedir changes what is cached (RP-INI-06)");
    hypotheses_ = realpath_hypotheses(rules, host_.resolves_main_script, files_, now_);
  }

  void stop(std::string why) { judgement_.not_judged = std::move(why); }

  // What the suite does to the world in the steps before this one.
  void act_until(std::size_t step) {
    for (; next_step_ < step; ++next_step_) {
      const auto* action = std::get_if<Action>(&trace_.steps[next_step_]);
      if (!action) continue;
      switch (action->kind()) {
        case ActionKind::advance_clock:
          now_ += action->integer("seconds");
          break;
        case ActionKind::kill:
          for (RealpathHypothesis& hypothesis : hypotheses_)
            hypothesis.start_worker(static_cast<int>(action->integer("worker")), files_, now_);
          break;
        case ActionKind::reload:
          start_workers();
          break;
        case ActionKind::arm:
          return stop("a fault was armed");
        default:
          if (!files_.apply(*action, now_)) return stop("modes are not modelled");
      }
    }
  }
  void begin_request(const Observation& observation) {
    if (!std::get<Request>(trace_.steps[observation.step]).background.empty()) return stop("requests overlap");
    if (observation.outcome != Outcome::Kind::completed) return stop("a request did not complete");
    directory_ = files_.root();
    for (RealpathHypothesis& hypothesis : hypotheses_) hypothesis.begin_request(observation.worker, files_, now_);
  }

  // The absolute raw path of a path argument (RP-PATH-01).
  std::string raw(const Observation& observation, const char* parameter) const {
    const std::string path = with_root(observation.operation.text(parameter), files_.root());
    if (path.starts_with('/')) return path;
    return path.empty() ? directory_ : (directory_ == "/" ? "" : directory_) + "/" + path;
  }

  void ask(const Observation& observation) {
    if (observation.reply.kind == Reply::Kind::unsupported) return;
    for (const Value& argument : observation.operation.arguments) {
      if (!argument.is_string()) continue;
      const std::string& text = argument.as_string();
      if (text.find("://") != std::string::npos) return stop("streams are not modelled");
      const bool is_no_path = text.empty() || text.find('\0') != std::string::npos;
      if (is_no_path && observation.reply.kind == Reply::Kind::thrown) return stop("an argument that is no path");
    }
    switch (observation.operation.kind()) {
      case OperationKind::realpath:
        return ask_realpath(observation);
      case OperationKind::realpath_cache_get:
        return ask_listing(observation);
      case OperationKind::realpath_cache_size:
        return ask_size(observation);
      case OperationKind::clear_stat_cache:
        return clear(observation);
      case OperationKind::read_file:
        return read_file(observation);
      case OperationKind::put_file:
        return put_file(observation);
      case OperationKind::symlink:
        return make_link(observation);
      case OperationKind::change_dir:
      case OperationKind::current_dir:
        return directory(observation);
      case OperationKind::unlink:
      case OperationKind::rename:
      case OperationKind::remove_dir:
        return change_and_clear(observation);
      case OperationKind::make_dir:
        return expect(observation, make_directory(observation), "RP-CLR-07", "mkdir");
      case OperationKind::file_exists:
      case OperationKind::is_file:
      case OperationKind::is_dir:
      case OperationKind::is_link:
      case OperationKind::read_link:
        return ask_kernel(observation);
      case OperationKind::ini_get:
      case OperationKind::time:
      case OperationKind::request_time:
      case OperationKind::process_id:
        return;
      default:
        return stop(fmt::format("{} is not modelled", observation.operation.spec->name));
    }
  }

  // Keeps the hypotheses whose prediction is the reply.
  template <class Predict>
  void keep(const Observation& observation, Predict predict, const char* clause) {
    ++judgement_.judged;
    const OperationKind kind = observation.operation.kind();
    if (kind == OperationKind::realpath_cache_get || kind == OperationKind::realpath_cache_size) ++judgement_.listings;
    std::vector<RealpathHypothesis> kept;
    Value expected;
    for (RealpathHypothesis& hypothesis : hypotheses_) {
      expected = predict(hypothesis.cache(observation.worker));
      if (observation.reply.kind == Reply::Kind::value && observation.reply.value == expected)
        kept.push_back(hypothesis);
    }
    if (!kept.empty()) {
      hypotheses_ = std::move(kept);
      return;
    }
    refuse(observation, clause,
           fmt::format("expected {}, the reply is {}", to_text(expected), to_text(observation.reply)));
  }
  void expect(const Observation& observation, const Value& expected, const char* clause, const char*) {
    keep(
        observation, [&](RealpathModel&) { return expected; }, clause);
  }
  void refuse(const Observation& observation, const char* clause, const std::string& text) {
    judgement_.refusal = Refusal{clause,
                                 fmt::format("worker {}, {} at {:+} s: {}", observation.worker,
                                             to_text(observation.operation), now_ - clock_start, text),
                                 observation.step, observation.exchange};
  }

  Value shown(const std::optional<std::string>& real) const {
    return real ? Value(without_root(*real, files_.root())) : Value(false);
  }

  void ask_realpath(const Observation& observation) {
    const std::string path = raw(observation, "path");
    if (path.find('\0') != std::string::npos) return;  // RP-PATH-07 has a test of its own
    keep(
        observation, [&](RealpathModel& model) { return shown(model.resolve(path, Mode::strict, files_, now_)); },
        "RP-PATH-02");
  }

  void ask_kernel(const Observation& observation) {
    const OperationKind kind = observation.operation.kind();
    const bool follow = kind != OperationKind::is_link && kind != OperationKind::read_link;
    const std::string path = raw(observation, "path");
    const FileSystemModel::Place place =
        observation.operation.text("path").empty() ? FileSystemModel::Place{} : files_.walk(path, follow);
    Value expected = place.found();
    if (kind == OperationKind::is_file) expected = place.is(NodeKind::file);
    if (kind == OperationKind::is_dir) expected = place.is(NodeKind::directory);
    if (kind == OperationKind::is_link) expected = place.is(NodeKind::link);
    if (kind == OperationKind::read_link)
      expected = place.is(NodeKind::link) ? Value(without_root(place.node->text, files_.root())) : Value(false);
    expect(observation, expected, "RP-USE-02", "");
  }

  // The path that is opened: a slash at the end of what the program wrote is still there (RP-PATH-03).
  std::optional<std::string> opened(RealpathModel& model, const std::string& path) {
    auto real = model.resolve(path, Mode::lenient, files_, now_);
    if (real && path.ends_with('/') && !real->ends_with('/')) *real += '/';
    return real;
  }

  // The content through a lenient resolution; what it shows of a directory is not judged.
  void read_file(const Observation& observation) {
    const std::string path = raw(observation, "path");
    const bool directory = std::any_of(hypotheses_.begin(), hypotheses_.end(), [&](RealpathHypothesis& hypothesis) {
      RealpathModel copy = hypothesis.cache(observation.worker);
      const auto real = opened(copy, path);
      return real && files_.walk(*real, true).is(NodeKind::directory);
    });
    const auto content = [&](RealpathModel& model) -> Value {
      const auto real = opened(model, path);
      const auto place = real ? files_.walk(*real, true) : FileSystemModel::Place{};
      if (directory) return observation.reply.value;
      return place.is(NodeKind::file) ? Value(without_root(place.node->text, files_.root())) : Value(false);
    };
    keep(observation, content, "RP-PATH-10");
  }

  void put_file(const Observation& observation) {
    const std::string path = raw(observation, "path");
    const std::string data = with_root(observation.operation.text("data"), files_.root());
    std::optional<FileSystemModel> changed;
    const auto written = [&](RealpathModel& model) -> Value {
      const auto real = opened(model, path);
      FileSystemModel files = files_;
      const bool done = real && files.write_file(*real, data, now_);
      if (done && observation.reply.value != Value(false)) changed = std::move(files);
      return done ? observation.reply.value == Value(false) ? Value() : observation.reply.value : Value(false);
    };
    keep(observation, written, "RP-ENT-06");
    if (changed) files_ = std::move(*changed);
  }

  // RP-USE-08: the link leniently, then the target leniently, a relative one joined to the parent of the link's result.
  // The link is made at that result: behind a dangling link, that is where it points to.
  void make_link(const Observation& observation) {
    const std::string link = raw(observation, "link");
    const std::string target = with_root(observation.operation.text("target"), files_.root());
    std::optional<FileSystemModel> changed;
    const auto made = [&](RealpathModel& model) -> Value {
      const auto place = model.resolve(link, Mode::lenient, files_, now_);
      if (!place) return false;
      const std::string parent = place->substr(0, place->rfind('/'));
      if (!model.resolve(target.starts_with('/') ? target : parent + "/" + target, Mode::lenient, files_, now_))
        return false;
      FileSystemModel files = files_;
      const bool done = files.make_link(*place, target);
      if (done) changed = std::move(files);
      return done;
    };
    keep(observation, made, "RP-USE-08");
    if (changed && !judgement_.refusal) files_ = std::move(*changed);
  }

  void directory(const Observation& observation) {
    if (observation.operation.kind() == OperationKind::current_dir)
      return expect(observation, shown(directory_), "RP-PATH-01", "");
    const auto place = files_.walk(raw(observation, "path"), true);
    expect(observation, place.is(NodeKind::directory), "RP-CLR-07", "");
    if (place.is(NodeKind::directory)) directory_ = place.path;
  }

  bool make_directory(const Observation& observation) {
    const std::string path = raw(observation, "path");
    if (!observation.operation.flag("recursive")) return files_.make_directory(path);
    if (path.find("/.") != std::string::npos || path.find("//") != std::string::npos) {
      stop("recursive mkdir of such a path is not modelled");
      return false;
    }
    for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1))
      files_.make_directory(path.substr(0, slash));
    return files_.make_directory(path);
  }

  // RP-CLR-05: on success the caller's whole cache is emptied.
  void change_and_clear(const Observation& observation) {
    bool done = false;
    if (observation.operation.kind() == OperationKind::unlink) done = files_.unlink(raw(observation, "path"));
    if (observation.operation.kind() == OperationKind::remove_dir)
      done = files_.remove_directory(raw(observation, "path"));
    if (observation.operation.kind() == OperationKind::rename)
      done = files_.rename(raw(observation, "from"), raw(observation, "to"));
    expect(observation, done, "RP-CLR-05", "");
    if (!done) return;
    for (RealpathHypothesis& hypothesis : hypotheses_) hypothesis.clear(observation.worker);
  }

  void clear(const Observation& observation) {
    if (!observation.operation.flag("realpath")) return;
    const Value& path = observation.operation.argument("path");
    const bool whole = !path.is_string() || path.as_string().empty();
    for (RealpathHypothesis& hypothesis : hypotheses_) {
      if (whole) hypothesis.clear(observation.worker);
      if (!whole) hypothesis.cache(observation.worker).clear_one(with_root(path.as_string(), files_.root()));
    }
  }

  void ask_listing(const Observation& observation);
  void ask_size(const Observation& observation);
  const char* clause_of_difference(const Value& expected, const Value& listed) const;

  const Trace& trace_;
  RealpathHost host_;
  FileSystemModel files_;
  std::vector<RealpathHypothesis> hypotheses_;
  std::int64_t now_ = clock_start;
  std::string directory_;
  std::size_t next_step_ = 0;
  Judgement judgement_;
};

// Expired entries that the host's own lookups may have reclaimed are gone if the listing does not have them.
void RealpathJudge::ask_listing(const Observation& observation) {
  const Value& listed = observation.reply.value;
  const auto predict = [&](RealpathModel& model) {
    if (host_.resolves_main_script && listed.is_array()) {
      std::vector<std::string> gone;
      for (const auto* entry : model.entries()) {
        const std::string name = without_root(entry->raw, files_.root());
        if (model.is_expired(*entry, now_) && !listed.find(Key(name))) gone.push_back(entry->raw);
      }
      for (const std::string& entry : gone) model.clear_one(entry);
    }
    return without_root(model.listing(), files_.root());
  };
  const Value closest = predict(hypotheses_.front().cache(observation.worker));
  keep(observation, predict, listed.is_array() ? clause_of_difference(closest, listed) : "RP-ENT-10");
}

const char* RealpathJudge::clause_of_difference(const Value& expected, const Value& listed) const {
  std::set<Key> theirs, ours;
  for (const auto& [key, entry] : listed.as_array()) theirs.insert(key);
  for (const auto& [key, entry] : expected.as_array()) ours.insert(key);
  if (theirs != ours) return "RP-ENT-02";
  for (const auto& [key, entry] : expected.as_array()) {
    const Value& other = *listed.find(key);
    if (entry == other) continue;
    for (const auto& [field, clause] :
         {std::pair{"key", "RP-KEY-01"}, {"realpath", "RP-ENT-03"}, {"is_dir", "RP-ENT-09"}, {"expires", "RP-TTL-01"}})
      if (!other.find(Key(field)) || *other.find(Key(field)) != *entry.find(Key(field))) return clause;
    return "RP-ENT-10";
  }
  return "RP-ENT-11";
}

void RealpathJudge::ask_size(const Observation& observation) {
  const auto predict = [&](RealpathModel& model) -> Value {
    const std::int64_t size = model.size();
    if (!host_.resolves_main_script || !observation.reply.value.is_int()) return size;
    std::int64_t live = 0;
    for (const auto* entry : model.entries()) live += model.is_expired(*entry, now_) ? 0 : entry->cost();
    const std::int64_t shown = observation.reply.value.as_int();
    return shown >= live && shown <= size ? shown : size;
  };
  keep(observation, predict, "RP-SIZE-01");
}

}  // namespace

Judgement judge_realpath(const Trace& trace, std::span<const Observation> observations, const std::string& root,
                         RealpathHost host) {
  return RealpathJudge(trace, root, host).judge(observations);
}

}  // namespace assay::conformance
