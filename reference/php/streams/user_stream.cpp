#include "reference/php/streams/user_stream.h"

#include "reference/php/value/convert.h"

namespace assay::reference::php {
namespace {

constexpr std::int64_t kPiece = 8192;
// As PHP calls the methods: the options of an include, the option that it sets, and the flags of a silent question.
constexpr std::int64_t kOptionsOfInclude = 65665;
constexpr std::int64_t kReadBuffer = 2;
constexpr std::int64_t kQuiet = 6;

}  // namespace

UserStream::UserStream(Machine& machine, const std::string& class_name, const std::string& function)
    : machine_(machine),
      function_(function),
      type_(machine.require_class(class_name)),
      object_(machine.instantiate(type_, {})) {}

bool UserStream::has(const std::string& method) const {
  return type_.find_method(method) != nullptr;
}

Value UserStream::call(const std::string& method, std::vector<Value> arguments) {
  Array callable;
  callable.append(Value(object_));
  callable.append(Value(method));
  return machine_.call_value(Value(std::move(callable)), std::move(arguments));
}

std::optional<Value> UserStream::call_or_warn(const std::string& method, std::vector<Value> arguments,
                                              const std::string& more) {
  if (has(method)) return call(method, std::move(arguments));
  machine_.warn(function_ + "(): " + type_.name + "::" + method + " is not implemented!" + more);
  return std::nullopt;
}

bool UserStream::open(const std::string& name, StreamOpener::Purpose purpose) {
  if (!has("stream_open")) return false;
  const bool is_include = purpose == StreamOpener::Purpose::include;
  const Value opened(machine_.context().heap.new_reference(Value()));
  return to_bool(call("stream_open", {Value(name), Value("rb"), Value(is_include ? kOptionsOfInclude : 0), opened}));
}

std::optional<std::string> UserStream::read_all() {
  std::string bytes;
  for (;;) {
    const auto piece = call_or_warn("stream_read", {Value(kPiece)});
    if (!piece) return std::nullopt;
    const std::string text = piece->resolve().is_string() ? piece->resolve().as_string() : "";
    bytes += text;
    machine_.bound_size(bytes.size());
    const auto is_at_end = call_or_warn("stream_eof", {}, " Assuming EOF");
    if ((is_at_end && to_bool(*is_at_end)) || text.empty()) return bytes;
  }
}

StreamText UserStream::read(const std::string& name, StreamOpener::Purpose purpose) {
  StreamText text;
  text.path = name;
  text.is_own = true;
  if (!open(name, purpose)) {
    text.reason = "\"" + type_.name + "::stream_open\" call failed";
    return text;
  }
  if (purpose == StreamOpener::Purpose::include)
    call_or_warn("stream_set_option", {Value(kReadBuffer), Value(0), Value(kPiece)});
  call_or_warn("stream_stat", {});
  text.bytes = read_all();
  if (has("stream_close")) call("stream_close");
  return text;
}

bool UserStream::exists(const std::string& name) {
  const auto found = call_or_warn("url_stat", {Value(name), Value(kQuiet)});
  return found && found->resolve().is_array();
}

}  // namespace assay::reference::php
