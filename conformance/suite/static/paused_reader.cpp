// A reader is held at each point of its way while another worker replaces what it is about to read and uses its room.
#include <fmt/format.h>

#include "conformance/exploration/campaign.h"
#include "conformance/exploration/paused_visits.h"
#include "conformance/registry/registration.h"

using namespace assay::conformance;

namespace {

Value large(const std::string& mark) {
  return Value::list(std::vector<Value>(100, Value(mark)));
}

class PausedReader final : public Scenario {
 public:
  PausedReader(const Description& target, std::string point, std::string effect)
      : Scenario(target), point_(std::move(point)), effect_(std::move(effect)) {}

 private:
  void steps() override {
    auto [reader, writer] = workers<2>();
    expect(writer.set("k", large("first")), true);
    act(ActionKind::arm, {{"point", point_}, {"effect", effect_}, {"worker", 0}});
    auto r = reader.background("reader");
    if (effect_ == "kill") r.ends("any");  // it completes where the point is not on its way
    expect(r.get("k", "missing"), one_of({large("first"), large("second"), large("third"), "missing"}));
    if (effect_ == "kill") return;
    wait_until_blocked(reader);
    expect(writer.set("k", large("second")), true);
    auto w = writer.request();
    expect(w.clear_cache(), true);
    for (int i = 0; i < 8; ++i) expect(w.set("fill" + std::to_string(i), large("filling")), true);
    expect(w.set("k", large("third")), true);
    act(ActionKind::unpause, {{"point", point_}});
    await("reader");
    expect(reader.get("fill7"), large("filling"));
  }

  std::string point_, effect_;
};

}  // namespace

BODY_TEST("concurrency", "GU-VAL-01/paused-reader", "ST-SET-03 ST-SET-17 GU-LIV-06",
          "a paused reader gets a whole value and holds up no writer",
          {"static_cache.volatile", "fault.kill", "workers.processes"}) {
  const auto with = [&](const char* effect) {
    return [&, effect](const PointVisit& at) {
      return PausedReader(context.target.description(), at.point, effect)
          .build(fmt::format("reader held at {}", at.point), {"GU-VAL-01", "ST-SET-03"});
    };
  };
  // A death shows first whether the point is on the way.
  PausedVisits visits({"static/fetch/lookup", "static/fetch/found", "static/fetch/copy", "static/fetch/end"}, 1,
                      with("kill"), with("pause"));
  return Campaign(context.target, context.folder).run(visits);
}
