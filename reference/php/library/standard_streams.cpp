#include "reference/php/compiler/text.h"
#include "reference/php/interpreter/machine.h"
#include "reference/php/library/standard_functions.h"
#include "reference/php/streams/stream_name.h"

namespace assay::reference::php {

namespace {

BuiltinResult register_wrapper(BuiltinCall& call) {
  const auto protocol = ASSAY_TRY(string_argument(call, 0, "protocol"));
  const auto class_name = ASSAY_TRY(string_argument(call, 1, "class"));
  const auto flags = call.has(2) ? ASSAY_TRY(int_argument(call, 2, "flags")) : 0;
  const RuntimeClass* type = call.machine.find_class(class_name);
  if (type == nullptr)
    return tl::unexpected(BuiltinError{
        "TypeError",
        "stream_wrapper_register(): Argument #2 ($class) must be a valid class name, " + class_name + " given",
        nullptr});
  const bool is_good = is_scheme(protocol);
  if (is_good && call.context.wrappers.add(lower(protocol), {type->name, (flags & 1) != 0})) return Value(true);
  const std::string name = std::string(call.name) + "(): ";
  call.warn(is_good ? name + "Protocol " + protocol + ":// is already defined."
                    : name + "Invalid protocol scheme specified. Unable to register wrapper class " + type->name +
                          " to " + protocol + "://");
  return Value(false);
}

BuiltinResult unregister_wrapper(BuiltinCall& call) {
  const auto protocol = ASSAY_TRY(string_argument(call, 0, "protocol"));
  if (call.context.wrappers.remove(lower(protocol))) return Value(true);
  call.warn("stream_wrapper_unregister(): Unable to unregister protocol " + protocol + "://");
  return Value(false);
}

BuiltinResult restore_wrapper(BuiltinCall& call) {
  const auto protocol = ASSAY_TRY(string_argument(call, 0, "protocol"));
  const std::string name = "stream_wrapper_restore(): " + protocol + "://";
  switch (call.context.wrappers.restore(lower(protocol))) {
    case StreamWrappers::Restored::done:
      return Value(true);
    case StreamWrappers::Restored::never_changed:
      call.report(Severity::notice, name + " was never changed, nothing to restore");
      return Value(true);
    case StreamWrappers::Restored::unknown:
      break;
  }
  call.warn(name + " never existed, nothing to restore");
  return Value(false);
}

BuiltinResult list_wrappers(BuiltinCall& call) {
  Array names;
  for (const std::string& each : call.context.wrappers.names()) names.append(Value(each));
  return Value(std::move(names));
}

}  // namespace

void add_stream_functions(Builtins& builtins) {
  builtins.add("stream_wrapper_register", 2, 3, register_wrapper);
  builtins.add("stream_wrapper_unregister", 1, 1, unregister_wrapper);
  builtins.add("stream_wrapper_restore", 1, 1, restore_wrapper);
  builtins.add("stream_get_wrappers", 0, 0, list_wrappers);
}

}  // namespace assay::reference::php
