// A worker that waits for a processor does not hang; one that is blocked or spins does.
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "conformance/adapters/reference/worker_process.h"
#include "conformance/tests/crowded_processor.h"

namespace assay::conformance {
namespace {

using namespace std::chrono_literals;

// A process that answers each request after it did something.
class StarvedWorkerTest : public testing::Test {
 protected:
  ~StarvedWorkerTest() override {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

  void start(const std::function<void()>& serve) {
    auto ends = *Channel::pair();
    pid_ = fork();
    if (pid_ == 0) {
      ends.first.close();
      for (Json message; ends.second.receive(message) == Channel::End::message;) {
        serve();
        ends.second.send(Json::array({to_json(Reply::of(1))}));
      }
      _exit(0);
    }
    worker_.connect(std::move(ends.first), pid_, "/");
  }

  Outcome request(std::chrono::milliseconds limit) {
    const Exchange exchange{make_operation(OperationKind::process_id, {}), "", {}};
    auto outcome = worker_.execute({&exchange, 1}, limit);
    EXPECT_TRUE(outcome) << outcome.error().message;
    return outcome.value_or(Outcome());
  }

  pid_t pid_ = -1;
  ChannelWorker worker_;
};

TEST_F(StarvedWorkerTest, IsWaitedForWhileItWaitsForAProcessor) {
  start([] { work_for(200ms); });
  const CrowdedProcessor crowded;
  crowded.put(pid_);
  const Outcome outcome = request(1s);
  EXPECT_EQ(outcome.kind, Outcome::Kind::completed) << outcome.detail;
  EXPECT_GT(outcome.ended - outcome.began, 1s) << "else this shows nothing";
}

TEST_F(StarvedWorkerTest, HangsWhereItSpins) {
  start([] { work_for(1h); });
  EXPECT_EQ(request(100ms).kind, Outcome::Kind::hung);
}

TEST_F(StarvedWorkerTest, HangsWhereItSpinsAlsoOnACrowdedProcessor) {
  start([] { work_for(1h); });
  const CrowdedProcessor crowded;
  crowded.put(pid_);
  EXPECT_EQ(request(100ms).kind, Outcome::Kind::hung);
}

TEST_F(StarvedWorkerTest, HangsWhereItIsStopped) {
  start([] {});
  kill(pid_, SIGSTOP);
  waitpid(pid_, nullptr, WUNTRACED);
  const Outcome outcome = request(100ms);
  EXPECT_EQ(outcome.kind, Outcome::Kind::hung);
  EXPECT_LT(outcome.ended - outcome.began, 2s);
}

}  // namespace
}  // namespace assay::conformance
