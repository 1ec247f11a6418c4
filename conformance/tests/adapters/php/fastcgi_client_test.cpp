#include "conformance/adapters/php/fastcgi_client.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>

#include "conformance/tests/adapters/php/fake_responder.h"
#include "conformance/tests/test_folder.h"

namespace assay::conformance::php {
namespace {

using fastcgi::RecordType;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

class FastcgiClientTest : public ::testing::Test {
 protected:
  Result<FastcgiReply> execute(std::function<void(int)> behaviour, std::string_view body = "",
                               std::chrono::milliseconds limit = 2s) {
    responder_.emplace(socket_, std::move(behaviour));
    auto client = FastcgiClient::connect(socket_, limits_);
    if (!client) return tl::make_unexpected(client.error());
    client_.emplace(std::move(*client));
    return client_->execute(parameters_, body, Deadline::after(limit));
  }

  TestFolder folder_;
  const std::string socket_ = folder_.path() + "/s";
  FastcgiClient::Limits limits_;
  FastcgiParameters parameters_{{{"A", "b"}}};
  std::optional<FakeResponder> responder_;
  std::optional<FastcgiClient> client_;  // Destroyed first, so that a waiting responder sees the end.
};

TEST_F(FastcgiClientTest, SplitsHeadersBodyAndErrors) {
  const auto reply = execute([](int peer) {
    read_request(peer);
    write_all(peer, record(RecordType::standard_error, "oops") +
                        record(RecordType::standard_output, "Status: 404 Not Found\r\nX: y\r\n\r\nbo") +
                        record(RecordType::standard_output, "dy") + record(RecordType::standard_output, "") +
                        end_record());
  });
  ASSERT_TRUE(reply) << reply.error().message();
  EXPECT_EQ(reply->status, 404);
  EXPECT_EQ(reply->headers, "Status: 404 Not Found\r\nX: y");
  EXPECT_EQ(reply->body, "body");
  EXPECT_EQ(reply->errors, "oops");
  EXPECT_EQ(reply->application_status, 7u);
  EXPECT_TRUE(client_->is_open());
}

TEST_F(FastcgiClientTest, ReadsReplyThatArrivesByteByByte) {
  const auto reply = execute([](int peer) {
    read_request(peer);
    for (const char c : record(RecordType::standard_output, "H: 1\r\n\r\nslow") + end_record())
      write_all(peer, {&c, 1});
  });
  ASSERT_TRUE(reply) << reply.error().message();
  EXPECT_EQ(reply->body, "slow");
}

TEST_F(FastcgiClientTest, SendsBodyLargerThanSocketAndRecord) {
  std::string body(3'000'000, 'x');
  body.back() = 'y';
  std::string received;
  const auto reply = execute(
      [&](int peer) {
        received = read_request(peer);
        write_all(peer,
                  record(RecordType::standard_output, "H: 1\r\n\r\n" + std::to_string(received.size())) + end_record());
      },
      body);
  ASSERT_TRUE(reply) << reply.error().message();
  EXPECT_EQ(reply->body, "3000000");
  responder_.reset();
  EXPECT_TRUE(received == body);
}

TEST_F(FastcgiClientTest, TimeoutKeepsRequestOpen) {
  std::atomic<bool> go = false;
  const auto late = execute(
      [&](int peer) {
        read_request(peer);
        while (!go) std::this_thread::sleep_for(1ms);
        write_all(peer, record(RecordType::standard_output, "H: 1\r\n\r\nlate") + end_record());
      },
      "", 30ms);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, Failure::Kind::timed_out);
  EXPECT_TRUE(client_->is_waiting());
  EXPECT_EQ(client_->send(parameters_, "").error().kind, Failure::Kind::unusable);
  go = true;
  const auto reply = client_->receive(Deadline::after(2s));
  ASSERT_TRUE(reply) << reply.error().message();
  EXPECT_EQ(reply->body, "late");
}

TEST_F(FastcgiClientTest, NothingIsSaidWhereTheMachineWasTooBusy) {
  std::atomic<bool> go = false;
  ASSERT_FALSE(execute(
      [&](int peer) {
        read_request(peer);
        while (!go) std::this_thread::sleep_for(1ms);
        write_all(peer, record(RecordType::standard_output, "H: 1\r\n\r\nlate") + end_record());
      },
      "", 30ms));
  // One that has lasted for an hour already, and has counted nothing.
  const auto budget = std::make_shared<TimeBudget>(
      30ms,
      [](auto) {
        return MachineDelay::Seen{1h, 0ns};
      },
      TimeBudget::Clock::now() - 1h);
  const auto busy = client_->receive(Deadline(budget));
  ASSERT_FALSE(busy);
  EXPECT_EQ(busy.error().kind, Failure::Kind::undecided);
  EXPECT_EQ(error_of(busy.error()).value().kind, Error::Kind::refused);
  EXPECT_TRUE(client_->is_waiting());
  go = true;
  EXPECT_TRUE(client_->receive(Deadline::after(2s)));
}

TEST_F(FastcgiClientTest, AReplyThatIsThereCountsHoweverLateItIsRead) {
  const auto late = execute(
      [](int peer) {
        read_request(peer);
        write_all(peer, record(RecordType::standard_output, "H: 1\r\n\r\nthere") + end_record());
      },
      "", 0ms);
  if (late) return;
  EXPECT_EQ(late.error().kind, Failure::Kind::timed_out);
  responder_.reset();
  EXPECT_TRUE(client_->receive(Deadline::at_once()));
}

TEST_F(FastcgiClientTest, WorkerThatDiesIsToldWithWhatCame) {
  const auto reply = execute([](int peer) {
    read_request(peer);
    write_all(peer,
              record(RecordType::standard_output, "half a rep") + record(RecordType::standard_error, "about to die"));
  });
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, Failure::Kind::worker_died);
  EXPECT_THAT(reply.error().message(), HasSubstr("half a rep"));
  EXPECT_THAT(reply.error().message(), HasSubstr("about to die"));
  EXPECT_THAT(reply.error().message(), HasSubstr(socket_));
  EXPECT_FALSE(client_->is_open());
}

TEST_F(FastcgiClientTest, GarbageIsProtocolError) {
  const auto reply = execute([](int peer) {
    read_request(peer);
    write_all(peer, "HTTP/1.1 200 OK\r\n");
  });
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, Failure::Kind::protocol);
  EXPECT_THAT(reply.error().message(), HasSubstr("HTTP/1.1 200 OK\\x0d\\x0a"));
  EXPECT_FALSE(client_->is_open());
}

struct BadReply {
  const char* name;
  std::string bytes;
  const char* message;
};

class FastcgiBadReplyTest : public FastcgiClientTest, public ::testing::WithParamInterface<BadReply> {};

TEST_P(FastcgiBadReplyTest, IsProtocolError) {
  const auto reply = execute([](int peer) {
    read_request(peer);
    write_all(peer, GetParam().bytes);
  });
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, Failure::Kind::protocol) << reply.error().message();
  EXPECT_THAT(reply.error().message(), HasSubstr(GetParam().message));
  EXPECT_FALSE(client_->is_open());
}

std::vector<BadReply> bad_replies() {
  const std::string header = record(RecordType::standard_output, "H: 1\r\n\r\n");
  return {
      {"NoHeader", record(RecordType::standard_output, "text") + end_record(), "no header"},
      {"Empty", end_record(), "no header"},
      {"UnknownRecord", record(static_cast<RecordType>(11), "x"), "type 11"},
      {"MoreThanOneReply", header + end_record() + header, "after the end"},
      {"Overloaded", record(RecordType::end_request, std::string_view("\0\0\0\0\2\0\0\0", 8)), "refused"},
      {"ShortEnd", record(RecordType::end_request, "abc"), "refused"},
      {"OtherRequest", std::string("\1\6\0\2\0\0\0\0", 8), "not FastCGI"},
  };
}

INSTANTIATE_TEST_SUITE_P(All, FastcgiBadReplyTest, ::testing::ValuesIn(bad_replies()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST_F(FastcgiClientTest, EndlessOutputIsCut) {
  limits_.max_output = 1 << 20;
  const auto reply = execute([](int peer) {
    read_request(peer);
    const std::string chunk = record(RecordType::standard_output, std::string(60000, 'z'));
    for (int i = 0; i < 100; ++i) write_all(peer, chunk);
  });
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, Failure::Kind::too_large);
  EXPECT_LT(reply.error().message().size(), 2000u);
}

TEST_F(FastcgiClientTest, NothingListens) {
  const auto client = FastcgiClient::connect(socket_);
  ASSERT_FALSE(client);
  EXPECT_THAT(client.error().message(), HasSubstr("No such file"));
}

TEST_F(FastcgiClientTest, PathTooLongForSocket) {
  const auto client = FastcgiClient::connect(folder_.path() + std::string(100, 'x'));
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().kind, Failure::Kind::unusable);
  EXPECT_THAT(client.error().message(), HasSubstr("107 bytes"));
}

}  // namespace
}  // namespace assay::conformance::php
