#include "conformance/vocabulary/trace_paths.h"

#include <gmock/gmock-matchers.h>

#include <algorithm>
#include <set>

namespace assay::conformance {
namespace {

using testing::HasSubstr;

Trace trace_of(std::vector<Step> steps) {
  Trace trace;
  trace.steps = std::move(steps);
  return trace;
}

Step remove_at(const char* path) {
  return make_action(ActionKind::remove, {{"path", path}});
}

Step request_of(Operation operation) {
  Request request;
  request.exchanges.push_back({std::move(operation), "", std::nullopt});
  return request;
}

Step unlink_at(const char* path) {
  return request_of(make_operation(OperationKind::unlink, {{"path", path}}));
}

// The message for one step; empty: nothing is wrong with it.
std::string fault(Step step, bool allow_outside = false) {
  const auto checked = check_paths(trace_of({std::move(step)}), "f.jsonl", allow_outside);
  return checked ? "" : checked.error().message;
}

TEST(TracePaths, AnActionNamesOnlyWhatIsInside) {
  EXPECT_EQ(fault(remove_at("@")), "");
  EXPECT_EQ(fault(remove_at("@/a/../b/./c//d/")), "");
  EXPECT_EQ(fault(remove_at("@/..a/b..")), "");
  EXPECT_EQ(fault(remove_at("/f")),
            "f.jsonl:2: field \"path\" of \"remove\": \"/f\" is outside of the sandbox; replay it with --allow-outside "
            "if you trust this trace");
  for (const char* path : {"@/..", "@/a/../..", "@/a/../../b", "@//..", "@/./../a", "@/a/b/../../.."})
    EXPECT_THAT(fault(remove_at(path)), HasSubstr("leads out of the sandbox")) << path;
  for (const char* path : {"", "f", "../f", "@f", "a@/f", "~/f"})
    EXPECT_THAT(fault(remove_at(path)), HasSubstr("does not begin with @")) << path;
  EXPECT_THAT(fault(make_action(ActionKind::remove, {{"path", std::string("@/a\0b", 5)}})), HasSubstr("NUL"));
}

TEST(TracePaths, TheTextOfALinkMayBeRelative) {
  const auto link = [](const char* target) {
    return make_action(ActionKind::make_link, {{"path", "@/l"}, {"target", target}});
  };
  EXPECT_EQ(fault(link("r1")), "");
  EXPECT_EQ(fault(link("../../a")), "") << "where it leads is seen when it is followed";
  EXPECT_EQ(fault(link("@/r1")), "");
  EXPECT_THAT(fault(link("/etc")), HasSubstr("field \"target\" of \"make_link\": \"/etc\" is outside"));
  EXPECT_THAT(fault(link("@/../..")), HasSubstr("leads out"));
}

TEST(TracePaths, AnOperationChangesOnlyWhatIsInside) {
  EXPECT_EQ(fault(unlink_at("@/f")), "");
  EXPECT_EQ(fault(unlink_at("f")), "");
  EXPECT_EQ(fault(unlink_at("a/../f")), "");
  EXPECT_EQ(fault(unlink_at("")), "");
  EXPECT_EQ(fault(unlink_at("file://@/f")), "");
  for (const char* path : {"/f", "//f", "file:///f", "FILE:///f", "compress.zlib:///f", "php://filter/resource=/f"})
    EXPECT_THAT(fault(unlink_at(path)), HasSubstr("is outside")) << path;
  for (const char* path : {"@/../f", "../f", "a/../../f", "file://@/../f"})
    EXPECT_THAT(fault(unlink_at(path)), HasSubstr("leads out")) << path;
}

TEST(TracePaths, WhatIsOnlyReadMayBeAnywhere) {
  EXPECT_EQ(fault(request_of(make_operation(OperationKind::read_file, {{"path", "/etc/hostname"}}))), "");
  EXPECT_EQ(fault(request_of(make_operation(OperationKind::realpath, {{"path", "/../usr"}}))), "");
  EXPECT_EQ(fault(request_of(make_operation(OperationKind::copy, {{"from", "/etc/hostname"}, {"to", "@/f"}}))), "");
  EXPECT_THAT(fault(request_of(make_operation(OperationKind::copy, {{"from", "@/f"}, {"to", "/f"}}))),
              HasSubstr("field \"to\" of \"copy\""));
}

TEST(TracePaths, ARendezvousHasANameWithoutSlashes) {
  EXPECT_EQ(fault(make_action(ActionKind::release, {{"name", "half-way"}})), "");
  EXPECT_THAT(fault(make_action(ActionKind::release, {{"name", "/../x"}})), HasSubstr("slash"));
  EXPECT_THAT(fault(request_of(make_operation(OperationKind::rendezvous, {{"name", "a/b"}}))), HasSubstr("slash"));
}

TEST(TracePaths, TheLineIsThatOfTheStep) {
  const Trace trace = trace_of({remove_at("@/a"), unlink_at("@/a"), remove_at("/a")});
  EXPECT_THAT(check_paths(trace, "f.jsonl", false).error().message, HasSubstr("f.jsonl:4: "));
}

TEST(TracePaths, WhatIsNamedOutsideCanBeAllowedButNoWayOut) {
  EXPECT_EQ(fault(remove_at("/f"), true), "");
  EXPECT_EQ(fault(unlink_at("/f"), true), "");
  EXPECT_NE(fault(remove_at("@/.."), true), "");
  EXPECT_NE(fault(remove_at("f"), true), "");
  EXPECT_NE(fault(unlink_at("../f"), true), "");
}

// A parameter that is called like a path is one: what it means to the file system has to be said.
TEST(TracePaths, EveryPathParameterHasItsRole) {
  const std::set<std::string> names = {"path", "from", "to", "target", "link", "directory", "page", "document_root"};
  const auto has_role = [](const CallSpec& spec, const std::string& name) {
    const auto all = path_parameters();
    return std::any_of(all.begin(), all.end(),
                       [&](const PathParameter& p) { return p.spec == &spec && p.parameter == name; });
  };
  for (const auto& specs : {action_specs(), operation_specs()}) {
    for (const CallSpec& spec : specs) {
      for (const Parameter& parameter : spec.parameters) {
        const bool is_path = parameter.type == ParameterType::path || names.contains(parameter.name);
        EXPECT_TRUE(!is_path || has_role(spec, parameter.name)) << spec.name << " " << parameter.name;
      }
    }
  }
}

}  // namespace
}  // namespace assay::conformance
