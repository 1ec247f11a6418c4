#include "reference/php/compiler/parser.h"
#include "reference/php/compiler/text.h"

// Statements that concern the file: declare, const, namespace, use, __halt_compiler.
namespace assay::reference::php {

const Node* Parser::declare_statement() {
  const std::uint32_t line = take().line;
  expect("(", "\"(\"");
  do {
    expect_identifier();
    expect("=", "\"=\"");
    constant_expression();
  } while (take_operator(","));
  expect(")");
  if (!at_operator("{")) end_statement();
  return build_.node(NodeKind::block, line);
}

const Node* Parser::const_statement(std::uint32_t line) {
  std::vector<const Node*> list;
  do {
    const std::string name = expect_identifier();
    expect("=", "\"=\"");
    list.push_back(build_.named(NodeKind::constant, line, declared_name(name), {constant_expression()}));
  } while (take_operator(","));
  end_statement("\",\" or \";\"");
  return list.size() == 1 ? list[0] : build_.node_of(NodeKind::block, line, list);
}

const Node* Parser::namespace_statement() {
  const std::uint32_t line = take().line;
  namespace_.clear();
  class_imports_.clear();
  function_imports_.clear();
  constant_imports_.clear();
  if (peek().kind == TokenKind::name) namespace_ = take().text;
  if (at_operator("{")) {
    // The braced form: declarations in it are top-level.
    take();
    std::vector<const Node*> statements;
    while (!at_operator("}")) {
      if (peek().kind == TokenKind::end) unexpected();
      statements.push_back(statement(true));
    }
    take();
    namespace_.clear();
    return build_.node_of(NodeKind::block, line, statements);
  }
  end_statement();
  return build_.node(NodeKind::block, line);
}

const Node* Parser::use_statement() {
  const std::uint32_t line = take().line;
  auto* imports = &class_imports_;
  if (at_word("function") && peek(1).kind == TokenKind::name) {
    take();
    imports = &function_imports_;
  } else if (at_word("const") && peek(1).kind == TokenKind::name) {
    take();
    imports = &constant_imports_;
  }
  do {
    if (peek().kind != TokenKind::name) unexpected();
    std::string name = take().text;
    if (name.starts_with('\\')) name.erase(0, 1);
    std::string alias = name.substr(name.rfind('\\') + 1);
    if (take_word("as")) alias = expect_identifier();
    (*imports)[imports == &constant_imports_ ? alias : lower(alias)] = name;
  } while (take_operator(","));
  end_statement();
  return build_.node(NodeKind::block, line);
}

const Node* Parser::halt_statement(std::uint32_t line) {
  expect("(", "\"(\"");
  expect(")", "\")\"");
  halt_offset_ = static_cast<std::int64_t>(peek().end_offset);
  if (!at_operator(";")) end_statement("\";\"");
  return build_.node(NodeKind::halt, line);
}

}  // namespace assay::reference::php
