// Every schedule of a store that moves other entries, and of whoever uses these meanwhile.
#include <fmt/format.h>

#include "conformance/models/volatile_model.h"
#include "conformance/suite/guarantees/every_schedule.h"
#include "conformance/suite/guarantees/fragmented.h"

namespace {

using namespace assay::conformance;
using namespace assay::conformance::fragmented;

// What B does while A moves the entries.
enum class Beside { get, get_list, has, overwrite, remove, store };

const char* name_of(Beside role) {
  constexpr const char* names[] = {"get", "get-list", "has", "overwrite", "remove", "store"};
  return names[static_cast<std::size_t>(role)];
}

class CompactionPair final : public Pair {
 public:
  CompactionPair(const Description& target, Beside role) : Pair(target), role_(role) {}

 private:
  void prepare() override {
    ini("opcache.static_cache.volatile_size_mb", "8");
    ini("opcache.memory_consumption", "16");
    fill(worker(0), [this](ReplyRef reply, Matcher matcher) { expect(reply, std::move(matcher)); });
    expect(worker(1).get(kept(0)), kept_value(0));
  }

  void work(int number, RequestBuilder& request) override {
    if (number == 0) return void(request.set("new", new_value('n')));
    switch (role_) {
      case Beside::get:
        return void(expect(request.get(kept(1), "absent"), kept_value(1)));
      case Beside::get_list: {
        Elements all;
        for (int i = 0; i < kKept; ++i) all.emplace_back(kept(i), kept_value(i));
        return void(expect(request.get_multiple({kept(0), kept(1), kept(2)}), Value(std::move(all))));
      }
      case Beside::has:
        return void(expect(request.has_key(kept(1)), true));
      case Beside::overwrite:
        return void(request.set(kept(1), kept_value(2)));
      case Beside::remove:
        return void(expect(request.remove_key(kept(1)), true));
      case Beside::store:
        return void(request.set("another", new_value('m')));
    }
  }

  void verify() override {
    about("ST-FUL-02");
    for (const int number : {0, 1}) {
      auto request = worker(number).request();
      request.within(std::chrono::seconds(1));
      for (const int i : {0, 2}) expect(request.get(kept(i), "absent"), kept_value(i));
      expect(request.get(kept(1), "absent"), after(role_));
      expect(request.get("new", "absent"), one_of({new_value('n'), "absent"}));
      expect(request.get("another", "absent"), one_of({new_value('m'), "absent"}));
      expect(request.get(kFiller, "absent"), has_length(kFillerLength));
    }
    // No memory is lost: what the two stored is given back, and there is room for it again.
    about("GU-RES-01");
    for (const char* key : {"new", "another"}) expect(worker(0).remove_key(key), true);
    expect(worker(1).set("later", new_value('l')), true);
  }

  static Matcher after(Beside role) {
    if (role == Beside::remove) return equals("absent");
    return role == Beside::overwrite ? one_of({kept_value(1), kept_value(2)}) : equals(kept_value(1));
  }

  Beside role_;
};

[[maybe_unused]] const bool compaction_pairs_registered = [] {
  for (const Beside role :
       {Beside::get, Beside::get_list, Beside::has, Beside::overwrite, Beside::remove, Beside::store}) {
    TestCase test = describe_test("schedule", fmt::format("GU-VAL-04/pair-compact-{}", name_of(role)),
                                  "GU-VAL-02 GU-RES-01 ST-FUL-02",
                                  fmt::format("schedules of a store that moves other entries and {}", name_of(role)));
    test.needs = {"fault", "static_cache.volatile", "workers.processes"};
    test.profile = role == Beside::get ? Profile::quick : Profile::standard;
    test.seconds_limit = 600;
    test.body = [role, id = test.id, ids = test.clauses](TestContext& context) {
      if (!cache_rules(context.target.description()).compacts)
        return test_result(Verdict::skip, "it declares compaction=no: nothing is moved");
      CompactionPair pair(context.target.description(), role);
      return every_schedule(context, pair, id, ids);
    };
    register_test(std::move(test));
  }
  return true;
}();

}  // namespace
