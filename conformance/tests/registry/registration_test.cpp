#include "conformance/registry/registration.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace assay::conformance {
namespace {

using testing::ElementsAre;

class Written : public Scenario {
 public:
  explicit Written(const Description& target, std::string path = "@/default.php", Directives ini = {})
      : Scenario(target), path_(std::move(path)), ini_(std::move(ini)) {}

 protected:
  void steps() override {
    for (const auto& [name, value] : ini_) ini(name, value);
    auto w = worker();
    write(path_, returns(1));
    expect(w.include(path_), 1);
  }

 private:
  std::string path_;
  Directives ini_;
};

TEST(Registration, AnIdNamesTheFirstClause) {
  const TestCase test = clause_test<Written>("RP-ENT-01/written", "SC-VAL-02 GU-LIV-01", "a file is written");
  EXPECT_EQ(test.id, "RP-ENT-01/written");
  EXPECT_EQ(test.title, "a file is written");
  EXPECT_EQ(test.kind, "clause");
  EXPECT_EQ(test.area, "realpath");
  EXPECT_THAT(test.clauses, ElementsAre("RP-ENT-01", "SC-VAL-02", "GU-LIV-01"));
}

TEST(Registration, AnIdWithoutAClauseIsAnError) {
  EXPECT_THROW(clause_test<Written>("written", "a file is written"), std::logic_error);
  EXPECT_THROW(clause_test<Written>("/written", "a file is written"), std::logic_error);
}

TEST(Registration, ATestIsWhereItIsCalled) {
  const TestCase clause = clause_test<Written>("RP-ENT-01/written", "a file is written");
  const int line = __LINE__ - 1;
  EXPECT_EQ(clause.file, "conformance/tests/registry/registration_test.cpp");
  EXPECT_EQ(clause.line, line);
  const TestCase body =
      body_test("kill", "RP-ENT-01/b", "", "b", {}, Profile::quick, [](TestContext&) { return TestResult{}; });
  EXPECT_EQ(body.file, clause.file);
  EXPECT_GT(body.line, line);
}

TEST(Registration, ParametersGoToTheScenario) {
  const Description target;
  const auto first_file = [&](const TestCase& test) {
    const Trace trace = test.trace(target);
    EXPECT_EQ(trace.name, test.id);
    return std::get<Action>(trace.steps.at(0)).text("path");
  };
  EXPECT_EQ(first_file(clause_test<Written>("RP-ENT-01/a", "a")), "@/default.php");
  EXPECT_EQ(first_file(clause_test<Written>("RP-ENT-01/b", "b", with("@/b.php"))), "@/b.php");
  const TestCase both =
      clause_test<Written>("RP-ENT-01/c", "RP-ENT-02", "c", with("@/c.php", Directives{{"realpath_cache_size", "0"}}));
  EXPECT_EQ(first_file(both), "@/c.php");
  EXPECT_EQ(both.trace(target).configuration.ini.at("realpath_cache_size"), "0");
}

TEST(Registration, ABodyHasItsNeedsAndProfile) {
  const TestCase test = body_test("sweep", "GU-LIV-04/eintr", "SC-LCK-06", "EINTR changes no reply", {"fault"},
                                  Profile::standard, [](TestContext&) { return TestResult{}; });
  EXPECT_EQ(test.kind, "sweep");
  EXPECT_EQ(test.area, "guarantees");
  EXPECT_THAT(test.needs, ElementsAre("fault"));
  EXPECT_EQ(test.profile, Profile::standard);
  EXPECT_TRUE(test.body);
  EXPECT_FALSE(test.trace);
}

TEST(Registration, NoTwoTestsHaveOneId) {
  ASSERT_FALSE(all_tests().empty());
  EXPECT_THROW(register_test(clause_test<Written>(all_tests().front().id, "again")), std::logic_error);
}

}  // namespace
}  // namespace assay::conformance
