#include "conformance/command/compare_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <set>

#include "conformance/command/exit_status.h"
#include "conformance/command/output.h"
#include "conformance/command/run_command.h"
#include "conformance/exploration/comparison_forms.h"
#include "conformance/reports/clean_text.h"
#include "conformance/reports/phpt_report.h"
#include "conformance/reports/report_file.h"
#include "conformance/runner/guard.h"
#include "conformance/runner/processes.h"
#include "conformance/runner/temporary_folder.h"

namespace assay::conformance {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds usual_time{60};
constexpr std::size_t longest_name = 120;  // of a file, without its ending

// What the command line says, read before anything starts.
struct ComparisonInputs {
  Directives ini_a, ini_b;
  std::vector<KnownDifference> known;
};

Expected<Directives> directives(const char* option, const std::vector<std::string>& texts) {
  Directives ini;
  for (const std::string& text : texts) {
    const auto equals = text.find('=');
    if (equals == 0 || equals == std::string::npos)
      return failure(
          fmt::format("{} {}: write NAME=VALUE, for example {} opcache.validate_timestamps=0", option, text, option));
    ini[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return ini;
}

Expected<ComparisonInputs> read_inputs(const CompareCommand& command) {
  ComparisonInputs inputs;
  inputs.ini_a = ASSAY_TRY(directives("--ini-a", command.ini_a));
  inputs.ini_b = ASSAY_TRY(directives("--ini-b", command.ini_b));
  const auto& known_areas = areas_with_histories();
  for (const std::string& area : command.areas) {
    if (std::count(known_areas.begin(), known_areas.end(), area) == 0)
      return failure(
          fmt::format("--area {}: there are random histories for {} only", area, fmt::join(known_areas, ", ")));
  }
  if (!command.expectations.empty()) inputs.known = ASSAY_TRY(read_known_differences(command.expectations));
  return inputs;
}

Expected<void> make_folder(const std::string& folder, const char* option) {
  std::error_code code;
  fs::create_directories(folder, code);
  if (code)
    return failure(fmt::format("{}: cannot be made: {}; give another folder by {}", folder, code.message(), option));
  return {};
}

// Writes what replays a difference. Keeps what could not be written.
class DifferenceWriter {
 public:
  explicit DifferenceWriter(const CompareCommand& command) : command_(command) {}

  DifferenceFiles write(const DifferenceKind& difference) {
    DifferenceFiles files;
    if (difference.known) return files;
    const std::string name = name_of(difference.kind);
    if (!command_.traces.empty())
      files.trace = write_into(command_.traces, "--traces", name + ".jsonl", to_json_lines(difference.trace));
    if (!command_.phpt.empty()) {
      const auto phpt = to_phpt(difference.trace, {name, difference.kind});
      if (phpt)
        files.phpt = write_into(command_.phpt, "--phpt", name + ".phpt", *phpt);
      else
        files.no_phpt = phpt.error().message;
    }
    files_[difference.kind] = files;
    return files;
  }

  const std::map<std::string, DifferenceFiles>& files() const { return files_; }
  bool has_failed() const { return has_failed_; }

 private:
  std::string name_of(const std::string& kind) {
    const std::string slug = slug_of(kind).substr(0, longest_name);
    std::string name = slug;
    for (int n = 2; !names_.insert(name).second; ++n) name = fmt::format("{}-{}", slug, n);
    return name;
  }

  std::string write_into(const std::string& folder, const char* option, const std::string& name,
                         const std::string& content) {
    auto written = make_folder(folder, option);
    const fs::path file = fs::path(folder) / name;
    if (written) written = write_report_file(file, content);
    if (written) return file.string();
    complain(written.error().message);
    has_failed_ = true;
    return "";
  }

  const CompareCommand& command_;
  std::set<std::string> names_;
  std::map<std::string, DifferenceFiles> files_;
  bool has_failed_ = false;
};

void show(const std::string& text) {
  put(text);
  flush_output();
}

ComparisonOptions options_of(const CompareCommand& command, const ComparisonInputs& inputs) {
  ComparisonOptions options;
  options.seed = command.seed;
  options.histories = command.histories;
  options.known = inputs.known;
  if (command.seconds)
    options.time = std::chrono::seconds(*command.seconds);
  else if (!command.histories)
    options.time = usual_time;
  return options;
}

int compare_in_folder(const CompareCommand& command, const ComparisonInputs& inputs, const fs::path& folder) {
  const auto a = open_target(command.a, folder);
  if (!a.target) return a.status;
  const auto b = open_target(command.b, folder);
  if (!b.target) return b.status;

  const Description &description_a = a.target->description(), &description_b = b.target->description();
  const CommonHistories common = common_histories(description_a, description_b, command.areas);
  const ComparisonTitle title{description_a, description_b, command.a,    command.b,
                              inputs.ini_a,  inputs.ini_b,  command.seed, common.not_common};
  ComparedTargets targets({*a.target, inputs.ini_a}, {*b.target, inputs.ini_b}, folder, command.memory);
  DifferenceWriter writer(command);
  ComparisonOptions options = options_of(command, inputs);
  options.on_difference = [&](const DifferenceKind& found) {
    show(difference_text(found, title, writer.write(found)));
  };
  const Comparison comparison = compare_histories(targets, common.sources, options);
  show(comparison_summary(comparison, title));

  bool is_written = !writer.has_failed();
  if (!command.json.empty()) {
    const auto done =
        write_report_file(command.json, comparison_json(comparison, title, writer.files()).dump(2) + "\n");
    if (!done) complain(done.error().message);
    is_written = is_written && done;
  }
  if (!is_written) return exit_suite_broke;
  if (comparison.has_unexpected()) return exit_violates;
  return comparison.operations > 0 ? exit_conforms : exit_not_shown;
}

}  // namespace

int compare_targets(const CompareCommand& command) {
  const auto inputs = read_inputs(command);
  if (!inputs) {
    complain(inputs.error().message);
    return exit_wrong_use;
  }
  if (!command.json.empty()) {
    if (const auto writable = check_report_file(command.json); !writable) {
      complain(writable.error().message);
      return exit_suite_broke;
    }
  }
  auto folder = TemporaryFolder::create();
  if (!folder) {
    complain(folder.error().message);
    return exit_suite_broke;
  }
  return run_guarded(folder->path(), [&] {
    adopt_orphans();
    return compare_in_folder(command, *inputs, folder->path());
  });
}

}  // namespace assay::conformance
