#include "conformance/generators/value_traces.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>

#include "conformance/generators/trace_builder.h"

namespace assay::conformance {
namespace {

class ValueWriter {
 public:
  ValueWriter(Draw& draw, const ValueOptions& options) : draw_(draw), options_(options) {}

  Value write() { return value(options_.depth); }

 private:
  Value value(int depth) {
    if (depth == 0 || draw_.percent(35)) return leaf();
    if (options_.objects && draw_.percent(35)) return object(depth);
    return elements(depth);
  }

  Value leaf() {
    switch (draw_.below(6)) {
      case 0:
        return nullptr;
      case 1:
        return draw_.percent(50);
      case 2:
        return number();
      case 3:
        return draw_.one_of({0.0, -0.0, 0.1, 1e300, -1e-300, std::numeric_limits<double>::infinity(), std::nan(""), 1.0,
                             9007199254740993.0});
      default:
        return text();
    }
  }

  std::int64_t number() {
    return draw_.one_of({std::int64_t{0}, std::int64_t{-1}, draw_.below(100000),
                         std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()});
  }

  std::string text() {
    using namespace std::string_literals;
    const std::string kinds[] = {"",
                                 "a",
                                 "5",
                                 "1.5",
                                 "\0\xff\0"s,
                                 "a text that occurs again",
                                 "\xc3\xa9",
                                 "O:8:\"stdClass\":0:{}",
                                 std::string(static_cast<std::size_t>(draw_.below(300)), 'x')};
    return kinds[draw_.below(std::size(kinds))];
  }

  Value elements(int depth) {
    std::vector<Value> items;
    for (std::int64_t n = draw_.between(0, 4); n > 0; --n)
      items.push_back(options_.references && draw_.percent(25) ? reference(depth - 1) : value(depth - 1));
    if (draw_.percent(50)) return Value::list(std::move(items));
    Elements made;
    for (Value& item : items) {
      const Key named = key(static_cast<std::int64_t>(made.size()));
      made.emplace_back(named, std::move(item));
    }
    return made;
  }

  // Of the element at a place, so that none comes twice. Decimal texts are integers in PHP: they are no keys here.
  Key key(std::int64_t place) {
    static const std::vector<std::vector<std::string>> names = {
        {"a", "", "\xff\x01", "05"}, {"b", "a key that is longer", "-0"}, {"c", "C"}, {"a key that is longer still"}};
    const std::int64_t number = 10 * place - draw_.below(10);
    if (draw_.percent(40)) return number;
    return draw_.one_of(names[static_cast<std::size_t>(place)]);
  }

  Value reference(int depth) {
    if (references_ > 0 && draw_.percent(60)) return Reference{static_cast<int>(draw_.between(1, references_)), {}};
    // Counted when it is whole: none holds itself. None holds an object either: serialize() of PHP 8.2 makes references
    // of all places of an object of which one is a reference (seen).
    Value content = value(depth);
    if (content.is_object()) content = Value::list({std::move(content)});
    return Reference{++references_, {std::move(content)}};
  }

  Value object(int depth) {
    if (objects_ > 0 && draw_.percent(40)) return Object{static_cast<int>(draw_.between(1, objects_)), true, "", {}};
    const int number = ++objects_;
    Elements properties;
    for (const char* name : {"p", "q", "a longer name"}) {
      if (draw_.percent(50)) properties.emplace_back(std::string(name), value(depth - 1));
    }
    return Object{number, false, "stdClass", std::move(properties)};
  }

  Draw& draw_;
  const ValueOptions& options_;
  int objects_ = 0, references_ = 0;
};

// Numbers in the order of the first appearance, as a value of a trace has them: a reference is drawn from the inside out.
class InOrder {
 public:
  Value of(const Value& value) {
    if (value.is_array()) return of(value.as_array());
    if (value.is_object()) return object(value.as_object());
    if (value.is_reference()) return reference(value.as_reference());
    return value;
  }

 private:
  Elements of(const Elements& elements) {
    Elements made;
    for (const auto& [key, element] : elements) made.emplace_back(key, of(element));
    return made;
  }
  Value object(const Object& object) {
    const auto [number, is_first] = objects_.try_emplace(object.number, static_cast<int>(objects_.size()) + 1);
    if (!is_first) return Object{number->second, true, "", {}};
    return Object{number->second, false, object.class_name, of(object.properties)};
  }
  Value reference(const Reference& reference) {
    const auto [number, is_first] = references_.try_emplace(reference.number, static_cast<int>(references_.size()) + 1);
    if (!is_first) return Reference{number->second, {}};
    return Reference{number->second, {of(reference.content.front())}};
  }

  std::map<int, int> objects_, references_;
};

class ValueTraceWriter {
 public:
  ValueTraceWriter(Draw& draw, const ValueTraceOptions& options)
      : draw_(draw), options_(options), out_("random values", options.workers) {}

  Trace write() {
    for (std::int64_t steps = draw_.between(options_.steps / 2, options_.steps); steps > 0; --steps) {
      out_.begin_request(draw_.below(options_.workers));
      asked_ = 0;
      for (std::int64_t n = draw_.between(1, 3); n > 0; --n) operation();
    }
    return std::move(out_.trace);
  }

 private:
  using K = OperationKind;

  std::string key() { return fmt::format("k{}", draw_.below(options_.keys)); }
  void ask(K kind, std::initializer_list<std::pair<const char*, Value>> arguments) {
    out_.ask(kind, arguments);
    ++asked_;
  }

  void operation() {
    const Value backend = options_.backend;
    draw_.weighted({{45,
                     [&] {
                       const Value value = random_value(draw_, options_.values);
                       store(key(), value);
                     }},
                    {40, [&] { fetch(key()); }},
                    {8,
                     [&] {
                       ask(K::cache_get_multiple, {{"keys", Value::list({"k0", "k1"})}, {"backend", backend}});
                     }},
                    {5, [&] {
                       const std::string gone = key();
                       held_.erase(gone);
                       ask(K::cache_delete, {{"key", gone}, {"backend", backend}});
                     }}});
  }

  void store(const std::string& key, const Value& value) {
    held_[key] = value;
    if (draw_.percent(20)) {
      Elements one;
      one.emplace_back(key, value);
      ask(K::cache_set_multiple, {{"values", std::move(one)}, {"backend", options_.backend}});
    } else {
      ask(K::cache_set, {{"key", key}, {"value", value}, {"backend", options_.backend}});
    }
  }

  void fetch(const std::string& key) {
    ask(K::cache_get, {{"key", key}, {"default", "nothing there"}, {"backend", options_.backend}});
    const auto held = held_.find(key);
    if (!options_.changes || held == held_.end() || !held->second.is_array() || draw_.percent(50)) return;
    ask(K::mutate, {{"operation", asked_ - 1}, {"key", "changed"}, {"value", "here only"}});
    ask(K::cache_get, {{"key", key}, {"default", "nothing there"}, {"backend", options_.backend}});
  }

  Draw& draw_;
  const ValueTraceOptions& options_;
  TraceBuilder out_;
  std::map<std::string, Value> held_;
  std::int64_t asked_ = 0;  // of the request
};

}  // namespace

Value random_value(Draw& draw, const ValueOptions& options) {
  return InOrder().of(ValueWriter(draw, options).write());
}

Trace random_value_trace(std::uint64_t seed, const ValueTraceOptions& options) {
  return generate(seed, [&options](Draw& draw) { return ValueTraceWriter(draw, options).write(); });
}

}  // namespace assay::conformance
