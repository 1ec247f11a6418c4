#include <gtest/gtest.h>

#include "conformance/adapter/served_page.h"
#include "conformance/execution/several_masters.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance {
namespace {

const std::string kHeader = R"({"assay_trace":1,"name":"t","pools":[{"workers":1},{"workers":2,"master":1}]})"
                            "\n";

TEST(WholeRequest, StandsAlone) {
  const auto alone = trace_from_json_lines(kHeader + R"({"worker":0,"operations":[{"op":"serve","path":"@/a.php"}]})"
                                                     "\n",
                                           "f");
  ASSERT_TRUE(alone.has_value()) << alone.error().message;
  const auto beside =
      trace_from_json_lines(kHeader + R"({"worker":0,"operations":[{"op":"serve","path":"@/a.php"},{"op":"time"}]})"
                                      "\n",
                            "f");
  ASSERT_FALSE(beside.has_value());
  EXPECT_NE(beside.error().message.find("serve"), std::string::npos) << beside.error().message;
}

TEST(WholeRequest, AnAdapterRefusesWhatStandsBesideIt) {
  const Exchange serve{make_operation(OperationKind::serve, {{"path", "@/a.php"}}), "", std::nullopt};
  const Exchange time{make_operation(OperationKind::time, {}), "", std::nullopt};
  EXPECT_FALSE(whole_request(std::vector{serve, time}).has_value());
  EXPECT_EQ(whole_request(std::vector{time, time}).value(), nullptr);
  const std::vector alone{serve};
  EXPECT_EQ(whole_request(alone).value(), &alone[0].operation);
}

TEST(ServedPage, BodyIsTextUnlessItIsACanonicalArrayOrObject) {
  const auto body = [](std::string text) {
    return served_page(200, std::move(text), {}, "/tree").value.as_array()[1].second;
  };
  EXPECT_EQ(body("r1/r1"), Value("r1/r1"));
  EXPECT_EQ(body("7"), Value("7"));
  EXPECT_EQ(body(R"(["r1","\/tree\/a"])"), Value::list({"r1", "@/a"}));
  EXPECT_EQ(body(R"({"$bytes":"//4="})"), Value("\xff\xfe"));
  EXPECT_EQ(body("[broken"), Value("[broken"));
  EXPECT_EQ(body("in /tree/a"), Value("in @/a"));
}

TEST(SeveralMasters, APoolRemembersItsMaster) {
  const auto trace = trace_from_json_lines(kHeader, "f");
  ASSERT_TRUE(trace.has_value());
  EXPECT_EQ(trace->configuration.pools[1].master, 1);
  EXPECT_TRUE(has_several_masters(trace->configuration));
  EXPECT_EQ(to_json_lines(*trace_from_json_lines(to_json_lines(*trace), "f")), to_json_lines(*trace));
  EXPECT_FALSE(has_several_masters(Configuration{}));
}

}  // namespace
}  // namespace assay::conformance
