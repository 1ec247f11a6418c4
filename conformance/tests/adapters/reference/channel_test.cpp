#include "conformance/adapters/reference/channel.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

#include "conformance/adapters/reference/long_strings.h"

namespace assay::conformance {
namespace {

std::string text_of(std::size_t size) {
  std::string text;
  while (text.size() < size) text += std::to_string(text.size()) + " ";
  return text;
}

Json with_long_strings() {
  const std::string run(100'000, 'x'), high(5'000, '\xff');
  return {
      {"a/b~c", run}, {"list", {1, run, {{"7", high}}, run + "y", "7" + run, text_of(9'000) + "."}}, {"short", "xxxx"}};
}

TEST(LongStrings, AreTakenOutAndPutBack) {
  const Json whole = with_long_strings();
  Json message = whole;
  const LongStrings strings = take_long_strings(message);
  EXPECT_EQ(strings.note.size(), 6u);
  EXPECT_EQ(strings.bytes, std::string(100'000, 'x') + "7" + text_of(9'000));  // what precedes a byte that repeats
  EXPECT_LT(message.dump().size(), 100u);
  put_long_strings(message, strings.note, strings.bytes);
  EXPECT_EQ(message, whole);
}

TEST(LongStrings, OfAMessageThatIsOne) {
  for (const std::string& text : {std::string(10'000, 'z'), text_of(10'000)}) {
    Json message = text;
    const LongStrings strings = take_long_strings(message);
    EXPECT_TRUE(message.is_null());
    put_long_strings(message, strings.note, strings.bytes);
    EXPECT_EQ(message, text);
  }
}

TEST(LongStrings, OfAMessageWithout) {
  Json message = {{"a", std::string(4'095, 'z')}};
  EXPECT_TRUE(take_long_strings(message).note.is_null());
  EXPECT_EQ(message, (Json{{"a", std::string(4'095, 'z')}}));
}

TEST(Channel, MessagesArriveAsTheyWereSent) {
  auto [here, there] = std::move(*Channel::pair());
  for (const Json& sent : {Json(nullptr), Json{{"a", 1}}, with_long_strings(), Json("text")}) {
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
