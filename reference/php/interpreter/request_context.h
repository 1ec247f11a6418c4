#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "reference/php/compiler/compiler.h"
#include "reference/php/interpreter/request_host.h"
#include "reference/php/interpreter/runtime_class.h"
#include "reference/php/interpreter/stream_wrappers.h"
#include "reference/php/value/value.h"

namespace assay::reference::php {

struct NameHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>()(name); }
};
using Variables = std::unordered_map<std::string, Value, NameHash, std::equal_to<>>;

using StaticVariables = std::unordered_map<std::string, std::shared_ptr<Reference>>;

// What a request shows of its messages. The text form is PHP's: "\nWarning: ... in FILE on line N\n".
struct DisplayOptions {
  bool display_errors = false;  // also into the output
};

class LinkedClassKeeper;
class StaticsKeeper;
class StreamOpener;

// All that running scripts change, in one place: a new request starts from an empty one (SC-PER-02). The graphs it
// refers to must outlive it. One request at a time; not thread-safe.
class RequestContext {
 public:
  RequestContext() = default;
  RequestContext(const RequestContext&) = delete;
  RequestContext& operator=(const RequestContext&) = delete;

  RequestHost* host = nullptr;                  // what is outside the scripts; without one there is nothing
  StaticsKeeper* statics_keeper = nullptr;      // without one attributes of statics have no effect
  const StreamOpener* streams = nullptr;        // without one all names are those of plain files
  LinkedClassKeeper* linked_classes = nullptr;  // without one each request links by itself
  // Delivers the response as it is now, while the request goes on (SC-RST-23); empty: nobody can. Called once at most.
  std::function<void()> finish_response;
  DisplayOptions display;
  std::string output;
  std::vector<Diagnostic> diagnostics;

  Heap heap;
  Variables globals;
  std::unordered_map<std::string, const FunctionData*> functions;  // by lower-case name
  std::unordered_map<std::string, std::unique_ptr<RuntimeClass>> classes;
  std::vector<RuntimeClass*> class_order;  // without those of preludes
  std::unordered_map<std::string, Value> constants;
  std::vector<Value> autoloaders;
  StreamWrappers wrappers;

  // The last one is in force; null: none.
  struct ErrorHandler {
    Value callable;
    std::int64_t levels = 0;
  };
  std::vector<ErrorHandler> error_handlers;
  struct ShutdownFunction {
    Value callable;
    std::vector<Value> arguments;
  };
  std::deque<ShutdownFunction> shutdown_functions;  // in the order in which they will be called

  // Static variables of functions; a method's belong to the class that owns it, so that each user of a trait has its
  // own.
  struct StaticsKey {
    const FunctionData* function;
    const RuntimeClass* owner;
    bool operator==(const StaticsKey&) const = default;
  };
  struct StaticsKeyHash {
    std::size_t operator()(const StaticsKey& key) const;
  };
  std::unordered_map<StaticsKey, StaticVariables, StaticsKeyHash> statics;

  // Arrays made from literals, so that evaluating one again costs nothing; copies of them are the scripts'.
  std::unordered_map<const ConstantArray*, Value> literal_arrays;

  // Resolved paths, each once, in the order of first use; the main script is the first.
  std::vector<std::string> included_files;
  bool was_included(std::string_view path) const { return included_set_.contains(path); }
  void note_included(std::string_view path);
  // The same by what was loaded, for each run of it.
  void note_run(const Script& script);

  // Adds the message; shows it in the output if asked to.
  void report(Diagnostic diagnostic);

 private:
  std::unordered_set<std::string, NameHash, std::equal_to<>> included_set_;
  std::unordered_set<const Script*> run_;
};

}  // namespace assay::reference::php
