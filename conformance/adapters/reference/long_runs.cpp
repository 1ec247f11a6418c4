#include "conformance/adapters/reference/long_runs.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstring>
#include <string>

namespace assay::conformance {
namespace {

constexpr std::size_t kLong = 4096;

bool is_long_run(const Json& json) {
  const auto* text = json.get_ptr<const std::string*>();
  if (text == nullptr || text->size() < kLong) return false;
  return std::memcmp(text->data(), text->data() + 1, text->size() - 1) == 0;  // each byte is the next one
}

void take(Json& json, const Json::json_pointer& place, Json& note) {
  if (is_long_run(json)) {
    const auto& text = json.get_ref<const std::string&>();
    note.push_back({place.to_string(), static_cast<unsigned char>(text.front()), text.size()});
    json = nullptr;
    return;
  }
  if (json.is_object()) {
    for (auto& [name, inner] : json.items()) take(inner, place / name, note);
  } else if (json.is_array()) {
    for (std::size_t i = 0; i < json.size(); ++i) take(json[i], place / i, note);
  }
}

}  // namespace

bool has_long_run(const Json& message) {
  if (message.is_structured()) return std::any_of(message.begin(), message.end(), has_long_run);
  return is_long_run(message);
}

Json take_long_runs(Json& message) {
  Json note;
  take(message, Json::json_pointer(), note);
  return note;
}

void put_long_runs(Json& message, const Json& note) {
  for (const Json& run : note) {
    const Json::json_pointer place(run.at(0).get<std::string>());
    message[place] = std::string(run.at(2).get<std::size_t>(), static_cast<char>(run.at(1).get<unsigned char>()));
  }
}

}  // namespace assay::conformance
