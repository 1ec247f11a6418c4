// ST-ENC-06, ST-GET-01: objects of PHP's own classes as values. Random ones: random_objects.cpp.
#include "conformance/models/object_library.h"
#include "conformance/registry/registration.h"
#include "conformance/suite/static/scripted.h"

using namespace assay::conformance;

namespace {

// One worker stores `$value`, another fetches it and tells the shape of what it got.
struct InternalObjects : Scenario {
  explicit InternalObjects(const Description& target) : Scenario(target) {
    needs("static_cache.scripts");
    needs("static_cache.objects");
  }

 protected:
  void stored_and_fetched(const std::string& code, const Matcher& stored, const Matcher& shape) {
    write(object_library_path, object_library());
    write("@/store.php", object_script(code + store_and_tell("k")));
    write("@/fetch.php", object_script(fetch_and_tell("k")));
    auto [one, two] = workers<2>();
    auto store = one.request();
    store.has_key("-");
    expect(store.include("@/store.php"), at({2}, stored));
    auto fetch = two.request();
    fetch.has_key("-");
    const ReplyRef fetched = fetch.include("@/fetch.php");
    expect(fetched, at({2}, shape));
    expect(fetched, at({4}, shape));
  }
};

// A shape: class, content, own properties.
Value shape_of(const char* type, Value content, Value own = nullptr) {
  return Value::list({type, std::move(content), std::move(own)});
}
Value pairs_of(const std::vector<Value>& items) {
  std::vector<Value> pairs;
  for (const Value& item : items) pairs.push_back(Value::list({static_cast<std::int64_t>(pairs.size()), item}));
  return Value::list(std::move(pairs));
}

}  // namespace

CLAUSE_TEST(InternalObjects, "ST-GET-01/dates", "ST-ENC-06 ST-SET-01",
            "dates come back with their microseconds and zones, intervals with their signs and days") {
  const std::string code = R"(
$zone = new DateTimeZone('Europe/Paris');
$value = [new DateTime('2024-02-29 23:59:59.000001', $zone), new DateTimeImmutable('1969-12-31 23:59:59.5', new DateTimeZone('-03:30')),
          $zone, new DateInterval('P1Y2M3DT4H5M6S'), (new DateTime('2024-01-01'))->diff(new DateTime('2023-12-30 12:00:00'))];
)";
  stored_and_fetched(
      code, equals(true),
      equals(pairs_of({
          shape_of("DateTime", Value::list({"2024-02-29 23:59:59.000001", "Europe/Paris", 3600, 1'709'247'599})),
          shape_of("DateTimeImmutable", Value::list({"1969-12-31 23:59:59.500000", "-03:30", -12'600, 12'599})),
          shape_of("DateTimeZone", "Europe/Paris"),
          shape_of("DateInterval", Value::list({1, 2, 3, 4, 5, 6, 0.0, 0, false})),
          shape_of("DateInterval", Value::list({0, 0, 1, 12, 0, 0, 0.0, 1, 1})),
      })));
}

CLAUSE_TEST(InternalObjects, "ST-GET-01/periods", "ST-ENC-06 ST-SET-01",
            "a period comes back and gives the same dates") {
  stored_and_fetched("$value = new DatePeriod(new DateTimeImmutable('2024-02-28'), new DateInterval('P1D'), 2);\n",
                     equals(true),
                     all_of({at({0}, "DatePeriod"), at({1, 3}, "2024-02-28 00:00:00.000000"),
                             at({1, 4}, "2024-02-29 00:00:00.000000"), at({1, 5}, "2024-03-01 00:00:00.000000")}));
}

CLAUSE_TEST(InternalObjects, "ST-GET-01/collections", "ST-ENC-06 ST-SET-01",
            "collections come back with content, order and flags") {
  const std::string code = R"(
$value = [new ArrayObject(['a' => 1, 7 => [2]], ArrayObject::ARRAY_AS_PROPS), SplFixedArray::fromArray([1, null, 'x']),
          filled(new SplQueue, [1, 2]), filled(new SplStack, [1, 2])];
)";
  stored_and_fetched(
      code, equals(true),
      equals(pairs_of({
          shape_of("ArrayObject",
                   Value::list({2, Value::list({Value::list({"a", 1}), Value::list({7, pairs_of({2})})})})),
          shape_of("SplFixedArray", pairs_of({1, nullptr, "x"})),
          shape_of("SplQueue", Value::list({4, pairs_of({1, 2})})),
          shape_of("SplStack", Value::list({6, Value::list({Value::list({1, 2}), Value::list({0, 1})})})),
      })));
}

CLAUSE_TEST(InternalObjects, "ST-ISO-05/object-storage", "ST-ENC-06 ST-GET-01",
            "what an object storage knows of an object it knows when both come back") {
  stored_and_fetched(
      "$o = new stdClass;\n$value = [$o, filled(new SplObjectStorage, [new stdClass, $o])];\n", equals(true),
      equals(
          pairs_of({shape_of("stdClass", Value::list({})),
                    shape_of("SplObjectStorage", Value::list({Value::list({shape_of("stdClass", Value::list({})), 0}),
                                                              Value::list({"again 0", 1})}))})));
}

CLAUSE_TEST(InternalObjects, "ST-GET-01/subclasses", "ST-ENC-06 ST-SET-01",
            "subclasses of dates and collections come back with their own properties, private ones too") {
  const std::string code = R"(
$value = [(new OwnDate('@0'))->labelled('date'), filled((new OwnQueue)->labelled(['list']), [1]), (new OwnArray([2]))->labelled('array')];
)";
  const auto own = [](Value label) { return pairs_of({label, pairs_of({label})}); };
  stored_and_fetched(code, equals(true),
                     equals(pairs_of({
                         shape_of("OwnDate", Value::list({"1970-01-01 00:00:00.000000", "+00:00", 0, 0}), own("date")),
                         shape_of("OwnQueue", Value::list({4, pairs_of({1})}), own(pairs_of({"list"}))),
                         shape_of("OwnArray", Value::list({0, pairs_of({2})}), own("array")),
                     })));
}

// PHP's serializer knows nothing of what is in them (seen with 8.2).
CLAUSE_TEST(InternalObjects, "ST-GET-01/heaps", "ST-ENC-06 ST-SET-01",
            "a heap is refused, or comes back with its elements") {
  const Value whole = pairs_of({
      shape_of("SplMinHeap", Value::list({Value::list({1, 1}), Value::list({0, 2})})),
      shape_of("SplPriorityQueue", Value::list({Value::list({1, 2}), Value::list({0, 1})})),
  });
  stored_and_fetched("$value = [filled(new SplMinHeap, [2, 1]), filled(new SplPriorityQueue, [1, 2])];\n",
                     of_type("bool"), one_of({whole, "none"}));
}
