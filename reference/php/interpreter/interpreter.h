#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference/php/interpreter/builtins.h"
#include "reference/php/interpreter/request_context.h"
#include "reference/php/interpreter/script_loader.h"
#include "reference/php/value/value.h"

namespace assay::reference::php {

// What a script may use up before it is ended with a fatal error.
struct Limits {
  std::uint64_t steps = 500'000'000;            // nodes evaluated
  std::size_t stack_bytes = 4 * 1024 * 1024;    // of the thread's own stack, from where the run began
  std::size_t value_bytes = 128 * 1024 * 1024;  // of one string, and of the output
};

// An exception that nobody caught (class_name and object are set), or a fatal error (both empty). Either has been
// reported to the context as well.
struct RunError {
  std::string class_name;
  std::string message;
  std::string file;  // where it was made
  std::uint32_t line = 0;
  std::shared_ptr<Object> object;  // belongs to the heap of the request: let go of it before the context
};

// How a run ended: by an error, by exit, or, with neither, by its value.
struct RunResult {
  Value value;  // what the script returned; 1 when it returned nothing
  bool exited = false;
  std::int64_t exit_status = 0;
  std::optional<RunError> error;
};

class Machine;

// Runs compiled scripts in one request. The graphs may stand in an arena or in shared memory, and are never written to
// (SC-PER-02); they must outlive the context. Context, builtins and loader are borrowed and must outlive the interpreter.
// Output, messages and declarations go to the context. After an error or exit the context stays usable for reading, and
// further calls run as shutdown code would. Used by one thread; no exception leaves it. A script that goes beyond the
// limits ends with a fatal error, which is reported to the context like any other.
class Interpreter {
 public:
  Interpreter(RequestContext& context, const Builtins& builtins, ScriptLoader& loader, Limits limits = {});
  ~Interpreter();
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  // Runs the script as the main script, or as one included from outside any script: notes it as included, declares its
  // hoisted functions and classes, runs its code in the global scope.
  RunResult run(const Script& script);

  // An include by the loader, as if written at `file`:`line` in the global scope.
  RunResult include(IncludeKind kind, std::string_view path, std::string_view including_directory = {},
                    std::string_view file = {}, std::uint32_t line = 0);

  // Calls a function of the request or a builtin.
  RunResult call(const Value& callable, std::vector<Value> arguments);

  // What scripts registered for the end of the request, in order. Afterwards there is nothing registered.
  void run_shutdown_functions();

  // Declares the top-level functions without running anything (SC-API-08). Nothing, or the redeclaration that failed:
  // the functions before it stay declared, the caller reports it.
  std::optional<Diagnostic> declare_functions(const Script& script);

  Machine& machine() { return *machine_; }

 private:
  std::unique_ptr<Machine> machine_;
};

}  // namespace assay::reference::php
