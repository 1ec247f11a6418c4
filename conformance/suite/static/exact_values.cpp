// What comes back is what was stored, to the last bit: the lengths, texts and numbers at which stores take short cuts.
#include <cfloat>
#include <chrono>
#include <limits>
#include <string>
#include <vector>

#include "conformance/registry/registration.h"

using namespace assay::conformance;
using namespace std::string_literals;
using std::chrono::seconds;

namespace {

// Where counts have another width, buffers another size, or heaps another kind of block; one less and one more of each.
std::vector<std::size_t> lengths_around(std::initializer_list<std::size_t> edges) {
  std::vector<std::size_t> lengths = {0, 1, 2, 3};
  for (const std::size_t edge : edges) lengths.insert(lengths.end(), {edge - 1, edge, edge + 1});
  return lengths;
}

// No two of them are alike in any part, and the last byte is its own.
std::string text_of_length(std::size_t length) {
  std::string text;
  while (text.size() < length) text += std::to_string(length) + "/" + std::to_string(text.size()) + " ";
  text.resize(length);
  if (length > 0) text.back() = static_cast<char>('A' + length % 26);
  return text;
}

Value list_of_length(std::size_t length) {
  Elements elements;
  for (std::size_t i = 0; i < length; ++i)
    elements.emplace_back(static_cast<std::int64_t>(i), static_cast<std::int64_t>(i * 3 + length));
  return Value(std::move(elements));
}

class ExactValues : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  void begin() {
    stores = worker();
    reads = worker();
  }
  // Stored by one worker, read by both, after all have been stored.
  void all_come_back(const std::vector<Value>& values) {
    std::size_t number = 0;
    for (const Value& value : values) expect(stores.set("k" + std::to_string(number++), value), true);
    for (WorkerHandle worker : {reads, stores}) {
      number = 0;
      for (const Value& value : values) expect(worker.get("k" + std::to_string(number++), "nothing"), value);
    }
  }
  WorkerHandle stores, reads;
};

}  // namespace

CLAUSE_TEST(ExactValues, "ST-GET-01/text-lengths", "GU-VAL-01", "a text of any length comes back whole") {
  begin();
  std::vector<Value> texts;
  for (const std::size_t length : lengths_around({8, 16, 32, 64, 127, 256, 1024, 4096, 8192, 32768, 65536, 1 << 20}))
    texts.emplace_back(text_of_length(length));
  all_come_back(texts);
}

CLAUSE_TEST(ExactValues, "ST-GET-01/array-lengths", "GU-VAL-01", "an array of any length comes back whole") {
  begin();
  std::vector<Value> lists;
  for (const std::size_t length : lengths_around({8, 16, 127, 256, 1024, 4096}))
    lists.push_back(list_of_length(length));
  all_come_back(lists);
}

CLAUSE_TEST(ExactValues, "ST-GET-01/texts", "GU-VAL-01",
            "no byte of a text is changed, cut, trimmed or taken for another type") {
  begin();
  all_come_back({"a\0b"s,
                 "\0"s,
                 "\0\0"s,
                 "a\0"s,
                 "\xc3\xa9\0\xc3\xa9"s,
                 " a ",
                 "a ",
                 "\ta",
                 "a\n",
                 "\r\n",
                 "a\r\nb\r\n",
                 "a\nb",
                 "\r",
                 "0",
                 "00",
                 "-0",
                 "1",
                 "01",
                 "1.0",
                 "1e3",
                 "0x1A",
                 " 1",
                 "1 ",
                 "9223372036854775808",
                 "true",
                 "false",
                 "null",
                 "N;",
                 "i:1;",
                 "a:0:{}",
                 "[]",
                 "{}",
                 "\"a\"",
                 "\\",
                 "\\n",
                 "%s",
                 "\xff",
                 "\xfe\xff",
                 "\xef\xbb\xbf"
                 "a",
                 "\xed\xa0\x80",
                 "\xc3",
                 "e\xcc\x81",
                 "\xc3\xa9",
                 "A",
                 "a",
                 "\x7f",
                 "\x1b[0m"});
}

CLAUSE_TEST(ExactValues, "ST-GET-01/numbers", "GU-VAL-01", "no number loses a bit or its type") {
  begin();
  constexpr std::int64_t int_most = std::numeric_limits<std::int64_t>::max(),
                         int_least = std::numeric_limits<std::int64_t>::min();
  std::vector<Value> numbers = {0, -1, int_most, int_most - 1, int_least, int_least + 1};
  for (const int bits : {7, 8, 15, 16, 31, 32, 53, 62}) {
    const std::int64_t edge = std::int64_t{1} << bits;
    for (const std::int64_t near : {edge - 1, edge, edge + 1, -edge - 1, -edge, -edge + 1}) numbers.emplace_back(near);
  }
  for (const double number : {0.1 + 0.2,
                              1.0 / 3,
                              2.0 / 3,
                              0.1,
                              1.0,
                              -1.0,
                              100.0,
                              1e15,
                              1e16,
                              1e17,
                              9007199254740993.0,
                              4294967296.0,
                              9223372036854775808.0,
                              1e22,
                              1e23,
                              DBL_MAX,
                              -DBL_MAX,
                              DBL_MIN,
                              DBL_TRUE_MIN,
                              DBL_EPSILON,
                              1 + DBL_EPSILON,
                              4.35,
                              0.000001,
                              123456789.123456789,
                              -0.0})
    numbers.emplace_back(number);
  all_come_back(numbers);
}

CLAUSE_TEST(ExactValues, "ST-KEY-02/numbers", "GU-IDN-01", "keys that stand for one number are different keys") {
  begin();
  const std::vector<std::string> keys = {"1",
                                         "01",
                                         "001",
                                         "+1",
                                         "1.0",
                                         "1e0",
                                         " 1",
                                         "1 ",
                                         "0x1",
                                         "-1",
                                         "-01",
                                         "0",
                                         "-0",
                                         "00",
                                         "4294967297",
                                         "18446744073709551617",
                                         "9223372036854775807",
                                         "9223372036854775808"};
  for (std::size_t i = 0; i < keys.size(); ++i) expect(stores.set(keys[i], static_cast<std::int64_t>(i)), true);
  for (std::size_t i = 0; i < keys.size(); ++i) expect(reads.get(keys[i], "nothing"), static_cast<std::int64_t>(i));
  expect(stores.remove_key("01"), true);
  expect(reads.get("1", "nothing"), 0);
  expect(reads.get("01", "nothing"), "nothing");
}

CLAUSE_TEST(ExactValues, "ST-TTL-10/long-times", "ST-TTL-04",
            "a time to live of days, months or years is not taken for a date") {
  begin();
  needs("static_cache.ttl");
  constexpr std::int64_t day = 86'400;
  const std::vector<std::int64_t> times = {day, 30 * day, 30 * day + 10, 365 * day, 3650 * day};
  for (const std::int64_t time : times) expect(stores.set(std::to_string(time), time, time), true);
  std::int64_t passed = 0;
  for (std::size_t i = 0; i < times.size(); ++i) {
    advance_clock(seconds(times[i] - 1 - passed));
    expect(reads.get(std::to_string(times[i]), "gone"), times[i]);
    advance_clock(seconds(3));
    passed = times[i] + 2;
    expect(reads.get(std::to_string(times[i]), "gone"), "gone");
    for (std::size_t later = i + 1; later < times.size(); ++later) {
      if (times[later] > passed) expect(reads.get(std::to_string(times[later]), "gone"), times[later]);
    }
  }
}

CLAUSE_TEST(ExactValues, "ST-SET-15/clear-many", "ST-AVL-09",
            "a clear takes every entry, however many and of whatever kind") {
  begin();
  constexpr int count = 3'000;
  for (int begin = 0; begin < count; begin += 500) {
    Elements plain, numbers, short_lived;
    for (int i = begin; i < begin + 500; ++i) {
      plain.emplace_back("plain " + std::to_string(i), i);
      numbers.emplace_back("n" + std::to_string(i), text_of_length(static_cast<std::size_t>(i % 90)));
      short_lived.emplace_back("short " + std::to_string(i), list_of_length(static_cast<std::size_t>(i % 9)));
    }
    expect(stores.set_multiple(Value(plain)), true);
    expect(reads.set_multiple(Value(numbers)), true);
    expect(stores.set_multiple(Value(short_lived), 1000), true);
  }
  expect(reads.has_key("plain 2999"), true);
  expect(stores.clear_cache(), true);
  for (WorkerHandle worker : {reads, stores}) {
    for (int begin = 0; begin < count; begin += 500) {
      std::vector<Value> keys;
      Elements nothing;
      for (int i = begin; i < begin + 500; ++i) {
        for (const char* kind : {"plain ", "n", "short "}) {
          keys.emplace_back(kind + std::to_string(i));
          nothing.emplace_back(kind + std::to_string(i), "gone");
        }
      }
      expect(worker.get_multiple(keys, "gone"), Value(nothing));
    }
  }
}

// Defects that show in one operation of hundreds or thousands.
CLAUSE_TEST(ExactValues, "ST-GET-01/thousands-of-times", "ST-SET-01 GU-VAL-01 GU-VAL-03",
            "the two-thousandth store, fetch and deletion work like the first") {
  begin();
  expect(stores.set("kept", "still here"), true);
  for (int round = 0; round < 12; ++round) {
    auto request = round % 2 == 0 ? stores.request() : reads.request();
    for (int i = 0; i < 200; ++i) {
      const std::int64_t number = round * 200 + i;
      const std::string key = "k" + std::to_string(number % 7);
      expect(request.set(key, number), true);
      expect(request.get(key, "nothing"), number);
      expect(request.get("kept", "nothing"), "still here");
      if (number % 3 != 0) continue;
      expect(request.remove_key(key), true);
      expect(request.get(key, "nothing"), "nothing");
    }
  }
}
