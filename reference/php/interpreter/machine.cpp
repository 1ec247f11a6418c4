#include "reference/php/interpreter/machine.h"

#include <cstdlib>
#include <new>

#include "reference/php/compiler/text.h"
#include "reference/php/value/convert.h"

namespace assay::reference::php {

Machine::Machine(RequestContext& context, const Builtins& builtins, ScriptLoader& loader, Limits limits)
    : context_(context), builtins_(builtins), loader_(loader), limits_(limits) {
  global_frame_.variables = &context.globals;
  frame_ = &global_frame_;
  if (!context.functions.empty()) return;
  for (const Script* prelude : builtins.preludes()) {
    for (const FunctionData* function : prelude->functions) declare_function(*function);
  }
  for (const FunctionData* function : builtins.preloaded_functions())
    context.functions.emplace(lower(function->name->view()), function);
}

namespace {

std::int64_t level_of(Severity severity) {
  return severity == Severity::notice ? 8 : severity == Severity::deprecated ? 8192 : 2;
}

RunError describe(const Thrown& thrown) {
  RunError error;
  error.class_name = thrown.object->class_name;
  error.object = thrown.object;
  auto text = [&](const char* name) {
    const Value* value = thrown.object->properties.find(ArrayKey::verbatim(name));
    return value == nullptr ? std::string() : to_string(*value);
  };
  error.message = text("message");
  error.file = text("file");
  error.line = static_cast<std::uint32_t>(std::atoll(text("line").c_str()));
  return error;
}

}  // namespace

RunResult Machine::guarded(const std::function<Value()>& body) {
  RunResult result;
  Frame* const outer = frame_;
  const char* const outer_base = stack_base_;
  if (stack_base_ == nullptr) stack_base_ = static_cast<const char*>(__builtin_frame_address(0));
  const auto fail = [&](Diagnostic diagnostic) {
    result.error = RunError{"", diagnostic.message, diagnostic.file, diagnostic.line, nullptr};
    context_.report(std::move(diagnostic));
  };
  try {
    result.value = body();
  } catch (const Thrown& thrown) {
    result.error = describe(thrown);
    const RunError& error = *result.error;
    std::string message = "Uncaught " + error.class_name + ": " + error.message + " in " + error.file + ":" +
                          std::to_string(error.line) + "\nStack trace:\n#0 {main}\n  thrown";
    if (error.class_name == "ParseError") message = error.message;
    const Severity severity = error.class_name == "ParseError" ? Severity::parse : Severity::fatal;
    context_.report({severity, std::move(message), error.file, error.line});
  } catch (const Fatal& fatal_error) {
    fail(fatal_error.diagnostic);
  } catch (const Exit& exit) {
    result.exited = true;
    result.exit_status = exit.status;
  } catch (const std::bad_alloc&) {
    fail({Severity::fatal, "Out of memory", std::string(frame_->place().file), frame_->place().line});
  }
  frame_ = outer;
  stack_base_ = outer_base;
  silenced_ = 0;
  return result;
}

bool Machine::completes(const std::function<void()>& body) {
  Frame* const here = frame_;
  const int silenced = silenced_;
  try {
    body();
    return true;
  } catch (const Thrown&) {
    frame_ = here;
    silenced_ = silenced;
    return false;
  }
}

Value Machine::run_script(const Script& script, Frame& frame) {
  FrameScope scope(*this, frame);
  frame.file = script.path->view();
  frame.directory = script.directory->view();
  context_.note_run(script);
  StaticVariables statics;
  frame.statics = &statics;
  for (const FunctionData* function : script.functions) {
    if (!builtins_.is_preloaded(function)) declare_function(*function);
  }
  std::vector<const ClassData*> early;
  frame.early = &early;
  for (const ClassData* type : script.classes) {
    frame.line = type->line;
    if (builtins_.is_preloaded(type) || !can_declare_early(*type)) continue;
    declare_class(*type);
    early.push_back(type);
  }
  returned_ = Value(1);
  const Flow flow = execute(*script.body);
  return flow == Flow::return_ ? std::move(returned_) : Value(1);
}

LoadResult Machine::load(IncludeKind kind, std::string_view path) {
  if (context_.streams == nullptr || !context_.streams->takes(context_, path))
    return loader_.load({path, frame_->directory, kind}, context_);
  if (is_once(kind) && context_.was_included(path)) {
    LoadResult result;
    result.already_included = true;
    return result;
  }
  const StreamText stream =
      context_.streams->read(*this, std::string(path), StreamOpener::Purpose::include, std::string(include_name(kind)));
  return loader_.load({path, frame_->directory, kind, {}, &stream}, context_);
}

void Machine::throw_failed_load(const LoadResult& loaded) {
  const bool parse = loaded.error->severity == Severity::parse;
  if (!parse && loaded.thrown_class.empty()) throw Fatal{*loaded.error};
  auto object = instantiate(require_class(parse ? "ParseError" : loaded.thrown_class), {Value(loaded.error->message)});
  object->properties.set("file", Value(loaded.error->file));
  object->properties.set("line", Value(loaded.error->line));
  throw Thrown{object};
}

Value Machine::include(IncludeKind kind, std::string_view path) {
  check_stack();
  const std::string_view file = frame_->file;
  const std::uint32_t line = frame_->line;
  const auto place = [&](Diagnostic& diagnostic) {
    if (!diagnostic.file.empty()) return;
    diagnostic.file = file;
    diagnostic.line = line;
  };
  LoadResult loaded = load(kind, path);
  for (Diagnostic& warning : loaded.warnings) {
    place(warning);
    const std::int64_t level = level_of(warning.severity);
    report_at(std::move(warning), level);
  }
  if (loaded.error) {
    place(*loaded.error);
    throw_failed_load(loaded);
  }
  if (loaded.already_included) return Value(true);
  if (loaded.script == nullptr) return Value(false);
  Frame frame = *frame_;
  frame.arguments.clear();
  return run_script(*loaded.script, frame);
}

std::optional<Diagnostic> Machine::declare_functions(const Script& script) {
  try {
    for (const FunctionData* function : script.functions) {
      if (!builtins_.is_preloaded(function)) declare_function(*function);
    }
  } catch (const Fatal& fatal_error) {
    return fatal_error.diagnostic;
  }
  return std::nullopt;
}

void Machine::report(Severity severity, std::string message) {
  report_at({severity, std::move(message), std::string(frame_->place().file), frame_->place().line},
            level_of(severity));
}

void Machine::report_at(Diagnostic diagnostic, std::int64_t level) {
  if (is_handled(diagnostic, level) || silenced_ > 0) return;
  context_.report(std::move(diagnostic));
}

// What is silenced is handled as well; what a handler itself causes is not.
bool Machine::is_handled(const Diagnostic& diagnostic, std::int64_t level) {
  if (is_handling_ || context_.error_handlers.empty()) return false;
  const auto [callable, levels] = context_.error_handlers.back();
  if (callable.is_null() || (levels & level) == 0) return false;
  struct Handling {
    bool& flag;
    explicit Handling(bool& handling) : flag(handling) { flag = true; }
    ~Handling() { flag = false; }
  } handling(is_handling_);
  const Value kept = returned_;
  const Value answer =
      call_value(callable, {Value(level), Value(diagnostic.message), Value(diagnostic.file), Value(diagnostic.line)});
  returned_ = kept;
  return !answer.is_bool() || answer.as_bool();
}

// After an exit, or what nobody catches, no other is called.
void Machine::run_shutdown_functions() {
  bool goes_on = true;
  while (goes_on && !context_.shutdown_functions.empty()) {
    auto next = std::move(context_.shutdown_functions.front());
    context_.shutdown_functions.pop_front();
    const RunResult result = guarded([&] { return call_value(next.callable, std::move(next.arguments)); });
    goes_on = !result.exited && !result.error;
  }
  context_.shutdown_functions.clear();
}

void Machine::throw_error(std::string_view class_name, std::string message) {
  throw Thrown{instantiate(require_class(class_name), {Value(std::move(message))})};
}

void Machine::fatal(std::string message) {
  fatal_at(std::move(message), frame_->place().file, frame_->place().line);
}

void Machine::fatal_at(std::string message, std::string_view file, std::uint32_t line) {
  throw Fatal{{Severity::fatal, std::move(message), std::string(file), line}};
}

void Machine::charge(std::uint64_t steps) {
  steps_ += steps;
  if (steps_ > limits_.steps) fatal("Maximum number of steps exceeded (" + std::to_string(limits_.steps) + ")");
}

void Machine::check_stack() {
  const char* here = static_cast<const char*>(__builtin_frame_address(0));
  if (stack_base_ == nullptr) stack_base_ = here;
  if (stack_base_ - here > static_cast<std::ptrdiff_t>(limits_.stack_bytes)) fatal("Maximum call stack size reached");
}

void Machine::bound_size(std::size_t bytes) {
  if (bytes <= limits_.value_bytes) return;
  fatal("Allowed memory size of " + std::to_string(limits_.value_bytes) + " bytes exhausted (tried to allocate " +
        std::to_string(bytes) + " bytes)");
}

void Machine::write(std::string_view bytes) {
  bound_size(context_.output.size() + bytes.size());
  context_.output += bytes;
}

Interpreter::Interpreter(RequestContext& context, const Builtins& builtins, ScriptLoader& loader, Limits limits)
    : machine_(std::make_unique<Machine>(context, builtins, loader, limits)) {}

Interpreter::~Interpreter() = default;

RunResult Interpreter::run(const Script& script) {
  return machine_->guarded([&] { return machine_->run_script(script, machine_->global_frame_); });
}

RunResult Interpreter::include(IncludeKind kind, std::string_view path, std::string_view including_directory,
                               std::string_view file, std::uint32_t line) {
  const auto body = [&] {
    machine_->global_frame_.directory = including_directory;
    machine_->global_frame_.file = file;
    machine_->global_frame_.line = line;
    return machine_->include(kind, path);
  };
  return machine_->guarded(std::cref(body));  // what it captures is too much for a function without an allocation
}

RunResult Interpreter::call(const Value& callable, std::vector<Value> arguments) {
  return machine_->guarded([&] { return machine_->call_value(callable, std::move(arguments)); });
}

void Interpreter::run_shutdown_functions() {
  machine_->run_shutdown_functions();
}

std::optional<Diagnostic> Interpreter::declare_functions(const Script& script) {
  return machine_->declare_functions(script);
}

}  // namespace assay::reference::php
