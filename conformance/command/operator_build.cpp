#include "conformance/command/operator_build.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "conformance/reports/report_file.h"
#include "conformance/vocabulary/input_file.h"

namespace assay::conformance {
namespace fs = std::filesystem;
namespace {

constexpr int kMostBuilds = 12;

bool is_below(const std::string& file, const char* folder) {
  return file.starts_with(std::string("reference/") + folder + "/");
}

}  // namespace

OperatorBuild::OperatorBuild(fs::path source, fs::path folder, bool with_subset)
    : source_(std::move(source)), folder_(std::move(folder)), with_subset_(with_subset), project_(source_, folder_) {}

Expected<std::vector<std::string>> OperatorBuild::files() const {
  std::vector<std::string> found;
  std::error_code code;
  for (fs::recursive_directory_iterator entry(source_ / "reference", code), end; !code && entry != end;
       entry.increment(code)) {
    const std::string file = entry->path().lexically_relative(source_).string();
    if (entry->path().extension() != ".cpp" || is_below(file, "tests")) continue;
    if (with_subset_ || !is_below(file, "php")) found.push_back(file);
  }
  if (found.empty())
    return failure(fmt::format("{} is no checkout of the project; name one with --source", source_.string()));
  std::sort(found.begin(), found.end());
  return found;
}

Expected<std::vector<PlantedChange>> OperatorBuild::plant() const {
  const auto names = ASSAY_TRY(files());
  ASSAY_TRY(project_.copy_sources(names));
  std::string list;
  for (const std::string& name : names) list += " " + quoted(fs::path(name));
  const fs::path printed = folder_ / "planted.json", said = folder_ / "planted.log";
  const int status = shell(fmt::format(
      "{} {} {} --without {} --cache {}{} > {} 2> {}", quoted(source_ / "scripts/plant-operators"), quoted(source_),
      quoted(project_.copy()), quoted(left_out()), quoted(folder_ / "found"), list, quoted(printed), quoted(said)));
  if (status != 0) {
    const auto text = read_input_file(said);
    return failure(fmt::format("nothing could be planted (exit status {}): {}", status, text ? *text : ""));
  }
  return planted_changes_from_json(ASSAY_TRY(read_input_file(printed)));
}

Expected<std::vector<PlantedChange>> OperatorBuild::build() const {
  for (int i = 0; i < kMostBuilds; ++i) {
    auto changes = ASSAY_TRY(plant());
    if (i == 0) {
      ASSAY_TRY(project_.configure(true));
    }
    const auto built = project_.compile(true);
    if (built) return changes;
    const auto wrong = not_compiled(changes, ASSAY_TRY(read_input_file(project_.log())));
    if (wrong.empty()) return tl::unexpected(built.error());
    ASSAY_TRY(leave_out(wrong));
  }
  return failure(fmt::format("after {} builds there is still something that does not compile", kMostBuilds));
}

Expected<void> OperatorBuild::leave_out(const std::vector<PlantedChange>& changes) const {
  std::string text;
  if (fs::exists(left_out())) text = ASSAY_TRY(read_input_file(left_out()));
  for (const PlantedChange& change : changes) text += change.key() + "\n";
  return write_report_file(left_out(), text);
}

}  // namespace assay::conformance
