#include "conformance/reports/known_differences.h"

#include <algorithm>

#include "conformance/reports/expectations.h"
#include "conformance/reports/strict_json.h"
#include "conformance/reports/strict_lines.h"
#include "conformance/vocabulary/input_file.h"
#include "conformance/vocabulary/json_text.h"

namespace assay::conformance {
namespace {

// Empty where the line is well formed.
std::string read_line(const std::string& line, KnownDifference& entry) {
  const auto json = json_from_file(line);
  if (!json) return json.error().message + "; each line holds one object {\"difference\", \"reason\", \"link\"}";
  std::string error;
  StrictObject object(*json, "", error);
  object.text("difference", entry.difference);
  object.text("reason", entry.reason);
  object.text("link", entry.link);
  object.done();
  if (!error.empty()) return error;
  if (entry.difference.empty()) return "field \"difference\": give a kind as `assay compare` prints it, or a glob";
  return what_lacks_grounds(entry.reason, entry.link, "why the targets differ");
}

}  // namespace

Expected<std::vector<KnownDifference>> known_differences_from_text(const std::string& text, const std::string& file) {
  return read_strict_lines<KnownDifference>(text, file, read_line);
}

Expected<std::vector<KnownDifference>> read_known_differences(const std::string& file) {
  const std::string text = ASSAY_TRY(read_input_file(file, "give the path of a file of known differences"));
  return known_differences_from_text(text, file);
}

std::optional<KnownDifference> known_difference(const std::vector<KnownDifference>& known, const std::string& kind) {
  const auto found = std::find_if(known.begin(), known.end(), [&](const KnownDifference& entry) {
    return entry.difference == kind || matches_glob(entry.difference, kind);
  });
  return found == known.end() ? std::nullopt : std::optional(*found);
}

}  // namespace assay::conformance
