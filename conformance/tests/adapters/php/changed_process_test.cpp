// Workers that become somebody else while a plan is armed: they fork, change their user, or close their descriptors.
#include <gtest/gtest.h>
#include <unistd.h>

#include "conformance/adapters/php/process_state.h"
#include "conformance/tests/adapters/php/php_fixture.h"
#include "faults/points/plan.h"

namespace assay::conformance::php {
namespace {

constexpr const char* kLock = "posix/lock/fcntl/setlkw";

// Calls of the C library, for scripts.
constexpr const char* kC =
    "<?php $c = FFI::cdef('int setuid(int); int setgid(int); int getuid(); int fork(); int waitpid(int, int*, int); "
    "void _exit(int); int close_range(unsigned, unsigned, int);');\n";

class ChangedProcess : public PhpFixture {
 protected:
  void SetUp() override {
    PhpFixture::SetUp();
    if (IsSkipped()) return;
    target_ = fpm_target_kind().make({{"extension", "ffi"}, {"ini", "ffi.enable=1"}});
    if (!target_) GTEST_SKIP() << "PHP's FFI, with which a script calls the C library: " << target_.error().message;
    Configuration configuration = two_workers();
    configuration.ini = {{"opcache.file_update_protection", "0"}, {"opcache.protect_memory", "0"}};
    auto runtime = (*target_)->start(configuration, sandbox_);
    ASSERT_TRUE(runtime) << runtime.error().message;
    runtime_ = std::move(*runtime);
    write("value.php", "<?php return 'value';");
    write("other.php", "<?php return 'other';");
  }

  void script(const std::string& name, const std::string& code) { write(name, kC + code); }
  Value included(const std::string& path, int worker) { return request(worker, {include(path)}).replies.at(0).value; }
  // Both workers serve, and store what is new.
  void expect_service() {
    for (int worker : {0, 1}) {
      const std::string fresh = "fresh" + std::to_string(worker) + ".php";
      write(fresh, "<?php return 'fresh';");
      EXPECT_EQ(included("@/" + fresh, worker), Value("fresh")) << worker;
      EXPECT_EQ(ask(K::is_cached, {{"path", "@/" + fresh}}, worker).value, Value(true)) << worker;
    }
  }

  Expected<std::unique_ptr<Target>> target_ = failure("not made");
};

TEST_F(ChangedProcess, AWorkerOfAnotherUserIsStillHitAndItsLockIsFreeAfterItsDeath) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become somebody else";
  // Whoever it becomes has to be able to read the scripts.
  for (std::filesystem::path up = sandbox_.root; up != folder_.path(); up = up.parent_path())
    std::filesystem::permissions(up, std::filesystem::perms(0755));
  std::filesystem::permissions(folder_.path(), std::filesystem::perms(0755));
  script("become.php", "$c->setgid(65534); return [$c->setuid(65534), $c->getuid()];");
  ASSERT_EQ(included("@/become.php", 0), Value::list({0, 65534}));
  EXPECT_EQ(included("@/value.php", 0), Value("value"));
  EXPECT_EQ(ask(K::is_cached, {{"path", "@/value.php"}}, 1).value, Value(true)) << "it stored what it compiled";

  ASSERT_TRUE(control_->arm({points::fail(kLock, ENOLCK).for_worker(0)}));
  EXPECT_NE(request(0, {include("@/other.php")}).kind, Outcome::Kind::completed) << "PHP aborts without its lock";
  ASSERT_TRUE(control_->arm({points::kill_at("posix/lock/fcntl/acquired").for_worker(0)}));
  const pid_t old = *runtime_->worker(0).process();
  EXPECT_EQ(request(0, {include("@/other.php")}).kind, Outcome::Kind::died);
  control_->disarm();
  const auto evidence = control_->evidence();
  ASSERT_EQ(evidence.records.size(), 2u);
  EXPECT_EQ(evidence.records[1].worker, 0);
  EXPECT_EQ(evidence.records[1].pid, old);
  ASSERT_TRUE(runtime_->replace(0));
  expect_service();
}

TEST_F(ChangedProcess, AForkedChildIsHitAndNamedByItsOwnNumber) {
  script("fork.php", "$pid = $c->fork(); if ($pid === 0) { include '" + (sandbox_.root / "other.php").string() +
                         "'; $c->_exit(7); } $c->waitpid($pid, null, 0); return $pid;");
  EXPECT_TRUE(included("@/fork.php", 0).is_int()) << "without a plan, to have it compiled";
  write("other.php", "<?php return 'newer';", 10);
  ASSERT_TRUE(ask(K::invalidate, {{"path", "@/other.php"}, {"force", true}}, 1).value == Value(true));
  ASSERT_TRUE(control_->arm({points::kill_at("posix/lock/fcntl/acquired")}));
  const Value child = included("@/fork.php", 0);
  control_->disarm();
  const auto evidence = control_->evidence();
  ASSERT_EQ(evidence.records.size(), 1u);
  EXPECT_EQ(Value(static_cast<std::int64_t>(evidence.records[0].pid)), child) << "the worker itself took no lock";
  EXPECT_NE(evidence.records[0].pid, *runtime_->worker(0).process());
  EXPECT_EQ(included("@/other.php", 1), Value("newer"));
  expect_service();
}

// It cannot answer any more, which is a death or a hang that is told, and not a reply of any kind.
TEST_F(ChangedProcess, AWorkerThatClosesEverythingIsSaidToBeGone) {
  script("close.php", "$c->close_range(0, 0xffffffff, 0); return 'closed';");
  ASSERT_TRUE(control_->arm({points::count_at("posix/io/*")}));
  const Outcome outcome = request(0, {include("@/close.php")}, std::chrono::milliseconds(500));
  EXPECT_TRUE(outcome.kind == Outcome::Kind::died || outcome.kind == Outcome::Kind::hung) << outcome.detail;
  EXPECT_FALSE(outcome.detail.empty());
  EXPECT_EQ(outcome.replies.at(0).kind, Reply::Kind::not_run);
  control_->disarm();
  ASSERT_TRUE(runtime_->replace(0));
  expect_service();
}

}  // namespace
}  // namespace assay::conformance::php
