#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "conformance/adapters/php/http_client.h"
#include "conformance/adapters/php/page_request.h"
#include "conformance/adapters/php/web_front.h"
#include "conformance/adapters/php/web_server.h"
#include "conformance/tests/test_folder.h"

namespace assay::conformance::php {
namespace {

using namespace std::chrono_literals;

TEST(WebServerConfiguration, NamesScriptsByBothRootsAndRefusesWhatCannotBeQuoted) {
  const auto text = web_server_configuration({"nginx", "/scratch", "/tree/current", {"pool0"}});
  ASSERT_TRUE(text.has_value());
  EXPECT_NE(text->find("SCRIPT_FILENAME $document_root$fastcgi_script_name"), std::string::npos);
  EXPECT_NE(text->find("SCRIPT_FILENAME $realpath_root$fastcgi_script_name"), std::string::npos);
  EXPECT_NE(text->find("root \"/tree/current\""), std::string::npos);
  EXPECT_FALSE(web_server_configuration({"nginx", "/scratch", "/a$b", {"pool0"}}).has_value());
  EXPECT_FALSE(web_server_configuration({"nginx", "/scr\"atch", "/a", {"pool0"}}).has_value());
}

TEST(WebFront, WithoutNginxItSaysWhatToDo) {
  const auto page = WebFront("", "/scratch", {"pool0"}).get("pool0", "/", "/tree", false, Deadline::after(1s));
  ASSERT_FALSE(page.has_value());
  EXPECT_NE(page.error().message().find("scripts/install-dependencies"), std::string::npos);
}

TEST(PageReply, WhatPhpDisplaysIsToldApartFromThePage) {
  const Reply reply =
      page_reply(200, "a<assay-diagnostic>\nWarning: of /tree/x in /tree/f.php on line 3\n</assay-diagnostic>b",
                 "PHP message: said\n", "/tree");
  EXPECT_EQ(reply.value, Value::map({{"status", 200}, {"body", "ab"}}));
  EXPECT_EQ(reply.diagnostics, (std::vector<std::string>{"Warning: of @/x", "said"}));
}

class RunningWebServer : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto nginx = find_nginx();
    if (!nginx) GTEST_SKIP() << nginx.error().message();
    setup_ = {*nginx, folder_.path(), folder_.path() + "/tree", {"pool0"}};
  }
  TestFolder folder_;
  WebServerSetup setup_;
};

// No php-fpm stands behind it: the web server itself answers.
TEST_F(RunningWebServer, AnswersAndLeavesNothingListening) {
  {
    auto server = WebServer::start(setup_, Deadline::after(10s));
    ASSERT_TRUE(server.has_value()) << server.error().message();
    const auto page = (*server)->get("pool0", "/index.php", false, Deadline::after(10s));
    ASSERT_TRUE(page.has_value()) << page.error().message();
    EXPECT_EQ(page->status, 502);
  }
  EXPECT_FALSE(accepts_connections(folder_.path() + "/pool0c.web"));
}

TEST_F(RunningWebServer, ABrokenConfigurationIsToldWithItsLog) {
  setup_.pools = {std::string(120, 'p')};
  const auto server = WebServer::start(setup_, Deadline::after(10s));
  ASSERT_FALSE(server.has_value());
  EXPECT_NE(server.error().message().find("nginx"), std::string::npos);
}

TEST_F(RunningWebServer, DiesWithTheProcessThatStartedIt) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t suite = ::fork();
  if (suite == 0) {
    auto server = WebServer::start(setup_, Deadline::after(10s));
    const char answer = server ? 'y' : 'n';
    (void)!::write(ready[1], &answer, 1);
    ::pause();
    ::_exit(0);
  }
  char answer = 0;
  ASSERT_EQ(::read(ready[0], &answer, 1), 1);
  EXPECT_EQ(answer, 'y');
  EXPECT_TRUE(accepts_connections(folder_.path() + "/pool0c.web"));
  ::kill(suite, SIGKILL);
  ::waitpid(suite, nullptr, 0);
  const Deadline deadline = Deadline::after(5s);
  while (accepts_connections(folder_.path() + "/pool0c.web") && !deadline.passed()) std::this_thread::sleep_for(2ms);
  EXPECT_FALSE(accepts_connections(folder_.path() + "/pool0c.web"));
  ::close(ready[0]);
  ::close(ready[1]);
}

}  // namespace
}  // namespace assay::conformance::php
