#include "conformance/adapters/reference/long_strings.h"

#include <cstring>

namespace assay::conformance {
namespace {

constexpr std::size_t kLong = 4096;

bool repeats_a_byte(std::string_view text) {
  return std::memcmp(text.data(), text.data() + 1, text.size() - 1) == 0;  // each byte is the next one
}

// Where a value is in its message, from the outside in; made into text only for a long string.
struct Place {
  const Place* outer = nullptr;
  Json key;
};

Json path_to(const Place& place) {
  Json path = place.outer ? path_to(*place.outer) : Json::array();
  if (place.outer) path.push_back(place.key);
  return path;
}

void take(Json& json, const Place& place, LongStrings& taken) {
  if (json.is_object()) {
    for (auto& [name, inner] : json.items()) {
      if (inner.is_structured() || inner.is_string()) take(inner, {&place, name}, taken);
    }
  } else if (json.is_array()) {
    for (std::size_t i = 0; i < json.size(); ++i) {
      if (json[i].is_structured() || json[i].is_string()) take(json[i], {&place, i}, taken);
    }
  } else if (const auto* text = json.get_ptr<const std::string*>(); text && text->size() >= kLong) {
    Json entry = {path_to(place), text->size()};
    if (repeats_a_byte(*text)) {
      entry.push_back(static_cast<unsigned char>(text->front()));
    } else {
      taken.bytes += *text;
    }
    taken.note.push_back(std::move(entry));
    json = nullptr;
  }
}

Json& at_path(Json& message, const Json& path) {
  Json* place = &message;
  for (const Json& key : path)
    place = key.is_string() ? &(*place)[key.get_ref<const std::string&>()] : &(*place)[key.get<std::size_t>()];
  return *place;
}

}  // namespace

LongStrings take_long_strings(Json& message) {
  LongStrings taken;
  take(message, {}, taken);
  return taken;
}

void put_long_strings(Json& message, const Json& note, std::string_view bytes) {
  for (const Json& entry : note) {
    const auto size = entry.at(1).get<std::size_t>();
    const bool is_run = entry.size() == 3;
    at_path(message, entry.at(0)) = is_run ? std::string(size, static_cast<char>(entry.at(2).get<unsigned char>()))
                                           : std::string(bytes.substr(0, size));
    if (!is_run) bytes.remove_prefix(size);
  }
}

}  // namespace assay::conformance
