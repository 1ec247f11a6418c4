#include "conformance/registry/registration.h"

#include <sstream>
#include <stdexcept>

namespace assay::conformance {
namespace {

std::string project_relative(const std::string& file) {
  const auto at = file.rfind("conformance/");
  return at == std::string::npos ? file : file.substr(at);
}

}  // namespace

TestCase describe_test(const std::string& kind, const std::string& id, const std::string& more_clauses,
                       const std::string& title, const char* file, int line) {
  const auto slash = id.find('/');
  if (slash == std::string::npos || slash == 0) throw std::logic_error("the test id \"" + id + "\" names no clause");
  TestCase test;
  test.id = id;
  test.title = title;
  test.kind = kind;
  test.clauses = {id.substr(0, slash)};
  std::istringstream words(more_clauses);
  for (std::string word; words >> word;) test.clauses.push_back(word);
  test.area = area_of(test.clauses.front());
  test.file = project_relative(file);
  test.line = line;
  return test;
}

TestCase body_test(const std::string& kind, const std::string& id, const std::string& more_clauses,
                   const std::string& title, std::set<std::string> needs, Profile profile,
                   std::function<TestResult(TestContext&)> body, const char* file, int line) {
  TestCase test = describe_test(kind, id, more_clauses, title, file, line);
  test.needs = std::move(needs);
  test.profile = profile;
  test.body = std::move(body);
  return test;
}

bool register_tests(std::vector<TestCase> tests) {
  for (TestCase& test : tests) register_test(std::move(test));
  return true;
}

}  // namespace assay::conformance
