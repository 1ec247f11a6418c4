// Writes the table of clauses: assay_catalogue_generator OUTPUT ROOT PAGE... (pages relative to ROOT).
//
// A program and not a script, so that building needs nothing but the compiler. The output is written only when all
// pages were read, and ends the build with file and line otherwise.

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/catalogue/clause_tables.h"
#include "conformance/catalogue/spec_reader.h"

namespace assay::conformance {
namespace {

// A string literal; bytes beyond ASCII are written in octal, which cannot run into the digits that follow.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\' || c == '?') {  // two question marks would begin a trigraph
      result += std::string("\\") + c;
    } else if (c == '\n') {
      result += "\\n";
    } else if (byte < 0x20 || byte >= 0x7f) {
      char octal[5];
      std::snprintf(octal, sizeof octal, "\\%03o", byte);
      result += octal;
    } else {
      result += c;
    }
  }
  return result + '"';
}

const char* truth(bool value) {
  return value ? "true" : "false";
}

template <class Enum>
std::string enumerator(const char* type, Enum value) {
  return std::string("static_cast<") + type + ">(" + std::to_string(static_cast<int>(value)) + ")";
}

void write_row(std::ostream& out, const SpecClause& clause, const std::string& file) {
  out << "    {" << quoted(clause.id) << ", " << quoted(clause.title) << ",\n     " << quoted(clause.statement)
      << ",\n     " << quoted(clause.observe) << ",\n     " << quoted(clause.level) << ", "
      << enumerator("EvidenceLevel", clause.evidence) << ", " << truth(clause.documented) << ", "
      << quoted(clause.faults) << ", " << enumerator("Area", clause.area) << ",\n     {";
  for (const Strength strength : clause.strengths) out << enumerator("Strength", strength) << ", ";
  out << "}, " << quoted(clause.since) << ", " << quoted(clause.until) << ", " << quoted(*feature_of(clause.id))
      << ",\n     " << quoted(unobservable_reason(clause.id)) << ", " << quoted(file) << ", " << clause.line << "},\n";
}

int complain(std::string_view message) {
  std::fprintf(stderr, "%.*s\n", static_cast<int>(message.size()), message.data());
  return 1;
}

int generate(const std::string& output, const std::string& root, const std::vector<std::string>& pages) {
  std::ostringstream table;
  std::vector<std::string> ids;
  for (const std::string& page : pages) {
    std::ifstream in(root + "/" + page);
    std::ostringstream text;
    if (!in || !(text << in.rdbuf())) return complain(page + ": cannot be read");
    const auto clauses = read_spec_page(page, text.str());
    if (!clauses) return complain(clauses.error().message);
    for (const SpecClause& clause : *clauses) {
      if (!feature_of(clause.id)) return complain(clause.id + ": no row of features.def fits it");
      ids.push_back(clause.id);
      write_row(table, clause, page);
    }
  }
  if (const auto row = idle_row(ids); !row.empty())
    return complain(std::string(row) + ": this row of a .def table fits no clause");
  std::ofstream out(output);
  out << "// Written by assay_catalogue_generator from docs/spec; not to be edited.\n"
         "#include \"conformance/catalogue/catalogue.h\"\n\nnamespace assay::conformance {\nnamespace {\n\n"
         "constexpr Clause kClauses[] = {\n"
      << table.str()
      << "};\n\n}  // namespace\n\nstd::span<const Clause> all_clauses() { return kClauses; }\n\n}  // namespace "
         "assay::conformance\n";
  out.close();
  return out ? 0 : complain(output + ": cannot be written");
}

}  // namespace
}  // namespace assay::conformance

int main(int argc, char** argv) {
  if (argc < 4) return assay::conformance::complain("usage: assay_catalogue_generator OUTPUT ROOT PAGE...");
  return assay::conformance::generate(argv[1], argv[2], {argv + 3, argv + argc});
}
