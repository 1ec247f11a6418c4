#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>

#include "conformance/adapters/php/php_binary.h"
#include "conformance/adapters/php/php_target.h"
#include "conformance/execution/test_bed.h"
#include "conformance/execution/world.h"
#include "conformance/tests/test_folder.h"
#include "faults/points/control_block.h"

namespace assay::conformance::php {

// One target of each kind for all tests: making one inspects the program.
inline Expected<std::unique_ptr<Target>>& target_of(const std::string& kind) {
  static std::map<std::string, Expected<std::unique_ptr<Target>>> targets;
  auto found = targets.find(kind);
  if (found == targets.end()) {
    const TargetKind named = kind == "apcu"      ? apcu_target_kind()
                             : kind == "php-cli" ? cli_target_kind()
                                                 : fpm_target_kind();
    found = targets.emplace(kind, named.make({})).first;
  }
  return found->second;
}

// A sandbox and, once started, a runtime in it. Skips where there is no PHP; one that cannot be used is a failure.
class PhpFixture : public ::testing::Test {
 protected:
  explicit PhpFixture(std::string kind = "php-fpm") : kind_(std::move(kind)) {}

  void SetUp() override {
    if (!find_php_fpm()) GTEST_SKIP() << "no php-fpm here";
    const auto& target = target_of(kind_);
    ASSERT_TRUE(target) << target.error().message;
    auto stage = Stage::make(folder_.path());
    ASSERT_TRUE(stage) << stage.error().message;
    stage_.emplace(std::move(*stage));
    sandbox_ = stage_->sandbox;
    control_ = &stage_->control;
  }

  void start(const Configuration& configuration = {}) {
    auto runtime = (*target_of(kind_))->start(configuration, sandbox_);
    ASSERT_TRUE(runtime) << runtime.error().message;
    runtime_ = std::move(*runtime);
  }

  static Configuration two_workers() {
    Configuration configuration;
    configuration.pools = {Pool{}, Pool{}};
    return configuration;
  }

  Outcome request(int worker, const std::vector<Operation>& operations,
                  std::chrono::milliseconds limit = std::chrono::seconds(5)) {
    std::vector<Exchange> exchanges;
    for (const Operation& operation : operations) exchanges.push_back({operation, "", {}});
    auto outcome = runtime_->worker(worker).execute(exchanges, limit);
    EXPECT_TRUE(outcome) << outcome.error().message;
    return outcome ? *outcome : Outcome{};
  }
  Reply ask(OperationKind kind, std::initializer_list<std::pair<const char*, Value>> arguments = {}, int worker = 0) {
    auto outcome = request(worker, {make_operation(kind, arguments)});
    EXPECT_EQ(outcome.kind, Outcome::Kind::completed) << outcome.detail;
    return outcome.replies.empty() ? Reply::not_run() : outcome.replies[0];
  }

  void write(const std::string& path, const std::string& content, std::int64_t age = 1000) {
    const auto file = sandbox_.root / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
    ASSERT_TRUE(set_file_time(file, clock_start - age));
  }

  static Operation include(const std::string& path) { return make_operation(OperationKind::include, {{"path", path}}); }
  static std::int64_t number(const Value& value, const Path& path) {
    const Value* found = value.at(path);
    return found && found->is_int() ? found->as_int() : -1;
  }

  using K = OperationKind;

  const std::string kind_;
  TestFolder folder_;
  std::optional<Stage> stage_;
  Sandbox sandbox_;                          // of the stage
  points::ControlBlock* control_ = nullptr;  // of the stage
  std::unique_ptr<Runtime> runtime_;
};

}  // namespace assay::conformance::php
