// The same seed gives the same histories with every compiler: a number for those of each generator. A change of a generator
// changes its number; no other change may.
#include <gmock/gmock.h>
#include <cstdint>

#include "conformance/generators/object_traces.h"
#include "conformance/generators/preload_traces.h"
#include "conformance/generators/statics_traces.h"
#include "conformance/generators/trace_generators.h"
#include "conformance/generators/value_traces.h"

namespace assay::conformance {
namespace {

using testing::Eq;

// FNV-1a of the traces of the first seeds.
template <class Generator>
std::uint64_t number_of(Generator generator) {
  std::uint64_t number = 0xcbf29ce484222325;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    for (const char letter : to_json_lines(generator(seed))) {
      number ^= static_cast<unsigned char>(letter);
      number *= 0x100000001b3;
    }
  }
  return number;
}

ScriptTraceOptions all_dimensions() {
  ScriptTraceOptions options;
  options.served = options.questions = options.excluded = options.readers = options.full_table = options.users =
      options.filed = true;
  return options;
}

TEST(SameEverywhere, HistoriesOfTheStaticCache) {
  EXPECT_THAT(number_of([](auto seed) { return random_cache_trace(seed, {}); }), Eq(2589318150110351547U));
  EXPECT_THAT(number_of([](auto seed) { return random_reservation_trace(seed, {}); }), Eq(2283998395715682378U));
  EXPECT_THAT(number_of([](auto seed) { return random_value_trace(seed, {}); }), Eq(15347148774213851177U));
  EXPECT_THAT(number_of([](auto seed) { return random_statics_trace(seed, {}); }), Eq(12851617403557497527U));
  EXPECT_THAT(number_of([](auto seed) { return random_object_trace(seed, {}); }), Eq(7955975335697729806U));
}

TEST(SameEverywhere, HistoriesOfScripts) {
  EXPECT_THAT(number_of([](auto seed) { return random_script_trace(seed, {}); }), Eq(14130904895290467428U));
  EXPECT_THAT(number_of([](auto seed) { return random_script_trace(seed, all_dimensions()); }),
              Eq(15448581772512298995U));
  EXPECT_THAT(number_of([](auto seed) { return random_program_trace(seed, {}); }), Eq(16549885879195407267U));
  EXPECT_THAT(number_of([](auto seed) { return random_preload_trace(seed, {}); }), Eq(16641384103179265091U));
}

TEST(SameEverywhere, HistoriesOfPaths) {
  EXPECT_THAT(number_of([](auto seed) { return random_realpath_trace(seed, {}); }), Eq(5878142763402138267U));
}

}  // namespace
}  // namespace assay::conformance
