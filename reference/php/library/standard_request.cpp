#include <time.h>

#include <algorithm>
#include <cstdlib>

#include "reference/php/interpreter/request_host.h"
#include "reference/php/library/standard_functions.h"

namespace assay::reference::php {

namespace {

BuiltinResult get_cwd(BuiltinCall& call) {
  if (call.context.host == nullptr) return Value(false);
  const auto directory = call.context.host->working_directory();
  return directory ? Value(*directory) : Value(false);
}

// A function of one path that answers true or false; false where there is no world outside.
BuiltinFunction of_path(bool (RequestHost::*function)(const std::string&)) {
  return [function](BuiltinCall& call) -> BuiltinResult {
    auto path = ASSAY_TRY(string_argument(call, 0, "filename"));
    return Value(call.context.host != nullptr && (call.context.host->*function)(path));
  };
}

BuiltinResult read_link(BuiltinCall& call) {
  auto path = ASSAY_TRY(string_argument(call, 0, "path"));
  const auto content = call.context.host ? call.context.host->read_link(path) : std::nullopt;
  return content ? Value(*content) : Value(false);
}

BuiltinResult ini_get(BuiltinCall& call) {
  auto name = ASSAY_TRY(string_argument(call, 0, "option"));
  const auto text = call.context.host ? call.context.host->setting(name) : std::nullopt;
  return text ? Value(*text) : Value(false);
}

BuiltinResult get_env(BuiltinCall& call) {
  auto name = ASSAY_TRY(string_argument(call, 0, "name"));
  const char* text = std::getenv(name.c_str());
  return text ? Value(std::string(text)) : Value(false);
}

BuiltinResult sleep_microseconds(BuiltinCall& call) {
  constexpr std::int64_t kLongest = 1'000'000;
  auto microseconds = ASSAY_TRY(int_argument(call, 0, "microseconds"));
  const std::int64_t bounded = std::clamp<std::int64_t>(microseconds, 0, kLongest);
  const timespec time{bounded / 1'000'000, static_cast<long>(bounded % 1'000'000) * 1000};
  ::nanosleep(&time, nullptr);
  return Value();
}

// False where the response has been delivered before, or is only when the request is over.
BuiltinResult finish_request(BuiltinCall& call) {
  const auto finish = std::exchange(call.context.finish_response, nullptr);
  if (finish) finish();
  return Value(finish != nullptr);
}

}  // namespace

void add_request_functions(Builtins& builtins) {
  builtins.add("getcwd", 0, 0, get_cwd);
  builtins.add("chdir", 1, 1, of_path(&RequestHost::change_directory));
  builtins.add("touch", 1, 1, of_path(&RequestHost::touch));
  builtins.add("readlink", 1, 1, read_link);
  builtins.add("ini_get", 1, 1, ini_get);
  builtins.add("getenv", 1, 1, get_env);
  builtins.add("usleep", 1, 1, sleep_microseconds);
  builtins.add("fastcgi_finish_request", 0, 0, finish_request);
}

}  // namespace assay::reference::php
