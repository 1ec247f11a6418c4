#include "conformance/adapters/process/conversation.h"

#include <fcntl.h>
#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "support/file_descriptor.h"

namespace assay::conformance::process {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Kind = Conversation::Answer::Kind;

// The suite's side; the test itself is the adapter.
class ConversationTest : public testing::Test {
 protected:
  ConversationTest() {
    int in[2], out[2];
    EXPECT_EQ(::pipe2(in, O_CLOEXEC), 0);
    EXPECT_EQ(::pipe2(out, O_CLOEXEC), 0);
    reads_ = FileDescriptor(in[0]);
    input_ = FileDescriptor(in[1]);
    output_ = FileDescriptor(out[0]);
    says_ = FileDescriptor(out[1]);
    ::fcntl(input_.get(), F_SETFL, O_NONBLOCK);
    ::fcntl(output_.get(), F_SETFL, O_NONBLOCK);
    self_ = FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, ::getpid(), 0)));
    conversation_.emplace(input_.get(), output_.get(), self_.get());
  }

  void say(const std::string& text) { ASSERT_EQ(::write(says_.get(), text.data(), text.size()), ssize_t(text.size())); }
  int send() {
    TimeBudget budget(5s);
    return conversation_->send({{"x", 1}}, budget);
  }
  Conversation::Answer wait(int number, std::chrono::milliseconds limit = 5s, int process = -1) {
    TimeBudget budget(limit);
    return conversation_->wait(number, budget, process);
  }

  FileDescriptor reads_, input_, output_, says_, self_;
  std::optional<Conversation> conversation_;
};

TEST_F(ConversationTest, AnswersComeInAnyOrder) {
  const int one = send(), two = send();
  say("{\"id\":2,\"a\":\"two\"}\n{\"id\":1,");
  say("\"a\":\"one\"}\n");
  EXPECT_EQ(wait(one).message, (Json{{"a", "one"}}));
  EXPECT_EQ(wait(two).message, (Json{{"a", "two"}}));
}

TEST_F(ConversationTest, EachThreadGetsItsOwn) {
  std::vector<std::thread> threads;
  std::atomic<int> right = 0;
  std::vector<int> numbers;
  for (int i = 0; i < 8; ++i) numbers.push_back(send());
  for (const int number : numbers)
    threads.emplace_back([&, number] { right += wait(number).message == Json{{"a", number}}; });
  for (auto number = numbers.rbegin(); number != numbers.rend(); ++number)
    say("{\"id\":" + std::to_string(*number) + ",\"a\":" + std::to_string(*number) + "}\n");
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 8);
}

TEST_F(ConversationTest, GarbageConcernsAllWhoWaitAndNobodyLater) {
  const int one = send(), two = send();
  say("Hello!\n{\"id\":1}\n{\"id\":2}\n");
  for (const int number : {one, two}) {
    const auto answer = wait(number);
    EXPECT_EQ(answer.kind, Kind::garbage);
    EXPECT_THAT(answer.detail, HasSubstr("no JSON: Hello!"));
  }
  const int three = send();
  say("{\"id\":3,\"a\":3}\n");
  EXPECT_EQ(wait(three).kind, Kind::message);
}

TEST_F(ConversationTest, GarbageThatNobodyAskedForConcernsTheNext) {
  say("{\"id\":9}\n");
  const int early = send();
  say("{\"id\":1}\n");
  EXPECT_EQ(wait(early).kind, Kind::garbage);
  const int next = send();
  say("{\"id\":2}\n");
  EXPECT_EQ(wait(next).kind, Kind::message);
}

TEST_F(ConversationTest, ASecondAnswerIsGarbage) {
  const int one = send(), two = send();
  say("{\"id\":1}\n{\"id\":1}\n");
  EXPECT_EQ(wait(one).kind, Kind::message);
  EXPECT_THAT(wait(two).detail, HasSubstr("a second answer to message 1"));
}

TEST_F(ConversationTest, ALateAnswerIsDropped) {
  const int late = send();
  EXPECT_EQ(wait(late, 20ms).kind, Kind::timed_out);
  const int next = send();
  say("{\"id\":1}\n{\"id\":2,\"a\":2}\n");
  EXPECT_EQ(wait(next).message, (Json{{"a", 2}}));
}

TEST_F(ConversationTest, TheEndOfTheOutputIsTold) {
  const int one = send();
  say("{\"id\":1,");
  says_.close();
  const auto answer = wait(one);
  EXPECT_EQ(answer.kind, Kind::ended);
  EXPECT_THAT(answer.detail, HasSubstr("in the middle of a line"));
}

TEST_F(ConversationTest, AnInputThatNobodyReadsIsTold) {
  reads_.close();
  EXPECT_EQ(wait(send()).kind, Kind::ended);
}

TEST_F(ConversationTest, ALongMessageAndALongAnswerPassEachOther) {
  std::thread adapter([&] {
    const std::string line = "{\"id\":1,\"a\":\"" + std::string(1'000'000, 'a') + "\"}\n";
    for (std::size_t done = 0; done < line.size();)
      done += static_cast<std::size_t>(::write(says_.get(), line.data() + done, line.size() - done));
    char chunk[65536];
    for (std::size_t left = 1'000'000; left > 0;)
      left -= std::min(left, static_cast<std::size_t>(::read(reads_.get(), chunk, sizeof chunk)));
  });
  TimeBudget budget(20s);
  const int number = conversation_->send({{"x", std::string(1'000'000, 'x')}}, budget);
  const auto answer = wait(number, 20s);
  adapter.join();
  EXPECT_EQ(answer.message["a"].get<std::string>().size(), 1'000'000u);
}

TEST_F(ConversationTest, ADeadProcessIsTold) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::pause();
    ::_exit(0);
  }
  const FileDescriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  const int one = send();
  std::thread killer([&] {
    std::this_thread::sleep_for(50ms);
    ::kill(pid, SIGKILL);
  });
  EXPECT_EQ(wait(one, 20s, handle.get()).kind, Kind::died);
  killer.join();
  // What it had said before is heard.
  const int two = send();
  say("{\"id\":2}\n");
  EXPECT_EQ(wait(two, 20s, handle.get()).kind, Kind::message);
  ::waitpid(pid, nullptr, 0);
}

}  // namespace
}  // namespace assay::conformance::process
