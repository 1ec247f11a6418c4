#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <tl/expected.hpp>

#include "reference/php/compiler/compiler.h"
#include "reference/php/interpreter/late_prelude.h"
#include "reference/php/interpreter/request_context.h"
#include "support/error.h"

namespace assay::reference::php {

class Machine;

// Why a builtin did not answer: an exception of `class_name`, or an exception object already made (by a callback), or,
// with neither, the end of the request with a fatal message.
struct BuiltinError {
  std::string class_name;
  std::string message;
  std::shared_ptr<Object> thrown;
};

using BuiltinResult = tl::expected<Value, BuiltinError>;

// One call of a builtin function. By-reference parameters arrive as reference values, all others resolved.
struct BuiltinCall {
  std::string_view name;
  std::vector<Value>& arguments;
  RequestContext& context;
  Machine& machine;
  std::string_view file;  // of the caller
  std::uint32_t line;

  bool has(std::size_t index) const { return index < arguments.size(); }
  // Reports a message at the caller's place.
  void report(Severity severity, std::string message) const;
  void warn(std::string message) const { report(Severity::warning, std::move(message)); }
  // Calls a callable value: a function name, a closure, [object or class, method].
  BuiltinResult call_back(const Value& callable, std::vector<Value> arguments) const;
};

using BuiltinFunction = std::function<BuiltinResult(BuiltinCall&)>;

struct Builtin {
  std::string name;
  BuiltinFunction function;
  std::size_t least = 0;
  std::size_t most = 0;
  std::uint64_t by_reference = 0;  // bit i: parameter i
};

// The functions, classes and constants that a script finds without declaring them. Filled once, before requests run;
// then shared by all workers of a process, read-only. A copy shares what the preludes were compiled to.
class Builtins {
 public:
  static constexpr std::size_t kAny = SIZE_MAX;

  // A function with least to most arguments; a name added again is replaced.
  void add(std::string_view name, std::size_t least, std::size_t most, BuiltinFunction function,
           std::uint64_t by_reference = 0);
  void add_constant(std::string_view name, Value value) { constants_[std::string(name)] = std::move(value); }
  // Classes and functions written in the subset itself, present in every request. `source` begins with <?php. A class
  // with native methods is a class whose methods call builtins. A class is declared when it is first asked for.
  tl::expected<void, Diagnostic> add_prelude(std::string_view source);
  // The same for classes that few requests use. It must outlive this.
  void add_prelude(const LatePrelude& prelude);

  // Functions and classes that exist in every request as if it had declared them (PL-SET-01); parents are there, too. They
  // outlive this.
  void preload(const std::vector<const FunctionData*>& functions, const std::vector<const ClassData*>& classes);
  // That of these declaring one again is an error after all, as where its file was compiled and then required (PL-REQ-01).
  void refuse_again(const void* data) { preloaded_.erase(data); }
  const std::vector<const FunctionData*>& preloaded_functions() const { return preloaded_functions_; }
  // Whether it is one of those: the script that declares it has nothing to declare then (PL-REQ-01).
  bool is_preloaded(const void* data) const { return preloaded_.contains(data); }

  const Builtin* find(const std::string& lower_name) const;
  const Value* constant(const std::string& name) const;
  // Without those that come late, which have classes only.
  const std::vector<const Script*>& preludes() const { return preludes_; }
  const std::vector<const LatePrelude*>& late_preludes() const { return late_preludes_; }
  const ClassData* find_class(const std::string& lower_name) const;
  // Whether it is one of those, which are in the same place in each worker: a server has all of them before it has workers.
  bool is_everywhere(const ClassData& data, const std::string& lower_name) const;

 private:
  std::unordered_map<std::string, Builtin> functions_;
  std::unordered_map<std::string, Value> constants_;
  std::vector<std::shared_ptr<const Arena>> arenas_;
  std::vector<const Script*> preludes_;
  std::vector<const LatePrelude*> late_preludes_;
  struct KnownClass {
    const ClassData* data = nullptr;
    const LatePrelude* late = nullptr;  // where it is to be asked for
  };
  std::unordered_map<std::string, KnownClass> classes_;  // of the preludes, and preloaded
  std::vector<const FunctionData*> preloaded_functions_;
  std::unordered_set<const void*> preloaded_;
};

// What PHP says of a function whose name is taken, by a builtin or in this request; nothing where it is free.
std::optional<Diagnostic> redeclaration(const FunctionData& function, const RequestContext& context,
                                        const Builtins& builtins);
// The same for the first such function that the script declares before its code runs.
std::optional<Diagnostic> redeclaration(const Script& script, const RequestContext& context, const Builtins& builtins);

}  // namespace assay::reference::php
