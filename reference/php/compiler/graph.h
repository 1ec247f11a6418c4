#pragma once

#include <cstdint>
#include <string_view>

// A compiled script: a graph of plain structs joined by raw pointers, with sharing (equal strings of one script are one
// StringData). It is built in an Arena, can be copied into a shared segment (persist.h), and is read-only from then on:
// all that changes while it runs lives in the request (SC-PER-02). Lists are a pointer and a count; the pointer of an
// empty list is null. Every struct is trivially copyable and aligned to 8 bytes.
namespace assay::reference::php {

struct Node;
struct FunctionData;
struct ClassData;
struct ConstantArray;

struct StringData {
  const char* bytes;
  std::uint64_t size;
  std::string_view view() const { return {bytes, size}; }
};

template <typename T>
struct List {
  const T* items;
  std::uint64_t count;
  const T* begin() const { return items; }
  const T* end() const { return items + count; }
  const T& operator[](std::uint64_t index) const { return items[index]; }
  bool empty() const { return count == 0; }
};

enum class ConstantKind : std::uint8_t { kNull, kBool, kInt, kFloat, kString, kArray };

// A literal. `integer` holds 0 or 1 for kBool.
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
  Constant key;  // kInt or kString, already normalised
  Constant value;
};

// An array literal all of whose elements are literals.
struct ConstantArray {
  List<ConstantElement> elements;
};

enum class NodeKind : std::uint8_t {
  // Expressions. In brackets: the children, in order; `?` may be null. "text", "constant", "function", "klass" and "op"
  // are the members used.
  kLiteral,           // constant
  kVariable,          // text
  kVariableVariable,  // [name]
  kInterpolated,      // [part...]
  kArrayLiteral,      // [kArrayItem...]
  kArrayItem,         // [key?, value]; op: ItemFlag
  kIndex,             // [base, key?]
  kProperty,          // [base, name]; op 1: nullsafe
  kStaticProperty,    // [class]; text
  kClassConstant,     // [class]; text
  kClassName,         // text: a resolved name, or self, parent, static
  kConstantName,      // text; [kLiteral fallback name?]
  kCall,              // text; [fallback name?, argument...]
  kCallValue,         // [callee, argument...]
  kMethodCall,        // [base, name, argument...]; op 1: nullsafe
  kStaticCall,        // [class, name, argument...]
  kNew,               // [class, argument...]; klass for an anonymous class
  kArgument,          // [value]; op: ItemFlag; text: its name, if named
  kUnary,             // [operand]; op: Operator
  kBinary,            // [left, right]; op: Operator
  kAnd,               // [left, right]
  kOr,                // [left, right]
  kCoalesce,          // [left, right]
  kTernary,           // [condition, then?, else]
  kMatch,             // [subject, kMatchArm...]
  kMatchArm,          // [result, condition...]; no condition: default
  kAssign,            // [target, value]
  kAssignReference,   // [target, source]
  kAssignOperator,    // [target, value]; op: Operator
  kAssignCoalesce,    // [target, value]
  kListAssign,        // [kArrayLiteral pattern, value]
  kIncrement,         // [target]; op: IncrementFlag
  kIsset,             // [expression...]
  kEmpty,             // [expression]
  kInclude,           // [path]; op: IncludeKind
  kExit,              // [status?]
  kPrint,             // [expression]
  kCast,              // [expression]; op: CastKind
  kInstanceof,        // [value, class]
  kClosure,           // function; op 1: arrow function
  kThrow,             // [exception]
  kClone,             // [object]
  kSilence,           // [expression]
  // Statements.
  kBlock,           // [statement...]
  kEcho,            // [expression...]
  kExpression,      // [expression]
  kReturn,          // [value?]
  kIf,              // [condition, then, else?]
  kWhile,           // [condition, body]
  kDoWhile,         // [body, condition]
  kFor,             // [kBlock start, kBlock conditions, kBlock steps, body]
  kForeach,         // [subject, key?, target, body]; op 1: by reference
  kSwitch,          // [subject, kCase...]
  kCase,            // [condition?, statement...]
  kBreak,           // constant.integer: levels
  kContinue,        // constant.integer: levels
  kTry,             // [body, finally?, kCatch...]
  kCatch,           // [body, kClassName...]; text: variable, may be null
  kGlobal,          // [kVariable...]
  kStaticVariable,  // [initial?]; text
  kUnset,           // [target...]
  kFunction,        // function: declared when reached, unless hoisted
  kClass,           // klass: declared when reached, unless hoisted
  kConstant,        // [value]; text
  kHalt,            // end of the script's code
};

enum ItemFlag : std::uint8_t { kByValue = 0, kByReference = 1, kSpread = 2 };
enum IncrementFlag : std::uint8_t { kDecrement = 1, kPostfix = 2 };
enum class IncludeKind : std::uint8_t { kInclude, kIncludeOnce, kRequire, kRequireOnce };
enum class CastKind : std::uint8_t { kInt, kFloat, kString, kBool, kArray, kObject, kUnset };

enum class Operator : std::uint8_t {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kPower,
  kConcat,
  kBitAnd,
  kBitOr,
  kBitXor,
  kShiftLeft,
  kShiftRight,
  kEqual,
  kNotEqual,
  kIdentical,
  kNotIdentical,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kSpaceship,
  kXor,
  kPlus,
  kMinus,
  kNot,
  kBitNot,
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
  List<const Node*> arguments;  // kArgument
};

enum MemberFlag : std::uint32_t {
  kPublic = 1,
  kProtected = 2,
  kPrivate = 4,
  kStatic = 8,
  kAbstract = 16,
  kFinal = 32,
  kReadonly = 64,
  kPromoted = 128,
  kVariadic = 256,
  kReferenceParameter = 512,
  kReturnsReference = 1024,
  kTyped = 2048,
  kEnumCase = 4096,
  kHoisted = 8192,
  kNullableType = 16384,
};

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

enum class ClassKind : std::uint8_t { kClass, kInterface, kTrait, kEnum };

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
  const Node* body;                     // kBlock
  List<const FunctionData*> functions;  // top-level, declared before the code runs
  List<const ClassData*> classes;       // top-level, declared before the code runs where their parents are known
  List<CompileWarning> warnings;        // for later uses, where they are recorded (SC-PER-04)
  std::int64_t halt_offset;             // byte after __halt_compiler(); or -1
};

}  // namespace assay::reference::php
