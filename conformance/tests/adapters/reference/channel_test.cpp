#include "conformance/adapters/reference/channel.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

#include "conformance/adapters/reference/long_runs.h"

namespace assay::conformance {
namespace {

Json with_long_runs() {
  const std::string run(100'000, 'x'), high(5'000, '\xff');
  return {{"a/b~c", run}, {"list", {1, run, {{"deep", high}}, run + "y"}}, {"short", "xxxx"}};
}

TEST(LongRuns, AreTakenOutAndPutBack) {
  const Json whole = with_long_runs();
  Json message = whole;
  ASSERT_TRUE(has_long_run(message));
  const Json note = take_long_runs(message);
  EXPECT_EQ(note.size(), 3u);
  EXPECT_FALSE(has_long_run(message));
  EXPECT_EQ(message["list"][3], whole["list"][3]);  // not of one byte
  put_long_runs(message, note);
  EXPECT_EQ(message, whole);
}

TEST(LongRuns, OfAMessageThatIsOne) {
  Json message = std::string(10'000, 'z');
  const Json note = take_long_runs(message);
  put_long_runs(message, note);
  EXPECT_EQ(message, std::string(10'000, 'z'));
}

TEST(Channel, MessagesArriveAsTheyWereSent) {
  auto [here, there] = std::move(*Channel::pair());
  for (const Json& sent : {Json(nullptr), Json{{"a", 1}}, with_long_runs(), Json("text")}) {
    ASSERT_TRUE(here.send(sent));
    Json got;
    ASSERT_EQ(there.receive(got), Channel::End::message);
    EXPECT_EQ(got, sent);
  }
  here.close();
  Json nothing;
  EXPECT_EQ(there.receive(nothing), Channel::End::closed);
}

}  // namespace
}  // namespace assay::conformance
