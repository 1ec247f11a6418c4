#include "conformance/command/reached_tests.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

#include "conformance/reports/report_file.h"
#include "conformance/vocabulary/input_file.h"
#include "conformance/vocabulary/value_json.h"

namespace assay::conformance {
namespace fs = std::filesystem;
namespace {

struct Visit {
  std::string test;
  double seconds = 0;
  std::vector<int> changes;
};

// Runs one test alone; nothing where it does not pass.
Expected<std::optional<Visit>> visit_of(const ProjectCopy& project, const fs::path& folder, const std::string& profile,
                                        const std::string& test, int changes, int worker) {
  const fs::path table = folder / fmt::format("reached-{}", worker);
  ASSAY_TRY(write_report_file(table, std::string(static_cast<std::size_t>(changes) + 1, '\0')));
  const auto results =
      ASSAY_TRY(project.run(fmt::format("--profile {} --jobs 1 --filter '{}'", profile, test),
                            "ASSAY_PLANTED_REACHED=" + quoted(table), fmt::format("report-{}", worker)));
  if (results.size() != 1 || results[0].verdict != Verdict::pass) return std::optional<Visit>();
  const std::string reached = ASSAY_TRY(read_input_file(table));
  Visit visit{test, results[0].seconds, {}};
  for (std::size_t i = 0; i < reached.size(); ++i) {
    if (reached[i] != 0) visit.changes.push_back(static_cast<int>(i));
  }
  return std::optional(std::move(visit));
}

Expected<std::vector<Visit>> visit_all(const ProjectCopy& project, const fs::path& folder,
                                       const SelectionOptions& selection, int changes) {
  const auto selected = ASSAY_TRY(select_tests(selection));
  std::vector<Visit> visits;
  std::optional<Error> error;
  std::mutex mutex;
  on_all_processors(selected.tests.size(), [&](std::size_t i, int worker) {
    auto visit = visit_of(project, folder, selection.profile, selected.tests[i]->id, changes, worker);
    const std::lock_guard guard(mutex);
    if (!visit)
      error = visit.error();
    else if (*visit)
      visits.push_back(std::move(**visit));
  });
  if (error) return tl::unexpected(*error);
  std::sort(visits.begin(), visits.end(), [](const Visit& a, const Visit& b) { return a.seconds < b.seconds; });
  return visits;
}

// The same program, and the same tests of it.
std::string key_of(const ProjectCopy& project, const SelectionOptions& selection) {
  std::error_code code;
  const auto time = fs::last_write_time(project.program(), code).time_since_epoch().count();
  return fmt::format("{} {} {} {}", selection.profile, fmt::join(selection.filters, " "), time,
                     fs::file_size(project.program(), code));
}

std::optional<std::vector<Visit>> kept_visits(const fs::path& file, const std::string& key) {
  const auto text = read_input_file(file);
  if (!text) return std::nullopt;
  const Json json = Json::parse(*text, nullptr, false);
  if (!json.is_object() || json.value("key", "") != key) return std::nullopt;
  std::vector<Visit> visits;
  for (const Json& item : json["tests"]) {
    visits.push_back(
        {item["test"].get<std::string>(), item["seconds"].get<double>(), item["changes"].get<std::vector<int>>()});
  }
  return visits;
}

Expected<void> keep_visits(const fs::path& file, const std::string& key, const std::vector<Visit>& visits) {
  Json tests = Json::array();
  for (const Visit& visit : visits)
    tests.push_back({{"test", visit.test}, {"seconds", visit.seconds}, {"changes", visit.changes}});
  return write_report_file(file, Json{{"key", key}, {"tests", std::move(tests)}}.dump());
}

}  // namespace

Expected<ReachedTests> find_reached_tests(const ProjectCopy& project, const fs::path& folder,
                                          const SelectionOptions& selection, int changes) {
  const fs::path file = folder / "reached.json";
  const std::string key = key_of(project, selection);
  auto visits = kept_visits(file, key);
  if (!visits) {
    visits = ASSAY_TRY(visit_all(project, folder, selection, changes));
    ASSAY_TRY(keep_visits(file, key, *visits));
  }
  ReachedTests reached;
  for (const Visit& visit : *visits) {
    for (const int change : visit.changes) reached.by_change[change].push_back(reached.tests.size());
    reached.tests.emplace_back(visit.test, visit.seconds);
  }
  return reached;
}

void on_all_processors(std::size_t count, const std::function<void(std::size_t, int)>& work) {
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> threads;
  for (unsigned worker = 0; worker < std::max(1u, std::thread::hardware_concurrency()); ++worker) {
    threads.emplace_back([&, worker] {
      for (std::size_t i = next++; i < count; i = next++) work(i, static_cast<int>(worker));
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace assay::conformance
