#pragma once

#include <cstdint>
#include <string_view>

#include "reference/strings/string_data.h"

// A compiled script: a graph of plain structs joined by raw pointers, with sharing (equal strings of one script are one
// StringData). It is built in an Arena, can be copied into a shared segment (persist.h), and is read-only from then on:
// all that changes while it runs lives in the request (SC-PER-02). Lists are a pointer and a count; the pointer of an
// empty list is null. Every struct is trivially copyable and aligned to 8 bytes.
namespace assay::reference::php {

struct Node;
struct FunctionData;
struct ClassData;
struct ConstantArray;

template <typename T>
struct List {
  const T* items;
  std::uint64_t count;
  const T* begin() const { return items; }
  const T* end() const { return items + count; }
  const T& operator[](std::uint64_t index) const { return items[index]; }
  bool empty() const { return count == 0; }
};

enum class ConstantKind : std::uint8_t { null, boolean, integer, real, string, array };

// A literal. `integer` holds 0 or 1 for boolean.
struct Constant {
  ConstantKind kind;
  union {
    std::int64_t integer;
    double real;
    const StringData* string;
    const ConstantArray* array;
  };
};

struct ConstantElement {
  Constant key;  // integer or string, already normalised
  Constant value;
};

// An array literal all of whose elements are literals.
struct ConstantArray {
  List<ConstantElement> elements;
};

enum class NodeKind : std::uint8_t {
  // Expressions. In brackets: the children, in order; `?` may be null. "text", "constant", "function", "klass" and "op"
  // are the members used.
  literal,            // constant
  variable,           // text
  variable_variable,  // [name]
  interpolated,       // [part...]
  array_literal,      // [array_item...]
  array_item,         // [key?, value]; op: kByValue, kByReference or kSpread
  index,              // [base, key?]
  property,           // [base, name]; op 1: nullsafe
  static_property,    // [class]; text
  class_constant,     // [class]; text
  class_name,         // text: a resolved name, or self, parent, static
  constant_name,      // text; [literal fallback name?]
  call,               // text; [fallback name?, argument...]
  call_value,         // [callee, argument...]
  method_call,        // [base, name, argument...]; op 1: nullsafe
  static_call,        // [class, name, argument...]
  new_,               // [class, argument...]; klass for an anonymous class
  argument,           // [value]; op: kByValue, kByReference or kSpread; text: its name, if named
  unary,              // [operand]; op: Operator
  binary,             // [left, right]; op: Operator
  and_,               // [left, right]
  or_,                // [left, right]
  coalesce,           // [left, right]
  ternary,            // [condition, then?, else]
  match,              // [subject, match_arm...]
  match_arm,          // [result, condition...]; no condition: default
  assign,             // [target, value]
  assign_reference,   // [target, source]
  assign_operator,    // [target, value]; op: Operator
  assign_coalesce,    // [target, value]
  list_assign,        // [array_literal pattern, value]
  increment,          // [target]; op: kDecrement, kPostfix
  isset,              // [expression...]
  empty,              // [expression]
  include,            // [path]; op: IncludeKind
  exit,               // [status?]
  print,              // [expression]
  cast,               // [expression]; op: CastKind
  instanceof
  ,         // [value, class]
  closure,  // function; op 1: arrow function
  throw_,   // [exception]
  clone,    // [object]
  silence,  // [expression]
  // Statements.
  block,            // [statement...]
  echo,             // [expression...]
  expression,       // [expression]
  return_,          // [value?]
  if_,              // [condition, then, else?]
  while_,           // [condition, body]
  do_while,         // [body, condition]
  for_,             // [block start, block conditions, block steps, body]
  foreach,          // [subject, key?, target, body]; op 1: by reference
  switch_,          // [subject, case_...]
  case_,            // [condition?, statement...]
  break_,           // constant.integer: levels
  continue_,        // constant.integer: levels
  try_,             // [body, finally?, catch_...]
  catch_,           // [body, class_name...]; text: variable, may be null
  global,           // [variable...]
  static_variable,  // [initial?]; text
  unset,            // [target...]
  function,         // function: declared when reached, unless hoisted
  class_,           // klass: declared when reached, unless hoisted
  constant,         // [value]; text
  halt,             // end of the script's code
};

// Of an array item or an argument.
inline constexpr std::uint8_t kByValue = 0;
inline constexpr std::uint8_t kByReference = 1;
inline constexpr std::uint8_t kSpread = 2;
// Bits of an increment.
inline constexpr std::uint8_t kDecrement = 1;
inline constexpr std::uint8_t kPostfix = 2;

enum class IncludeKind : std::uint8_t { include, include_once, require, require_once };
inline bool is_once(IncludeKind kind) {
  return kind == IncludeKind::include_once || kind == IncludeKind::require_once;
}
enum class CastKind : std::uint8_t { integer, real, string, boolean, array, object, unset };

enum class Operator : std::uint8_t {
  add,
  subtract,
  multiply,
  divide,
  modulo,
  power,
  concat,
  bit_and,
  bit_or,
  bit_xor,
  shift_left,
  shift_right,
  equal,
  not_equal,
  identical,
  not_identical,
  less,
  less_equal,
  greater,
  greater_equal,
  spaceship,
  xor_,
  plus,
  minus,
  not_,
  bit_not,
};

struct Node {
  NodeKind kind;
  std::uint8_t op;
  std::uint16_t reserved;
  std::uint32_t line;
  const StringData* text;
  List<const Node*> children;
  const Constant* constant;
  const FunctionData* function;
  const ClassData* klass;

  const Node* child(std::uint64_t index) const { return children.items[index]; }
};

// `#[Name(argument, ...)]`: kept for who asks, without effect here.
struct AttributeData {
  const StringData* name;
  List<const Node*> arguments;  // argument
};

// Bits of members, functions, parameters and classes.
inline constexpr std::uint32_t kPublic = 1;
inline constexpr std::uint32_t kProtected = 2;
inline constexpr std::uint32_t kPrivate = 4;
inline constexpr std::uint32_t kStatic = 8;
inline constexpr std::uint32_t kAbstract = 16;
inline constexpr std::uint32_t kFinal = 32;
inline constexpr std::uint32_t kReadonly = 64;
inline constexpr std::uint32_t kPromoted = 128;
inline constexpr std::uint32_t kVariadic = 256;
inline constexpr std::uint32_t kReferenceParameter = 512;
inline constexpr std::uint32_t kReturnsReference = 1024;
inline constexpr std::uint32_t kTyped = 2048;
inline constexpr std::uint32_t kEnumCase = 4096;
inline constexpr std::uint32_t kHoisted = 8192;
inline constexpr std::uint32_t kNullableType = 16384;
inline constexpr std::uint32_t kComplete = 32768;  // a class without bases, or whose bases its file completes before it

struct ParameterData {
  const StringData* name;
  const Node* initial;  // null: required
  std::uint64_t flags;
  const StringData* type;  // as written, null without
};

struct ClosureUse {
  const StringData* name;
  std::uint64_t by_reference;
};

struct FunctionData {
  const StringData* name;
  List<ParameterData> parameters;
  List<ClosureUse> uses;
  const Node* body;  // null: abstract
  List<AttributeData> attributes;
  const StringData* file;
  std::uint32_t flags;
  std::uint32_t line;
};

struct ClassConstantData {
  const StringData* name;
  const Node* value;  // null: a pure enum case
  std::uint32_t flags;
  std::uint32_t line;
};

struct PropertyData {
  const StringData* name;
  const Node* initial;  // null: none
  List<AttributeData> attributes;
  std::uint32_t flags;
  std::uint32_t line;
};

enum class ClassKind : std::uint8_t { class_, interface, trait, enum_ };

struct ClassData {
  const StringData* name;
  const StringData* parent;  // null: none
  List<const StringData*> interfaces;
  List<const StringData*> traits;
  List<ClassConstantData> constants;
  List<PropertyData> properties;
  List<const FunctionData*> methods;
  List<AttributeData> attributes;
  const StringData* file;
  ClassKind kind;
  std::uint32_t flags;
  std::uint32_t line;
};

// What compiling complained about; `severity` is a Severity.
struct CompileWarning {
  const StringData* message;
  std::uint32_t severity;
  std::uint32_t line;
};

struct Script {
  const StringData* path;               // resolved: what __FILE__ names
  const StringData* directory;          // what __DIR__ names
  const Node* body;                     // block
  List<const FunctionData*> functions;  // top-level, declared before the code runs
  List<const ClassData*> classes;       // top-level, declared before the code runs where their parents are known
  List<CompileWarning> warnings;        // for later uses, where they are recorded (SC-PER-04)
  std::int64_t halt_offset;             // byte after __halt_compiler(); or -1
};

}  // namespace assay::reference::php
