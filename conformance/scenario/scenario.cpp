#include "conformance/scenario/scenario.h"

#include <fmt/format.h>

namespace assay::conformance {

ReplyRef RequestBuilder::ask(Operation operation) {
  auto& exchanges = scenario_->request_at(step_).exchanges;
  exchanges.push_back(Exchange{std::move(operation), "", std::nullopt, scenario_->about_});
  return {step_, exchanges.size() - 1};
}

RequestBuilder& RequestBuilder::ends(std::string how) {
  scenario_->request_at(step_).ends = std::move(how);
  return *this;
}

RequestBuilder& RequestBuilder::within(std::chrono::milliseconds limit) {
  scenario_->request_at(step_).within_ms = static_cast<int>(limit.count());
  return *this;
}

RequestBuilder WorkerHandle::request() {
  Request request;
  request.worker = number_;
  scenario_->trace_.steps.emplace_back(std::move(request));
  return RequestBuilder(scenario_, scenario_->trace_.steps.size() - 1);
}

RequestBuilder WorkerHandle::background(std::string name) {
  RequestBuilder builder = request();
  scenario_->request_at(builder.step_).background = std::move(name);
  return builder;
}

Trace Scenario::build(std::string name, std::vector<std::string> clauses) {
  // What a constructor asked for stays.
  trace_.steps.clear();
  trace_.configuration.pools.clear();
  trace_.name = std::move(name);
  trace_.clauses = std::move(clauses);
  now_ = clock_start;
  about_.clear();
  steps();
  if (trace_.configuration.pools.empty()) trace_.configuration.pools.emplace_back();
  return std::move(trace_);
}

void Scenario::ini(std::string directive, std::string value) {
  trace_.configuration.ini[std::move(directive)] = std::move(value);
}

WorkerHandle Scenario::worker(Directives own_ini) {
  WorkerHandle handle;
  handle.scenario_ = this;
  handle.number_ = static_cast<int>(trace_.configuration.pools.size());
  trace_.configuration.pools.push_back(Pool{1, std::move(own_ini), 0});
  return handle;
}

WorkerHandle Scenario::worker_of_master(int master, Directives own_ini) {
  WorkerHandle handle = worker(std::move(own_ini));
  trace_.configuration.pools.back().master = master;
  return handle;
}

std::string Scenario::choice(const std::string& name, const std::string& fallback) {
  const auto declared = target_.choices.find(name);
  const std::string& value = declared == target_.choices.end() ? fallback : declared->second;
  trace_.choices[name] = value;
  return value;
}

std::size_t Scenario::longest_key() {
  if (!target_.choices.contains("key-max")) return std::string::npos;
  return std::stoul(choice("key-max", ""));
}

void Scenario::expect(ReplyRef asked, Matcher matcher) {
  auto& expected = exchange_at(asked).expected;
  expected = expected ? all_of({std::move(*expected), std::move(matcher)}) : std::move(matcher);
}

const std::string& Scenario::label_of(ReplyRef asked) {
  std::string& label = exchange_at(asked).label;
  if (label.empty()) label = fmt::format("r{}.{}", asked.step + 1, asked.exchange + 1);
  return label;
}

Matcher Scenario::grew(Path path, Value by, ReplyRef since) {
  return matchers::Grew{{label_of(since), std::move(path)}, std::move(by)};
}
Matcher Scenario::grew_within(Path path, std::int64_t low, std::int64_t high, ReplyRef since) {
  return matchers::Grew{{label_of(since), std::move(path)}, Range{low, high}};
}
Matcher Scenario::gained(std::vector<Value> keys, ReplyRef since, Path path) {
  return matchers::Gained{{label_of(since), std::move(path)}, std::move(keys)};
}
Matcher Scenario::same_as(ReplyRef earlier, Path path) {
  return matchers::SameAs{{label_of(earlier), std::move(path)}};
}
Matcher Scenario::differs_from(ReplyRef earlier, Path path) {
  return matchers::DiffersFrom{{label_of(earlier), std::move(path)}};
}
Matcher Scenario::at_least(ReplyRef earlier, Path path) {
  return matchers::AtLeast{{label_of(earlier), std::move(path)}};
}
Matcher Scenario::at_most(ReplyRef earlier, Path path) {
  return matchers::AtMost{{label_of(earlier), std::move(path)}};
}

void Scenario::write(std::string path, std::string content, std::int64_t age) {
  act(ActionKind::write, {{"path", path}, {"content", content}, {"age", age}});
}

void Scenario::write_at(std::string path, std::string content, std::int64_t mtime) {
  act(ActionKind::write, {{"path", path}, {"content", content}, {"mtime", mtime}});
}

void Scenario::act(ActionKind kind, std::initializer_list<std::pair<const char*, Value>> arguments) {
  trace_.steps.emplace_back(make_action(kind, arguments));
}

void Scenario::begin(ActionKind kind, const char* ends, const std::vector<std::string>& says) {
  act(kind, {{"ends", ends}, {"says", Value::list({says.begin(), says.end()})}, {"clause", about_}});
}

namespace {

std::string php_literal(const Value& value) {
  if (value.is_string()) {
    std::string out = "'";
    for (const char c : value.as_string()) {
      if (c == '\'' || c == '\\') out += '\\';
      out += c;
    }
    return out + "'";
  }
  if (!value.is_array()) return to_text(value, std::string::npos);
  std::string out = "[";
  for (const auto& [key, element] : value.as_array()) {
    const Value key_value = std::holds_alternative<std::int64_t>(key) ? Value(std::get<std::int64_t>(key))
                                                                      : Value(std::get<std::string>(key));
    out += php_literal(key_value) + " => " + php_literal(element) + ", ";
  }
  return out + "]";
}

}  // namespace

std::string returns(const Value& value) {
  return "<?php\nreturn " + php_literal(value) + ";\n";
}
std::string php(const std::string& code) {
  return "<?php\n" + code + "\n";
}

}  // namespace assay::conformance
