// A store is held at each point of its way while it moves other entries, and others read these (ST-FUL-02).
#include <fmt/format.h>

#include "conformance/exploration/campaign.h"
#include "conformance/exploration/paused_visits.h"
#include "conformance/models/volatile_model.h"
#include "conformance/registry/registration.h"
#include "conformance/suite/guarantees/fragmented.h"

namespace {

using namespace assay::conformance;
using namespace assay::conformance::fragmented;

class PausedCompaction final : public Scenario {
 public:
  PausedCompaction(const Description& target, PointVisit at, std::string effect)
      : Scenario(target), at_(std::move(at)), effect_(std::move(effect)) {}

 private:
  void steps() override {
    ini("opcache.static_cache.volatile_size_mb", "8");
    auto [writer, reader] = workers<2>();
    fill(writer, [this](ReplyRef reply, Matcher matcher) { expect(reply, std::move(matcher)); });
    act(ActionKind::arm, {{"point", at_.point},
                          {"effect", effect_},
                          {"occurrence", static_cast<std::int64_t>(at_.visit)},
                          {"worker", writer.number()}});
    auto w = writer.background("writer");
    if (effect_ == "kill") w.ends("any");  // it completes where the point is not on its way
    expect(w.set("new", new_value('n')), of_type("bool"));
    if (effect_ == "kill") return;
    wait_until_blocked(writer);
    // Nothing that is read has to wait for it.
    auto r = reader.request();
    r.within(std::chrono::seconds(1));
    for (int i = 0; i < kKept; ++i) {
      expect(r.get(kept(i), "absent"), kept_value(i));
      expect(r.has_key(kept(i)), true);
    }
    expect(r.get_multiple({kept(0), kept(1), kept(2)}),
           Value::map({{kept(0), kept_value(0)}, {kept(1), kept_value(1)}, {kept(2), kept_value(2)}}));
    expect(r.get(kFiller, "absent"), has_length(kFillerLength));
    act(ActionKind::unpause, {{"point", at_.point}});
    await("writer");
    for (int i = 0; i < kKept; ++i) expect(reader.get(kept(i), "absent"), kept_value(i));
  }

  PointVisit at_;
  std::string effect_;
};

}  // namespace

BODY_TEST("concurrency", "GU-LIV-06/paused-compaction", "ST-FUL-02 GU-VAL-01",
          "entries are read while a store that moves them is paused",
          {"static_cache.volatile", "fault.kill", "workers.processes"}) {
  if (!cache_rules(context.target.description()).compacts)
    return test_result(Verdict::skip, "it declares compaction=no: nothing is moved");
  const auto with = [&](const char* effect) {
    return [&, effect](const PointVisit& at) {
      return PausedCompaction(context.target.description(), at, effect)
          .build(fmt::format("store held at {}, {}", at.point, at.visit), {"GU-LIV-06", "ST-FUL-02"});
    };
  };
  PausedVisits visits({"static/compact/begin", "static/compact/move", "static/compact/publish", "static/store/publish"},
                      context.profile == Profile::quick ? 1 : 20, with("kill"), with("pause"));
  return Campaign(context.target, context.folder).run(visits);
}
