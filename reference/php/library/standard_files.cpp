#include "reference/php/interpreter/request_host.h"
#include "reference/php/interpreter/stream_opener.h"
#include "reference/php/library/standard_functions.h"

namespace assay::reference::php {

namespace {

// False and a warning where the file cannot be opened, as PHP has them; false where there is no world outside.
template <class T>
BuiltinResult result_of(BuiltinCall& call, const std::string& path, const tl::expected<T, RefusedFile>& result) {
  if (result) return Value(*result);
  if (result.error().is_value_error) return tl::unexpected(BuiltinError{"ValueError", result.error().reason, nullptr});
  call.warn(std::string(call.name) + "(" + path + "): Failed to open stream: " + result.error().reason);
  return Value(false);
}

bool is_stream(const BuiltinCall& call, const std::string& path) {
  return call.context.streams != nullptr && call.context.streams->takes(call.context, path);
}

BuiltinResult stream_contents(BuiltinCall& call, const std::string& path) {
  const std::string function(call.name);
  auto text = call.context.streams->read(call.machine, path, StreamOpener::Purpose::contents, function);
  for (const std::string& each : text.complaints) call.warn(function + "(): " + each);
  if (text.bytes) return Value(std::move(*text.bytes));
  if (!text.reason.empty()) call.warn(function + "(" + path + "): Failed to open stream: " + text.reason);
  return text.is_own && text.reason.empty() ? Value("") : Value(false);
}

BuiltinResult get_contents(BuiltinCall& call) {
  const auto path = ASSAY_TRY(string_argument(call, 0, "filename"));
  if (is_stream(call, path)) return stream_contents(call, path);
  if (call.context.host == nullptr) return Value(false);
  return result_of(call, path, call.context.host->read_file(path));
}

BuiltinResult exists(BuiltinCall& call) {
  const auto path = ASSAY_TRY(string_argument(call, 0, "filename"));
  if (is_stream(call, path)) return Value(call.context.streams->exists(call.machine, path, std::string(call.name)));
  return Value(call.context.host != nullptr && call.context.host->file_exists(path));
}

BuiltinResult file_owner(BuiltinCall& call) {
  const auto path = ASSAY_TRY(string_argument(call, 0, "filename"));
  const auto owner = call.context.host ? call.context.host->file_owner(path) : std::nullopt;
  if (owner) return Value(*owner);
  call.warn("fileowner(): stat failed for " + path);
  return Value(false);
}

BuiltinResult put_contents(BuiltinCall& call) {
  const auto path = ASSAY_TRY(string_argument(call, 0, "filename"));
  const auto bytes = ASSAY_TRY(string_argument(call, 1, "data"));
  if (call.context.host == nullptr) return Value(false);
  return result_of(call, path, call.context.host->write_file(path, bytes));
}

}  // namespace

void add_file_functions(Builtins& builtins) {
  builtins.add("file_get_contents", 1, 1, get_contents);
  builtins.add("file_put_contents", 2, 2, put_contents);
  builtins.add("file_exists", 1, 1, exists);
  builtins.add("fileowner", 1, 1, file_owner);
}

}  // namespace assay::reference::php
