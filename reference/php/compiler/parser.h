#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "reference/php/compiler/compiler.h"
#include "reference/php/compiler/graph_builder.h"
#include "reference/php/compiler/lexer.h"

namespace assay::reference::php {

// Thrown inside the subset compiler only; SubsetCompiler::compile turns it into an error value.
struct CompileFailure {
  Severity severity;
  std::string message;
  std::uint32_t line;
};

// Recursive descent from the tokens of one file to its graph. Nesting is limited, so that hostile source cannot exhaust
// the stack.
class Parser {
 public:
  Parser(TokenList tokens, std::string_view path, GraphBuilder& builder, std::vector<Diagnostic>& warnings,
         bool completes_classes = true);

  const Script* parse();

 private:
  // One level of nesting; fails beyond the limit.
  class Nesting {
   public:
    explicit Nesting(Parser& parser);
    ~Nesting() { --parser_.depth_; }

   private:
    Parser& parser_;
  };

  // Where the parser stands: what __CLASS__, __FUNCTION__ and break mean there.
  struct Scope {
    std::string function_name;
    std::string class_name;
    bool in_function = false;
    bool in_trait = false;
    std::vector<bool> breakables;  // true: a switch
  };

  // parser.cpp: tokens, names and failures.
  const Token& peek(std::size_t ahead = 0) const;
  const Token& take() { return tokens_[position_ + 1 < tokens_.size() ? position_++ : position_]; }
  bool at_operator(std::string_view text, std::size_t ahead = 0) const;
  bool at_word(std::string_view word, std::size_t ahead = 0) const;
  bool take_operator(std::string_view text);
  bool take_word(std::string_view word);
  void expect(std::string_view text, std::string_view expecting = {});
  std::string expect_identifier(std::string_view expecting = "identifier");
  [[noreturn]] void unexpected(std::string_view expecting = {}) const;
  [[noreturn]] void fatal(std::string message, std::uint32_t line) const;
  void warn(Severity severity, std::string message, std::uint32_t line);
  void check_brackets();
  std::string resolve_class(std::string_view name) const;
  std::string declared_name(std::string_view name) const;

  // parser_statement.cpp
  const Node* statement(bool top_level);
  const Node* keyword_statement(const std::string& word, bool top_level);
  const Node* block();
  const Node* body(std::string_view end_word);
  const Node* statements_until(const std::vector<std::string_view>& words);
  const Node* echo(std::uint32_t line);
  const Node* if_statement(std::uint32_t line);
  const Node* while_statement(std::uint32_t line);
  const Node* do_statement(std::uint32_t line);
  const Node* for_statement(std::uint32_t line);
  const Node* foreach_statement(std::uint32_t line);
  const Node* switch_statement(std::uint32_t line);
  const Node* jump(NodeKind kind, std::uint32_t line);
  const Node* try_statement(std::uint32_t line);
  const Node* declare_statement();
  const Node* global_statement(std::uint32_t line);
  const Node* static_statement(std::uint32_t line);
  const Node* unset_statement(std::uint32_t line);
  const Node* const_statement(std::uint32_t line);
  const Node* namespace_statement();
  const Node* use_statement();
  const Node* halt_statement(std::uint32_t line);
  const Node* expression_list_block(std::string_view end);
  const Node* loop_body(std::string_view end_word);
  void end_statement(std::string_view expecting = {});

  // parser_declaration.cpp
  const Node* function_statement(bool top_level, List<AttributeData> attributes);
  const Node* class_statement(ClassKind kind, std::uint64_t flags, bool top_level, List<AttributeData> attributes);
  const FunctionData* function_rest(std::string_view name, std::uint32_t flags, std::uint32_t line,
                                    bool may_be_abstract, List<AttributeData> attributes);
  const Node* closure(bool is_static);
  const Node* arrow_function();
  const ClassData* class_rest(ClassData* klass);
  void class_member(ClassData* klass, struct ClassMembers& members);
  void class_constants(ClassData* klass, struct ClassMembers& members, std::uint32_t flags);
  void class_properties(ClassData* klass, struct ClassMembers& members, std::uint32_t flags,
                        List<AttributeData> attributes);
  void class_method(ClassData* klass, struct ClassMembers& members, std::uint32_t flags,
                    List<AttributeData> attributes);
  void enum_case(ClassData* klass, struct ClassMembers& members);
  void use_traits(ClassData* klass, struct ClassMembers& members);
  std::uint32_t modifiers();
  std::vector<ParameterData> parameters();
  std::string type();
  bool at_type() const;
  List<AttributeData> attributes();
  void check_attributes(const List<AttributeData>& list, std::string_view target, std::uint32_t line) const;
  List<const StringData*> name_list();
  void finish_class(ClassData* klass, const struct ClassMembers& members);
  bool is_complete(const ClassData& klass) const;

  // parser_expression.cpp
  const Node* expression(int least = 0);
  const Node* unary();
  const Node* postfix(const Node* base);
  const Node* assignment(const Node* target);
  const Node* binary_rest(const Node* left, int least);
  const Node* ternary(const Node* condition, std::uint32_t line);
  const Node* concatenation(const Node* left);
  std::vector<const Node*> arguments();
  const Node* constant_expression();
  void check_constant(const Node* node, int depth = 0) const;
  void check_writable(const Node* target) const;

  // parser_primary.cpp
  const Node* primary();
  const Node* word_primary();
  const Node* array_literal(std::string_view close);
  const Node* new_expression();
  const Node* isset_expression();
  const Node* match_expression();
  const Node* name_expression();
  const Node* magic_constant(const std::string& word, std::uint32_t line);
  const Node* interpolate(const Token& token);
  const Node* interpolated_variable(std::string_view text, std::size_t& at, std::uint32_t line);
  const Node* embedded_expression(std::string_view code, std::uint32_t line);
  const Node* class_reference(std::string_view name, std::uint32_t line);
  const Node* variable(const std::string& name, std::uint32_t line);
  const Node* member_name();

  TokenList list_;
  std::vector<Token>& tokens_;
  std::size_t position_ = 0;
  std::string path_;
  GraphBuilder& build_;
  std::vector<Diagnostic>& warnings_;
  std::optional<std::size_t> bracket_error_at_;
  SyntaxError bracket_error_;
  int depth_ = 0;
  Scope scope_;
  std::string namespace_;
  std::unordered_map<std::string, std::string> class_imports_;
  std::unordered_map<std::string, std::string> function_imports_;
  std::unordered_map<std::string, std::string> constant_imports_;
  std::vector<const FunctionData*> functions_;
  std::vector<const ClassData*> classes_;
  std::unordered_map<std::string, std::uint32_t> declared_functions_;

  std::int64_t halt_offset_ = -1;
  const bool completes_classes_;
  int anonymous_classes_ = 0;
};

// Gathered while a class body is parsed.
struct ClassMembers {
  std::vector<const StringData*> traits;
  std::vector<ClassConstantData> constants;
  std::vector<PropertyData> properties;
  std::vector<const FunctionData*> methods;
};

}  // namespace assay::reference::php
