#include "conformance/adapters/plugin/plugin_values.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <deque>
#include <optional>

#include "conformance/vocabulary/json_text.h"

// What the header leaves incomplete.
struct assay_reply {
  struct Array {
    assay::conformance::Elements elements;
    std::optional<assay::conformance::Key> key;  // of the next element
  };

  assay::conformance::Reply reply = assay::conformance::Reply::not_run();
  bool is_there = false;
  std::vector<Array> open;
  std::string complaint;
  // What was made to be handed out.
  std::deque<assay::conformance::Value> values;
  std::deque<std::string> texts;
};

namespace assay::conformance::plugin {
namespace {

assay_reply current;

const Value& value_of(const assay_value* value) {
  static const Value none;
  return value ? *reinterpret_cast<const Value*>(value) : none;
}

assay_text text_of(const std::string& text) {
  return {text.data(), text.size()};
}

void complain(assay_reply* reply, const std::string& what) {
  if (reply->complaint.empty()) reply->complaint = what;
}

// --- reading

assay_type type(const assay_value* handle) {
  const Value& value = value_of(handle);
  if (value.is_null()) return ASSAY_NULL;
  if (value.is_bool()) return ASSAY_BOOL;
  if (value.is_int()) return ASSAY_INTEGER;
  if (value.is_float()) return ASSAY_FLOAT;
  if (value.is_string()) return ASSAY_TEXT;
  return value.is_array() ? ASSAY_ARRAY : ASSAY_OTHER;
}

std::int64_t integer(const assay_value* handle) {
  const Value& value = value_of(handle);
  return value.is_int() ? value.as_int() : value.is_bool() && value.as_bool() ? 1 : 0;
}

double floating(const assay_value* handle) {
  const Value& value = value_of(handle);
  return value.is_float() ? value.as_float() : 0;
}

assay_text text(const assay_value* handle) {
  const Value& value = value_of(handle);
  return value.is_string() ? text_of(value.as_string()) : assay_text{"", 0};
}

std::size_t count(const assay_value* handle) {
  const Value& value = value_of(handle);
  return value.is_array() ? value.as_array().size() : 0;
}

const assay_value* element(const assay_value* handle, std::size_t number) {
  return number < count(handle) ? handed(value_of(handle).as_array()[number].second) : nullptr;
}

const assay_value* key(const assay_value* handle, std::size_t number) {
  if (number >= count(handle)) return nullptr;
  const Key& key = value_of(handle).as_array()[number].first;
  const auto* text = std::get_if<std::string>(&key);
  current.values.push_back(text ? Value(*text) : Value(std::get<std::int64_t>(key)));
  return handed(current.values.back());
}

const assay_value* find(const assay_value* handle, const char* name) {
  const Value* found = value_of(handle).is_array() ? value_of(handle).find(Key(std::string(name))) : nullptr;
  return found ? handed(*found) : nullptr;
}

assay_text encoded(const assay_value* handle) {
  current.texts.push_back(to_json(value_of(handle)).dump());
  return text_of(current.texts.back());
}

// --- building

void put(assay_reply* reply, Value value) {
  if (!reply->open.empty()) {
    assay_reply::Array& array = reply->open.back();
    if (!array.key) return complain(reply, "an element of an array without its key (put_key)");
    array.elements.emplace_back(*std::exchange(array.key, std::nullopt), std::move(value));
    return;
  }
  if (reply->is_there) return complain(reply, "two replies to one operation");
  reply->is_there = true;
  reply->reply = Reply::of(std::move(value));
}

void put_null(assay_reply* reply) {
  put(reply, nullptr);
}
void put_bool(assay_reply* reply, int truth) {
  put(reply, truth != 0);
}
void put_integer(assay_reply* reply, std::int64_t number) {
  put(reply, number);
}
void put_float(assay_reply* reply, double number) {
  put(reply, number);
}
void put_text(assay_reply* reply, const char* bytes, std::size_t size) {
  put(reply, std::string(bytes, size));
}
void put_value(assay_reply* reply, const assay_value* value) {
  put(reply, value_of(value));
}

void begin_array(assay_reply* reply) {
  reply->open.emplace_back();
}

// A decimal text names an integer key, as in PHP's arrays.
void put_key(assay_reply* reply, const char* bytes, std::size_t size) {
  if (reply->open.empty()) return complain(reply, "put_key outside of an array");
  const std::string text(bytes, size);
  std::int64_t number = 0;
  const auto [end, code] = std::from_chars(bytes, bytes + size, number);
  const bool is_number = code == std::errc() && end == bytes + size && std::to_string(number) == text;
  reply->open.back().key = is_number ? Key(number) : Key(text);
}

void end_array(assay_reply* reply) {
  if (reply->open.empty()) return complain(reply, "end_array without begin_array");
  Elements elements = std::move(reply->open.back().elements);
  if (reply->open.back().key) complain(reply, "a key without its element");
  reply->open.pop_back();
  put(reply, std::move(elements));
}

void put_encoded(assay_reply* reply, const char* bytes, std::size_t size) {
  const Json json = json_from_target({bytes, size});
  auto value = json.is_discarded() ? failure("they are no JSON") : value_from_json(json);
  if (value) return put(reply, std::move(*value));
  complain(reply,
           fmt::format("put_encoded with {} bytes that encoded() did not give: {}", size, value.error().message));
  put(reply, nullptr);
}

void finish(assay_reply* reply, Reply made) {
  if (reply->is_there || !reply->open.empty()) return complain(reply, "two replies to one operation");
  reply->is_there = true;
  reply->reply = std::move(made);
}

void throw_error(assay_reply* reply, const char* class_name, const char* message) {
  finish(reply, Reply::thrown(class_name, message));
}

void unsupported(assay_reply* reply, const char* why) {
  finish(reply, Reply::unsupported(why));
}

}  // namespace

const assay_host& host() {
  static const assay_host offered = {sizeof(assay_host),
                                     type,
                                     integer,
                                     floating,
                                     text,
                                     count,
                                     element,
                                     key,
                                     find,
                                     encoded,
                                     put_null,
                                     put_bool,
                                     put_integer,
                                     put_float,
                                     put_text,
                                     begin_array,
                                     put_key,
                                     end_array,
                                     put_value,
                                     put_encoded,
                                     throw_error,
                                     unsupported};
  return offered;
}

const assay_value* handed(const Value& value) {
  return reinterpret_cast<const assay_value*>(&value);
}

assay_reply* begin_reply() {
  current = {};
  return &current;
}

Expected<Reply> end_reply() {
  if (!current.complaint.empty()) return failure(current.complaint);
  if (!current.open.empty()) return failure("an array that was not ended (end_array)");
  if (!current.is_there) return failure("no reply at all");
  return std::move(current.reply);
}

}  // namespace assay::conformance::plugin
