#include "conformance/models/realpath_hypotheses.h"

namespace assay::conformance {

RealpathHypothesis::RealpathHypothesis(std::string ancestor, bool at_start, std::vector<RealpathRules> workers)
    : ancestor_(std::move(ancestor)), at_start_(at_start) {
  for (const RealpathRules& rules : workers) workers_.push_back({RealpathModel(rules), rules, std::nullopt});
}

void RealpathHypothesis::clear(int worker) {
  workers_.at(static_cast<std::size_t>(worker)).cache.clear();
  workers_.at(static_cast<std::size_t>(worker)).main_script.reset();
}

void RealpathHypothesis::start_worker(int worker, const FileSystemModel& files, std::int64_t now) {
  clear(worker);
  if (at_start_) begin_request(worker, files, now);
}

void RealpathHypothesis::begin_request(int number, const FileSystemModel& files, std::int64_t now) {
  if (ancestor_.empty()) return;
  Worker& worker = workers_.at(static_cast<std::size_t>(number));
  if (worker.main_script && (worker.rules.ttl == 0 || now <= *worker.main_script)) return;
  worker.cache.resolve(ancestor_, RealpathModel::Mode::strict, files, now);
  if (worker.rules.limit > 0) worker.main_script = now + worker.rules.ttl;
}

std::vector<RealpathRules> realpath_rules(const Configuration& configuration) {
  std::vector<RealpathRules> all;
  for (const Pool& pool : configuration.pools) {
    Directives directives = configuration.ini;
    for (const auto& [name, value] : pool.ini) directives[name] = value;
    RealpathRules rules;
    if (const auto found = directives.find("realpath_cache_size"); found != directives.end())
      rules.limit = quantity(found->second);
    if (const auto found = directives.find("realpath_cache_ttl"); found != directives.end())
      rules.ttl = quantity(found->second);
    all.insert(all.end(), static_cast<std::size_t>(pool.workers), rules);
  }
  return all;
}

std::vector<RealpathHypothesis> realpath_hypotheses(const std::vector<RealpathRules>& workers, bool with_main_script,
                                                    const FileSystemModel& files, std::int64_t now) {
  std::vector<RealpathHypothesis> all = {RealpathHypothesis("", false, workers)};
  if (!with_main_script) return all;
  std::vector<std::string> ancestors = {files.root()};
  for (std::size_t slash = files.root().find('/', 1); slash != std::string::npos;
       slash = files.root().find('/', slash + 1))
    ancestors.push_back(files.root().substr(0, slash));
  for (const std::string& ancestor : ancestors) {
    for (const bool at_start : {false, true}) {
      all.emplace_back(ancestor, at_start, workers);
      for (std::size_t worker = 0; worker < workers.size(); ++worker)
        all.back().start_worker(static_cast<int>(worker), files, now);
    }
  }
  return all;
}

}  // namespace assay::conformance
