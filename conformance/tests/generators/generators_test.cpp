#include "conformance/generators/trace_generators.h"

#include <gtest/gtest.h>

#include <set>

#include "conformance/generators/exhaustive.h"
#include "conformance/generators/preload_traces.h"
#include "conformance/generators/shrink.h"
#include "conformance/generators/trace_builder.h"
#include "conformance/vocabulary/trace_paths.h"

namespace assay::conformance {
namespace {

template <class Make>
void expect_repeatable_and_readable(Make make) {
  std::set<std::string> different;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const Trace trace = make(seed);
    const std::string text = to_json_lines(trace);
    EXPECT_EQ(text, to_json_lines(make(seed)));
    const auto again = trace_from_json_lines(text, "generated");
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(to_json_lines(*again), text);
    EXPECT_TRUE(is_legal(trace)) << to_text(trace);
    const auto inside = check_paths(trace, "generated", false);
    EXPECT_TRUE(inside) << inside.error().message;
    different.insert(text);
  }
  EXPECT_GT(different.size(), 45u);
}

std::set<std::string> calls_of(const Trace& trace) {
  std::set<std::string> names;
  for (const Step& step : trace.steps) {
    if (const auto* action = std::get_if<Action>(&step)) {
      names.insert(action->spec->name);
    } else {
      for (const Exchange& exchange : std::get<Request>(step).exchanges) names.insert(exchange.operation.spec->name);
    }
  }
  return names;
}

template <class Make>
std::set<std::string> all_calls(Make make) {
  std::set<std::string> names;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) names.merge(calls_of(make(seed)));
  return names;
}

TEST(Generators, CacheTraces) {
  const auto make = [](std::uint64_t seed) { return random_cache_trace(seed, {}); };
  expect_repeatable_and_readable(make);
  EXPECT_EQ(all_calls(make).size(), 10u);
}

TEST(Generators, RealpathTraces) {
  const auto make = [](std::uint64_t seed) { return random_realpath_trace(seed, {}); };
  expect_repeatable_and_readable(make);
  EXPECT_GE(all_calls(make).size(), 18u);
}

TEST(Generators, ScriptTraces) {
  const auto make = [](std::uint64_t seed) { return random_script_trace(seed, {}); };
  expect_repeatable_and_readable(make);
  EXPECT_EQ(all_calls(make).size(), 18u);
}

TEST(Generators, ScriptTracesWithAFileCache) {
  ScriptTraceOptions options;
  options.filed = options.users = true;
  const auto make = [&](std::uint64_t seed) { return random_script_trace(seed, options); };
  expect_repeatable_and_readable(make);
  const auto calls = all_calls(make);
  for (const char* call : {"reload", "start", "set_mode"}) EXPECT_TRUE(calls.contains(call)) << call;
}

TEST(Generators, ProgramTraces) {
  const auto make = [](std::uint64_t seed) { return random_program_trace(seed, {}); };
  expect_repeatable_and_readable(make);
  EXPECT_EQ(all_calls(make),
            (std::set<std::string>{"advance_clock", "compile_file", "include", "included_files", "invalidate",
                                   "make_directory", "reset", "script_status", "serve", "write"}));
}

TEST(Generators, PreloadTraces) {
  const auto make = [](std::uint64_t seed) { return random_preload_trace(seed, {}); };
  expect_repeatable_and_readable(make);
  EXPECT_EQ(all_calls(make), (std::set<std::string>{"advance_clock", "include", "invalidate", "kill", "make_directory",
                                                    "remove", "reset", "script_status", "start", "write"}));
}

TEST(Generators, IllegalActionsAreSeen) {
  TraceBuilder out("t", 1);
  out.act(ActionKind::write, {{"path", "@/d/f"}, {"content", ""}});
  EXPECT_FALSE(is_legal(out.trace));
  out.trace.steps.clear();
  out.act(ActionKind::make_directory, {{"path", "@/d"}});
  out.act(ActionKind::write, {{"path", "@/d/f"}, {"content", ""}});
  EXPECT_TRUE(is_legal(out.trace));
  out.act(ActionKind::swap_link, {{"path", "@/d"}, {"target", "x"}});
  EXPECT_FALSE(is_legal(out.trace));
}

TEST(Exhaustive, CountsWithoutSymmetry) {
  ExhaustiveOptions options;
  options.operations = 1;
  ExhaustiveTraces one(options);
  int count = 0;
  while (one.next()) ++count;
  EXPECT_EQ(count, 6);  // get a, delete a, set a 1 with and without a time, clear, advance
  options.operations = 3;
  ExhaustiveTraces three(options);
  std::set<std::string> different;
  count = 0;
  while (const auto trace = three.next()) {
    ++count;
    different.insert(to_json_lines(*trace));
  }
  EXPECT_EQ(different.size(), static_cast<std::size_t>(count));
  EXPECT_GT(count, 1500);
  EXPECT_LT(count, 3500);
}

// Fails where a key is deleted, the clock moves, and the same key is read by another worker.
std::optional<std::string> planted(const Trace& trace) {
  std::set<std::string> deleted, moved;
  for (const Step& step : trace.steps) {
    if (std::get_if<Action>(&step)) {
      moved = deleted;
      continue;
    }
    const Request& request = std::get<Request>(step);
    for (const Exchange& exchange : request.exchanges) {
      const Operation& operation = exchange.operation;
      if (operation.kind() == OperationKind::cache_delete && request.worker == 0) deleted.insert(operation.text("key"));
      if (operation.kind() == OperationKind::cache_get && request.worker == 1 && moved.contains(operation.text("key")))
        return "PLANTED";
      if (operation.kind() == OperationKind::cache_clear) return "OTHER";
    }
  }
  return std::nullopt;
}

TEST(Shrink, FindsTheThreeStepsThatMatter) {
  int found = 0;
  for (std::uint64_t seed = 1; seed <= 200 && found < 10; ++seed) {
    CacheTraceOptions options;
    options.steps = 200;
    const Trace trace = random_cache_trace(seed, options);
    if (planted(trace) != "PLANTED") continue;
    ++found;
    const Shrunk shrunk = shrink(trace, "PLANTED", planted, is_legal);
    EXPECT_EQ(planted(shrunk.trace), "PLANTED");
    EXPECT_EQ(shrunk.trace.steps.size(), 3u) << to_text(shrunk.trace);
    EXPECT_TRUE(shrunk.finished);
    EXPECT_LT(shrunk.runs, 400);
  }
  EXPECT_GE(found, 5);
}

TEST(Shrink, LeavesOutLinesOfFiles) {
  TraceBuilder out("lines", 1);
  out.act(ActionKind::write, {{"path", "@/a.php"}, {"content", "<?php\none\ntwo\nthree\nfour\nfive"}});
  const auto text_of = [](const Trace& trace) { return std::get<Action>(trace.steps.at(0)).text("content"); };
  const Fails fails = [&](const Trace& trace) -> std::optional<std::string> {
    if (trace.steps.empty()) return std::nullopt;
    const std::string text = text_of(trace);
    const bool has_both = text.find("two\n") != std::string::npos && text.find("five") != std::string::npos;
    return has_both ? std::optional<std::string>("C") : std::nullopt;
  };
  EXPECT_EQ(text_of(shrink(out.trace, "C", fails, is_legal).trace), "two\nfive");
}

TEST(Shrink, KeepsTheStartOfALateRuntime) {
  TraceBuilder out("late", 1);
  out.act(ActionKind::write, {{"path", "@/a.php"}, {"content", "x"}});
  out.act(ActionKind::start, {});
  out.begin_request(0);
  out.ask(OperationKind::time, {});
  const Fails fails = [](const Trace& trace) -> std::optional<std::string> {
    const bool asks = !trace.steps.empty() && std::holds_alternative<Request>(trace.steps.back());
    return asks ? std::optional<std::string>("C") : std::nullopt;
  };
  EXPECT_EQ(shrink(out.trace, "C", fails, is_legal).trace.steps.size(), 2u);
}

TEST(Shrink, StopsAtItsLimit) {
  Trace trace;
  for (std::uint64_t seed = 1; planted(trace) != "PLANTED"; ++seed) trace = random_cache_trace(seed, {{.steps = 200}});
  ShrinkLimits limits;
  limits.runs = 3;
  const Shrunk shrunk = shrink(trace, "PLANTED", planted, is_legal, limits);
  EXPECT_EQ(shrunk.runs, 3);
  EXPECT_FALSE(shrunk.finished);
  EXPECT_EQ(planted(shrunk.trace), "PLANTED");
}

TEST(Shrink, KeepsTraceLegal) {
  TraceBuilder out("t", 1);
  out.act(ActionKind::make_directory, {{"path", "@/d"}});
  out.act(ActionKind::write, {{"path", "@/d/f"}, {"content", "long content"}});
  out.begin_request(0);
  out.ask(OperationKind::read_file, {{"path", "@/d/f"}});
  const auto fails = [](const Trace& trace) -> std::optional<std::string> {
    for (const Step& step : trace.steps)
      if (const auto* action = std::get_if<Action>(&step); action && action->kind() == ActionKind::write) return "W";
    return std::nullopt;
  };
  const Shrunk shrunk = shrink(out.trace, "W", fails, is_legal);
  EXPECT_EQ(shrunk.trace.steps.size(), 2u);
  EXPECT_EQ(std::get<Action>(shrunk.trace.steps[1]).text("content"), "l");
}

}  // namespace
}  // namespace assay::conformance
