#pragma once

#include <string>

#include "conformance/generators/draw.h"

namespace assay::conformance {

// Declarations and uses of the few names that all programs share: f0 f1, K0 K1 K2, I0, T0, E0, C0 C1. Each is one line but
// for a heredoc.

// The names that a file can declare.
const std::vector<std::string>& program_names();
// Whether a second declaration of the name ends a request.
bool is_declared_once(const std::string& name);

// `tag` tells declarations of one name apart in what they return; `finals`: classes may refuse to have children.
std::string random_declaration(Draw& draw, const std::string& name, const std::string& tag, bool finals);
// The same where the name is free, none where it is taken.
std::string guarded(const std::string& name, const std::string& declaration);
// Whether the name is declared, as an expression that loads nothing.
std::string is_declared(const std::string& name);

// Prints an expression, or what it threw.
std::string shown(const std::string& expression);
std::string random_expression(Draw& draw);

}  // namespace assay::conformance
