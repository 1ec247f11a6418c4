#include "conformance/mutation/planted_change.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "conformance/vocabulary/value_json.h"

namespace assay::conformance {
namespace {

constexpr std::string_view kRoot = "reference/";

Expected<PlantedChange> change_from_json(const Json& json) {
  if (!json.is_object()) return failure("plant-operators: \"mutants\" is a list of objects");
  PlantedChange change;
  const std::pair<const char*, int*> numbers[] = {
      {"id", &change.id}, {"line", &change.line}, {"end_line", &change.end_line}};
  for (const auto& [field, into] : numbers) {
    if (!json.contains(field) || !json[field].is_number_integer())
      return failure(fmt::format("plant-operators: a mutant needs the number \"{}\"", field));
    *into = json[field].get<int>();
  }
  const std::pair<const char*, std::string*> texts[] = {{"file", &change.file},
                                                        {"operator", &change.operation},
                                                        {"original", &change.original},
                                                        {"changed", &change.changed}};
  for (const auto& [field, into] : texts) {
    if (!json.contains(field) || !json[field].is_string())
      return failure(fmt::format("plant-operators: a mutant needs the text \"{}\"", field));
    *into = json[field].get<std::string>();
  }
  return change;
}

// The place of an error in one line of a compiler's output, if there is one.
bool error_place(const std::string& line, std::string& file, int& number) {
  const auto error = line.find("error: ");
  const auto begin = line.find(kRoot);
  if (error == std::string::npos || begin == std::string::npos || begin > error) return false;
  const auto colon = line.find(':', begin);
  if (colon == std::string::npos || colon > error) return false;
  file = line.substr(begin, colon - begin);
  number = std::atoi(line.c_str() + colon + 1);
  return number > 0;
}

}  // namespace

std::string PlantedChange::area() const {
  const std::string below = file.starts_with(kRoot) ? file.substr(kRoot.size()) : file;
  return below.substr(0, below.find('/'));
}

std::string PlantedChange::key() const {
  return fmt::format("{}:{}:{}:{}", file, line, operation, changed);
}

Expected<std::vector<PlantedChange>> planted_changes_from_json(const std::string& text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("mutants") || !json["mutants"].is_array())
    return failure("plant-operators: printed no list of mutants");
  std::vector<PlantedChange> changes;
  for (const Json& item : json["mutants"]) {
    changes.push_back(ASSAY_TRY(change_from_json(item)));
  }
  return changes;
}

std::vector<PlantedChange> sample_of(const std::vector<PlantedChange>& changes, std::size_t per_area,
                                     std::uint64_t seed) {
  std::map<std::string, std::vector<PlantedChange>> areas;
  for (const PlantedChange& change : changes) areas[change.area()].push_back(change);
  std::vector<PlantedChange> sample;
  for (auto& [area, list] : areas) {
    // Not std::shuffle, nor a distribution: their results are the library's own.
    std::mt19937_64 random(seed);
    for (std::size_t i = 0; i < std::min(per_area, list.size()); ++i) {
      std::swap(list[i], list[i + random() % (list.size() - i)]);
      sample.push_back(list[i]);
    }
  }
  std::sort(sample.begin(), sample.end(), [](const PlantedChange& a, const PlantedChange& b) { return a.id < b.id; });
  return sample;
}

std::vector<PlantedChange> not_compiled(const std::vector<PlantedChange>& changes, const std::string& build_log) {
  std::set<std::pair<std::string, int>> places;
  std::istringstream lines(build_log);
  std::string file;
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    if (error_place(line, file, number)) places.emplace(file, number);
  }
  std::vector<PlantedChange> found;
  std::copy_if(changes.begin(), changes.end(), std::back_inserter(found), [&](const PlantedChange& change) {
    const auto place = places.lower_bound({change.file, change.line});
    return place != places.end() && place->first == change.file && place->second <= change.end_line;
  });
  return found;
}

}  // namespace assay::conformance
