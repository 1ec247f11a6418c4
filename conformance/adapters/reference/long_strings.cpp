#include "conformance/adapters/reference/long_strings.h"

#include <cstring>

namespace assay::conformance {
namespace {

constexpr std::size_t kLong = 4096;

// The bytes before those at the end that are all the same.
std::size_t head_of(std::string_view text) {
  constexpr std::size_t kStride = 1024;
  std::size_t head = text.size() - 1;
  const auto repeats = [&](std::size_t count) {  // each byte is the next one
    const char* const from = text.data() + head - count;
    return std::memcmp(from, from + 1, count) == 0;
  };
  while (head >= kStride && repeats(kStride)) head -= kStride;
  while (head > 0 && repeats(1)) --head;
  return head;
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
    const std::size_t head = head_of(*text);
    taken.bytes.append(*text, 0, head);
    taken.note.push_back(
        Json::array({path_to(place), head, text->size() - head, static_cast<unsigned char>(text->back())}));
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
    const auto head = entry.at(1).get<std::size_t>();
    const auto run = entry.at(2).get<std::size_t>();
    std::string text;
    text.reserve(head + run);
    text.append(bytes.substr(0, head)).append(run, static_cast<char>(entry.at(3).get<unsigned char>()));
    at_path(message, entry.at(0)) = std::move(text);
    bytes.remove_prefix(head);
  }
}

}  // namespace assay::conformance
