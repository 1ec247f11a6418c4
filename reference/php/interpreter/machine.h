#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference/php/interpreter/interpreter.h"
#include "reference/php/interpreter/statics_keeper.h"

namespace assay::reference::php {

// What unwinds the machine. C++ exceptions, thrown and caught inside the interpreter only.
struct Thrown {
  std::shared_ptr<Object> object;
};
struct Fatal {
  Diagnostic diagnostic;
};
struct Exit {
  std::int64_t status = 0;
};

// One activation: of a script, a function or a method.
struct Frame {
  Variables* variables = nullptr;
  const FunctionData* function = nullptr;
  RuntimeClass* scope = nullptr;   // self
  RuntimeClass* called = nullptr;  // static
  std::shared_ptr<Object> self;    // $this
  std::string_view file;
  std::string_view directory;
  std::uint32_t line = 0;
  std::vector<Value> arguments;  // of func_get_args()
  StaticVariables* statics = nullptr;
  const std::vector<const ClassData*>* early = nullptr;  // of a script: its classes that were declared before its code
  const Frame* stands_for = nullptr;  // of a prelude's function, which has no place of its own: its caller

  const Frame& place() const { return stands_for != nullptr ? *stands_for : *this; }
};

struct ClosureObject : Object {
  using Object::Object;
  const FunctionData* function = nullptr;
  Variables bound;
  StaticVariables statics;
  RuntimeClass* scope = nullptr;
  std::shared_ptr<Object> self;
};

// Something that can be called, found.
struct Callee {
  const FunctionData* function = nullptr;
  const Builtin* builtin = nullptr;
  RuntimeClass* owner = nullptr;
  RuntimeClass* called = nullptr;
  std::shared_ptr<Object> self;
  std::shared_ptr<ClosureObject> closure;
  std::string display_name() const;
};

class LinkedClassKeeper;
struct LinkedClass;

// The interpreter proper: a tree walker. Statements answer how they ended, expressions their value.
class Machine {
 public:
  enum class Flow : std::uint8_t { normal, break_, continue_, return_ };

  Machine(RequestContext& context, const Builtins& builtins, ScriptLoader& loader, Limits limits);

  RunResult guarded(const std::function<Value()>& body);
  // Whether the body came to its end without an exception of the script's, which is forgotten.
  bool completes(const std::function<void()>& body);
  Value run_script(const Script& script, Frame& frame);
  Value include(IncludeKind kind, std::string_view path);
  std::optional<Diagnostic> declare_functions(const Script& script);

  // machine.cpp
  RequestContext& context() { return context_; }
  const Builtins& builtins() const { return builtins_; }
  const Limits& limits() const { return limits_; }
  Frame& frame() { return *frame_; }
  void warn(std::string message) { report(Severity::warning, std::move(message)); }
  void report(Severity severity, std::string message);
  // At the place that the message names. `level` is what PHP calls its kind (E_WARNING, ...). An error handler of the
  // scripts may take it, and throw; none is asked for what ends the request.
  void report_at(Diagnostic diagnostic, std::int64_t level);
  // Whether a handler of the scripts took it.
  bool is_handled(const Diagnostic& diagnostic, std::int64_t level);
  // What scripts registered for the end of the request, until one ends it for good.
  void run_shutdown_functions();
  [[noreturn]] void throw_error(std::string_view class_name, std::string message);
  [[noreturn]] void fatal(std::string message);
  [[noreturn]] void fatal_at(std::string message, std::string_view file, std::uint32_t line);
  void charge(std::uint64_t steps);
  void check_stack();
  void write(std::string_view bytes);
  void bound_size(std::size_t bytes);

  // machine_statement.cpp
  Flow execute(const Node& node);
  const Value& returned() const { return returned_; }

  // machine_expression.cpp
  Value evaluate(const Node& node);
  std::string text_of(const Value& value);
  Value constant_value(const Constant& constant);
  Value binary(Operator op, const Value& left, const Value& right);
  Value unary(Operator op, const Value& operand);

  // machine_call.cpp
  Value call(const Callee& callee, std::vector<Value> arguments);
  std::optional<Callee> find_callable(const Value& callable);
  std::optional<Callee> find_function(const std::string& name);
  Value call_value(const Value& callable, std::vector<Value> arguments);
  // One that the class is known to have.
  Value call_method(const std::shared_ptr<Object>& object, const std::string& lower_name, std::vector<Value> arguments);

  // machine_traversal.cpp
  // What foreach does over a Traversable: calls until one answers false. The key is asked for only where it is wanted.
  using Visit = std::function<bool(const Value& value, const Value& key)>;
  enum class Wanted : std::uint8_t { nothing, values, keys_too };
  void traverse(const std::shared_ptr<Object>& object, Wanted wanted, const Visit& visit);
  bool is_traversable(const Value& value);
  // An array as it is; one of what else can be unpacked.
  Value spread_of(Value value);

  // machine_class.cpp
  RuntimeClass* find_class(std::string_view name, bool autoload = true);
  // Without asking autoloaders; one of a prelude is declared now. nullptr where there is none.
  RuntimeClass* find_declared(const std::string& lower_name);
  RuntimeClass& require_class(std::string_view name, std::string_view what = "Class");
  RuntimeClass& resolve_class(const Node& node);
  RuntimeClass& declare_class(const ClassData& data);
  bool can_declare_early(const ClassData& data);
  void declare_function(const FunctionData& function);
  std::shared_ptr<Object> instantiate(RuntimeClass& type, std::vector<Value> arguments);
  // machine_destructors.cpp
  // Runs those of objects that nobody holds any more: after each statement.
  void destruct_departed();
  // Those of all others: at the end of a request that came to its own end.
  void destruct_all();

  // With its defaults; no constructor runs.
  std::shared_ptr<Object> new_object(RuntimeClass& type);
  Value class_constant(RuntimeClass& type, const std::string& name);
  StaticProperty& static_property(RuntimeClass& type, const std::string& name);
  std::shared_ptr<Object> enum_case(RuntimeClass& type, const std::string& name);
  bool accessible(std::uint32_t flags, const RuntimeClass* owner) const;
  // Whether the code that runs may use the property. All may where it is not declared.
  bool can_see(const RuntimeClass& type, std::string_view property) const;
  // Those of the object that code here sees, by their names.
  Array visible_properties(const Object& object);
  RuntimeClass& class_of(const Object& object);
  // A constant expression of the class: in its scope and file.
  Value evaluate_in(RuntimeClass& type, const Node& node);
  bool instance_of(const Object& object, std::string_view class_name);

 private:
  friend class Interpreter;

  LoadResult load(IncludeKind kind, std::string_view path);
  [[noreturn]] void throw_failed_load(const LoadResult& loaded);

  // Makes a frame current, and its caller current again however the block is left.
  class FrameScope {
   public:
    FrameScope(Machine& machine, Frame& frame) : machine_(machine), caller_(machine.frame_) { machine.frame_ = &frame; }
    ~FrameScope() { machine_.frame_ = caller_; }
    const Frame& caller() const { return *caller_; }
    FrameScope(const FrameScope&) = delete;
    FrameScope& operator=(const FrameScope&) = delete;

   private:
    Machine& machine_;
    Frame* caller_;
  };

  // A place that can be written: found first (running all code that its keys contain), opened afterwards.
  struct Step {
    enum class Kind : std::uint8_t { key, append, property } kind;
    Value key;
  };
  struct Place {
    std::string variable;
    std::shared_ptr<Reference> cell;  // a static property
    Value base;                       // an expression's object
    enum class Root : std::uint8_t { variable, cell, value } root = Root::variable;
    std::vector<Step> steps;
  };

  // machine_place.cpp
  Place locate(const Node& node);
  Value& open(const Place& place);
  std::shared_ptr<Reference> share(const Place& place);
  void bind(const Place& place, const std::shared_ptr<Reference>& shared);
  Value& open_slot(const Place& place);
  Value& open_root(const Place& place);
  Value& open_holder(const Place& place);
  Value& step_into(Value& slot, const Step& step);
  enum class Writing : std::uint8_t { assigned, in_place };
  void assign(const Place& place, Value value, Writing writing = Writing::assigned);
  // What was written may be a static that somebody keeps.
  void wrote(const Place& place);
  void wrote(const Value& slot, StaticsKeeper::Write how);
  void assign_to(const Node& target, Value value);
  void unset(const Node& target);
  enum class Asked : std::uint8_t { presence, value };
  bool is_set(const Node& node, Value& out, Asked asked = Asked::value);
  Value read_index(const Value& base, const Value& key, bool quiet);
  Value read_property(const Value& base, const std::string& name, bool quiet);
  std::optional<ArrayKey> array_key(const Value& key);
  Value& property_slot(Object& object, const std::string& name);
  void check_property_access(const Object& object, const std::string& name);
  // What code here means by the name, and under which key the object holds it.
  const InstanceProperty* declared_property(const Object& object, const std::string& name);
  ArrayKey property_key(const Object& object, const std::string& name);
  void destructure(const Node& pattern, const Value& value);
  Value& variable_slot(std::string_view name);
  Value read_for_update(const Place& place);
  Value read_variable(std::string_view name);

  // machine_offsets.cpp: array access on objects
  Value* array_behind(Object& object, const std::string& lower_method);
  // The same where its elements are properties as well.
  Value* array_as_properties(Object& object);
  void require_offsets(const Object& object);
  Value read_offset(const std::shared_ptr<Object>& object, const Value& key);
  bool is_offset_set(const std::shared_ptr<Object>& object, const Value& key, Value& out, Asked asked);
  void write_offset(const std::shared_ptr<Object>& object, const Step& step, Value value, Writing writing);
  void unset_offset(const std::shared_ptr<Object>& object, const Value& key);
  Value& step_into_offset(const std::shared_ptr<Object>& object, const Step& step);
  void report_no_effect(const Object& object);

  // machine_statement.cpp
  Flow execute_list(const List<const Node*>& list, std::size_t from = 0);
  Flow loop_end(Flow flow, bool& stop);
  Flow run_for(const Node& node);
  Flow run_foreach(const Node& node);
  Flow foreach_value(const Node& node, Value subject);
  Flow foreach_traversable(const Node& node, const std::shared_ptr<Object>& subject);
  Flow foreach_reference(const Node& node);
  Flow run_switch(const Node& node);
  Flow run_try(const Node& node);
  bool run_catches(const Node& node, const std::shared_ptr<Object>& object, Flow& flow);
  void run_static_variable(const Node& node);
  void initialise_variable(const Node& node, const std::string& name, const std::shared_ptr<Reference>& cell);

  // machine_expression.cpp
  Value evaluate_array(const Node& node);
  Value evaluate_interpolated(const Node& node);
  Value evaluate_assign(const Node& node, bool used = true);
  Value evaluate_concat_assign(const Place& place, const Value& right, bool used);
  Value evaluate_increment(const Node& node);
  Value evaluate_match(const Node& node);
  Value evaluate_cast(const Node& node);
  Value evaluate_constant(const Node& node);
  Value evaluate_closure(const Node& node);
  Value evaluate_exit(const Node& node);
  Value evaluate_new(const Node& node);
  Value evaluate_class_constant(const Node& node);
  Value evaluate_more(const Node& node);
  Value arithmetic(Operator op, const Value& left, const Value& right);
  Value to_number(const Value& value, Operator op, const Value& left, const Value& right);
  Value bitwise(Operator op, const Value& left, const Value& right);

  // machine_call.cpp
  Value evaluate_call(const Node& node);
  Value evaluate_call_value(const Node& node);
  Value evaluate_method_call(const Node& node);
  Value evaluate_static_call(const Node& node);
  std::vector<Value> arguments(const Callee& callee, const Node& node, std::size_t from);
  std::size_t named_parameter(const Callee& callee, std::string_view name);
  Value call_builtin(const Builtin& builtin, std::vector<Value> arguments);
  void bind_parameters(const Callee& callee, Frame& frame, std::vector<Value>& arguments);
  std::string here() const;
  std::string too_few(const Callee& callee, std::size_t given, std::size_t required) const;
  void check_type(const Callee& callee, const ParameterData& parameter, std::size_t index, Value& value);
  Callee find_method(const std::shared_ptr<Object>& object, RuntimeClass& type, const std::string& name,
                     bool is_static);

  void destruct(const std::shared_ptr<Object>& object);
  void keep_for_destructor(const RuntimeClass& type, Object& object);

  // machine_class.cpp
  void link_members(RuntimeClass& type);
  RuntimeClass& find_trait(const RuntimeClass& user, std::string_view name);
  void add_stringable(RuntimeClass& type);
  StaticProperty new_static(RuntimeClass& type, const PropertyData& data);
  void inherit(RuntimeClass& type, RuntimeClass& parent);
  void inherit_interface(RuntimeClass& type, RuntimeClass& parent);
  void use_trait(RuntimeClass& type, RuntimeClass& trait);
  void add_own(RuntimeClass& type, const ClassData& data, bool of_trait);
  void add_property(RuntimeClass& type, const PropertyData& data);
  void check_complete(const RuntimeClass& type);
  void use_statics(RuntimeClass& type);
  const Array& default_properties(RuntimeClass& type);

  // machine_linking.cpp
  void link(RuntimeClass& type);
  LinkedClassKeeper* keeper_for(const RuntimeClass& type) const;
  static void note_ancestry(RuntimeClass& type);
  void link_as(RuntimeClass& type, const LinkedClass& linked);
  void keep_links(const RuntimeClass& type, LinkedClassKeeper& keeper) const;
  bool bases_last(const RuntimeClass& type, const LinkedClassKeeper& keeper) const;

  RequestContext& context_;
  const Builtins& builtins_;
  ScriptLoader& loader_;
  Limits limits_;
  Frame* frame_ = nullptr;
  Frame global_frame_;
  Value returned_;
  Value scratch_;  // where what is no variable stands while it is written through
  std::int64_t jump_levels_ = 0;
  std::uint64_t steps_ = 0;
  int silenced_ = 0;
  bool is_handling_ = false;  // an error handler runs
  const char* stack_base_ = nullptr;
};

}  // namespace assay::reference::php
