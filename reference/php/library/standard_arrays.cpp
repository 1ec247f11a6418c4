#include <algorithm>
#include <limits>

#include "reference/php/interpreter/machine.h"
#include "reference/php/library/standard_functions.h"
#include "reference/php/value/convert.h"

namespace assay::reference::php {

namespace {

template <typename Visit>
void each_element(BuiltinCall& call, const Array& array, Visit visit) {
  for (std::size_t at = array.first(); at != array.end(); at = array.next(at)) {
    call.machine.charge(1);
    visit(array.at(at).key, array.at(at).value.resolve());
  }
}

// A function of one array that makes another value of it.
template <typename Operation>
BuiltinFunction of_array(Operation operation) {
  return [operation](BuiltinCall& call) -> BuiltinResult {
    auto array = ASSAY_TRY(array_argument(call, 0, "array"));
    return operation(call, *array);
  };
}

std::size_t count_all(BuiltinCall& call, const Array& array, bool recursive) {
  call.machine.check_stack();
  std::size_t total = array.size();
  if (!recursive) return total;
  each_element(call, array, [&](const ArrayKey&, const Value& value) {
    if (value.is_array()) total += count_all(call, value.as_array(), true);
  });
  return total;
}

BuiltinResult count(BuiltinCall& call) {
  const Value& value = call.arguments[0];
  if (value.is_object()) {
    RuntimeClass& type = call.machine.class_of(*value.as_object());
    if (type.find_method("count") != nullptr && call.machine.instance_of(*value.as_object(), "Countable")) {
      Array pair;
      pair.append(value);
      pair.append("count");
      return call.call_back(Value(std::move(pair)), {});
    }
  }
  if (!value.is_array()) return tl::unexpected(argument_error(call, 0, "value", "of type Countable|array"));
  return Value(count_all(call, value.as_array(), call.has(1) && to_int(call.arguments[1]) == 1));
}

void add_with_new_keys(Array& result, const ArrayKey& key, const Value& value) {
  if (key.is_int()) {
    result.append(value);
  } else {
    result.set(key, value);
  }
}

BuiltinResult merge(BuiltinCall& call) {
  Array result;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    auto array = ASSAY_TRY(array_argument(call, i, ""));
    each_element(call, *array, [&](const ArrayKey& key, const Value& value) { add_with_new_keys(result, key, value); });
  }
  return Value(std::move(result));
}

BuiltinResult key_exists(BuiltinCall& call) {
  auto array = ASSAY_TRY(array_argument(call, 1, "array"));
  const Value& key = call.arguments[0];
  if (key.is_array() || key.is_object())
    return tl::unexpected(BuiltinError{"TypeError", "Illegal offset type", nullptr});
  const ArrayKey sought =
      key.is_string() || key.is_null() ? ArrayKey::from_string(to_string(key)) : ArrayKey(to_int(key));
  return Value(array->find(sought) != nullptr);
}

BuiltinFunction searcher(bool wants_key) {
  return [wants_key](BuiltinCall& call) -> BuiltinResult {
    auto array = ASSAY_TRY(array_argument(call, 1, "haystack"));
    const bool strict = call.has(2) && to_bool(call.arguments[2]);
    for (std::size_t at = array->first(); at != array->end(); at = array->next(at)) {
      call.machine.charge(1);
      const auto& element = array->at(at);
      const bool same =
          strict ? identical(element.value, call.arguments[0]) : loosely_equal(element.value, call.arguments[0]);
      if (same) return wants_key ? element.key.to_value() : Value(true);
    }
    return Value(false);
  };
}

BuiltinResult map(BuiltinCall& call) {
  auto array = ASSAY_TRY(array_argument(call, 1, "array"));
  const Value held = call.arguments[1];
  Array result;
  for (std::size_t at = array->first(); at != array->end(); at = array->next(at)) {
    auto value = call.call_back(call.arguments[0], {held.as_array().at(at).value.resolve()});
    if (!value) return value;
    result.set(held.as_array().at(at).key, std::move(*value));
  }
  return Value(std::move(result));
}

BuiltinResult filter(BuiltinCall& call) {
  auto array = ASSAY_TRY(array_argument(call, 0, "array"));
  const Value held = call.arguments[0];
  Array result;
  for (std::size_t at = array->first(); at != array->end(); at = array->next(at)) {
    const auto& element = held.as_array().at(at);
    bool keep = to_bool(element.value);
    if (call.has(1) && !call.arguments[1].is_null()) {
      auto answer = call.call_back(call.arguments[1], {element.value.resolve()});
      if (!answer) return answer;
      keep = to_bool(*answer);
    }
    if (keep) result.set(element.key, element.value.resolve());
  }
  return Value(std::move(result));
}

BuiltinResult slice(BuiltinCall& call) {
  auto array = ASSAY_TRY(array_argument(call, 0, "array"));
  const auto total = static_cast<std::int64_t>(array->size());
  std::int64_t offset = to_int(call.arguments[1]);
  if (offset < 0) offset = std::max<std::int64_t>(0, total + offset);
  std::int64_t length = call.has(2) && !call.arguments[2].is_null() ? to_int(call.arguments[2]) : total;
  const std::int64_t until = length < 0 ? total + length
                                        : std::min(total, offset > total   ? total
                                                          : length > total ? total
                                                                           : offset + length);
  const bool keep_keys = call.has(3) && to_bool(call.arguments[3]);
  Array result;
  std::int64_t index = 0;
  each_element(call, *array, [&](const ArrayKey& key, const Value& value) {
    if (index >= offset && index < until) {
      if (keep_keys) {
        result.set(key, value);
      } else {
        add_with_new_keys(result, key, value);
      }
    }
    ++index;
  });
  return Value(std::move(result));
}

BuiltinResult range(BuiltinCall& call) {
  const Value& from = call.arguments[0];
  const Value& to = call.arguments[1];
  if (!from.is_int() || !to.is_int())
    return tl::unexpected(BuiltinError{"", "range() of other than ints is not part of the script subset", nullptr});
  const std::int64_t step = call.has(2) ? std::max<std::int64_t>(1, std::abs(to_int(call.arguments[2]))) : 1;
  Array result;
  std::int64_t value = from.as_int();
  for (;;) {
    call.machine.charge(1);
    call.machine.bound_size(result.size() * 32);
    result.append(value);
    const bool up = from.as_int() <= to.as_int();
    const bool over = up ? __builtin_add_overflow(value, step, &value) : __builtin_sub_overflow(value, step, &value);
    if (over || (up ? value > to.as_int() : value < to.as_int())) break;
  }
  return Value(std::move(result));
}

tl::expected<Array*, BuiltinError> own_array(BuiltinCall& call) {
  Value& value = call.arguments[0].resolve();
  if (!value.is_array()) return tl::unexpected(argument_error(call, 0, "array", "of type array"));
  return &value.mutable_array();
}

BuiltinResult push(BuiltinCall& call) {
  auto array = ASSAY_TRY(own_array(call));
  for (std::size_t i = 1; i < call.arguments.size(); ++i) array->append(call.arguments[i]);
  return Value(array->size());
}

BuiltinResult pop(BuiltinCall& call) {
  auto array = ASSAY_TRY(own_array(call));
  if (array->empty()) return Value();
  std::size_t last = array->end() - 1;
  while (!array->at(last).live) --last;
  Value value = array->at(last).value.resolve();
  Array rest;
  each_element(call, *array, [&, index = std::size_t{0}](const ArrayKey& key, const Value& each) mutable {
    if (++index < array->size()) rest.set(key, each);
  });
  *array = std::move(rest);
  return value;
}

BuiltinResult shift(BuiltinCall& call) {
  auto array = ASSAY_TRY(own_array(call));
  if (array->empty()) return Value();
  Value value = array->at(array->first()).value.resolve();
  Array rest;
  each_element(call, *array, [&, index = std::size_t{0}](const ArrayKey& key, const Value& each) mutable {
    if (index++ > 0) add_with_new_keys(rest, key, each);
  });
  *array = std::move(rest);
  return value;
}

using Pair = std::pair<ArrayKey, Value>;

Array array_of_pairs(std::vector<Pair>& pairs, bool keep_keys) {
  Array result;
  for (Pair& each : pairs) {
    if (keep_keys) {
      result.set(each.first, std::move(each.second));
    } else {
      result.append(std::move(each.second));
    }
  }
  return result;
}

// sort() and its kin: by key or value, with or without the keys kept.
BuiltinFunction sorter(bool by_key, bool keep_keys, bool descending) {
  return [=](BuiltinCall& call) -> BuiltinResult {
    auto array = ASSAY_TRY(own_array(call));
    std::vector<Pair> pairs;
    each_element(call, *array, [&](const ArrayKey& key, const Value& value) { pairs.emplace_back(key, value); });
    auto before = [&](const Pair& a, const Pair& b) {
      const auto order = by_key ? compare(a.first.to_value(), b.first.to_value()) : compare(a.second, b.second);
      return descending ? order > 0 : order < 0;
    };
    // Mixed types need not order strictly: insertion by merge keeps within bounds whatever the order answers.
    std::stable_sort(pairs.begin(), pairs.end(), before);
    *array = array_of_pairs(pairs, keep_keys);
    return Value(true);
  };
}

// usort() and its kin: by what a callback says, which may not order strictly. Merging keeps within bounds all the same.
BuiltinFunction user_sorter(bool by_key, bool keep_keys) {
  return [=](BuiltinCall& call) -> BuiltinResult {
    auto array = ASSAY_TRY(own_array(call));
    std::vector<Pair> pairs;
    each_element(call, *array, [&](const ArrayKey& key, const Value& value) { pairs.emplace_back(key, value); });
    std::optional<BuiltinError> failed;
    const auto before = [&](const Pair& one, const Pair& other) {
      if (failed) return false;
      auto order = by_key ? call.call_back(call.arguments[1], {one.first.to_value(), other.first.to_value()})
                          : call.call_back(call.arguments[1], {one.second, other.second});
      if (!order) failed = std::move(order.error());
      return !failed && to_int(*order) < 0;
    };
    for (std::size_t width = 1; width < pairs.size() && !failed; width *= 2) {
      for (std::size_t at = 0; at + width < pairs.size(); at += 2 * width) {
        const auto begin = pairs.begin() + static_cast<std::ptrdiff_t>(at);
        const auto end = pairs.begin() + static_cast<std::ptrdiff_t>(std::min(at + 2 * width, pairs.size()));
        std::inplace_merge(begin, begin + static_cast<std::ptrdiff_t>(width), end, before);
      }
    }
    if (failed) return tl::unexpected(std::move(*failed));
    auto target = ASSAY_TRY(own_array(call));  // the callback may have written to it
    *target = array_of_pairs(pairs, keep_keys);
    return Value(true);
  };
}

BuiltinFunction extreme(bool greatest) {
  return [greatest](BuiltinCall& call) -> BuiltinResult {
    std::vector<Value> values;
    if (call.arguments.size() == 1 && call.arguments[0].is_array()) {
      each_element(call, call.arguments[0].as_array(),
                   [&](const ArrayKey&, const Value& value) { values.push_back(value); });
      if (values.empty()) return tl::unexpected(argument_error(call, 0, "value", "an array with at least one element"));
    } else {
      values = call.arguments;
    }
    Value best = values[0];
    for (const Value& value : values) {
      const auto order = compare(value, best);
      if (greatest ? order > 0 : order < 0) best = value;
    }
    return best;
  };
}

}  // namespace

void add_array_functions(Builtins& builtins) {
  constexpr std::size_t kAny = Builtins::kAny;
  builtins.add("count", 1, 2, count);
  builtins.add("sizeof", 1, 2, count);
  builtins.add("array_keys", 1, 1, of_array([](BuiltinCall& call, const Array& array) {
                 Array result;
                 each_element(call, array, [&](const ArrayKey& key, const Value&) { result.append(key.to_value()); });
                 return Value(std::move(result));
               }));
  builtins.add("array_values", 1, 1, of_array([](BuiltinCall& call, const Array& array) {
                 Array result;
                 each_element(call, array, [&](const ArrayKey&, const Value& value) { result.append(value); });
                 return Value(std::move(result));
               }));
  builtins.add("array_flip", 1, 1, of_array([](BuiltinCall& call, const Array& array) {
                 Array result;
                 each_element(call, array, [&](const ArrayKey& key, const Value& value) {
                   if (value.is_int()) result.set(ArrayKey(value.as_int()), key.to_value());
                   if (value.is_string()) result.set(value.as_string(), key.to_value());
                 });
                 return Value(std::move(result));
               }));
  builtins.add("array_sum", 1, 1, of_array([](BuiltinCall& call, const Array& array) {
                 Value sum(0);
                 each_element(call, array, [&](const ArrayKey&, const Value& value) {
                   if (is_numeric(value)) sum = call.machine.binary(Operator::add, sum, value);
                 });
                 return sum;
               }));
  builtins.add("array_reverse", 1, 1, of_array([](BuiltinCall& call, const Array& array) {
                 std::vector<Pair> pairs;
                 each_element(call, array,
                              [&](const ArrayKey& key, const Value& value) { pairs.emplace_back(key, value); });
                 Array result;
                 for (auto each = pairs.rbegin(); each != pairs.rend(); ++each)
                   add_with_new_keys(result, each->first, each->second);
                 return Value(std::move(result));
               }));
  builtins.add("array_unique", 1, 1, of_array([](BuiltinCall& call, const Array& array) {
                 Array result;
                 each_element(call, array, [&](const ArrayKey& key, const Value& value) {
                   for (std::size_t at = result.first(); at != result.end(); at = result.next(at)) {
                     call.machine.charge(1);
                     if (loosely_equal(result.at(at).value, value)) return;
                   }
                   result.set(key, value);
                 });
                 return Value(std::move(result));
               }));
  builtins.add("array_key_first", 1, 1, of_array([](BuiltinCall&, const Array& array) {
                 return array.empty() ? Value() : array.at(array.first()).key.to_value();
               }));
  builtins.add("array_key_last", 1, 1, of_array([](BuiltinCall&, const Array& array) {
                 if (array.empty()) return Value();
                 std::size_t last = array.end() - 1;
                 while (!array.at(last).live) --last;
                 return array.at(last).key.to_value();
               }));
  builtins.add("array_is_list", 1, 1,
               of_array([](BuiltinCall&, const Array& array) { return Value(array.is_list()); }));
  builtins.add("array_fill", 3, 3, [](BuiltinCall& call) -> BuiltinResult {
    Array result;
    const std::int64_t from = to_int(call.arguments[0]);
    const std::int64_t number = to_int(call.arguments[1]);
    for (std::int64_t i = 0; i < number; ++i) {
      call.machine.charge(1);
      call.machine.bound_size(result.size() * 32);
      if (i == 0) {
        result.set(ArrayKey(from), call.arguments[2]);
      } else if (result.append(call.arguments[2]) == nullptr) {
        return tl::unexpected(
            BuiltinError{"Error", "Cannot add element to the array as the next element is already occupied", nullptr});
      }
    }
    return Value(std::move(result));
  });
  builtins.add("array_merge", 0, kAny, merge);
  builtins.add("array_key_exists", 2, 2, key_exists);
  builtins.add("key_exists", 2, 2, key_exists);
  builtins.add("in_array", 2, 3, searcher(false));
  builtins.add("array_search", 2, 3, searcher(true));
  builtins.add("array_map", 2, 2, map);
  builtins.add("array_filter", 1, 2, filter);
  builtins.add("array_slice", 2, 4, slice);
  builtins.add("range", 2, 3, range);
  builtins.add("array_push", 1, kAny, push, 1);
  builtins.add("array_pop", 1, 1, pop, 1);
  builtins.add("array_shift", 1, 1, shift, 1);
  builtins.add("sort", 1, 1, sorter(false, false, false), 1);
  builtins.add("rsort", 1, 1, sorter(false, false, true), 1);
  builtins.add("ksort", 1, 1, sorter(true, true, false), 1);
  builtins.add("krsort", 1, 1, sorter(true, true, true), 1);
  builtins.add("asort", 1, 1, sorter(false, true, false), 1);
  builtins.add("usort", 2, 2, user_sorter(false, false), 1);
  builtins.add("uasort", 2, 2, user_sorter(false, true), 1);
  builtins.add("uksort", 2, 2, user_sorter(true, true), 1);
  builtins.add("min", 1, kAny, extreme(false));
  builtins.add("max", 1, kAny, extreme(true));
}

}  // namespace assay::reference::php
