// GU-SYS-02, GU-RES-01: directives that only the whole runtime can have, given to one pool.
#include "conformance/registry/registration.h"
#include "conformance/scenario/scenario.h"

using namespace assay::conformance;

namespace {

class OfOnePool : public Scenario {
 public:
  OfOnePool(const Description& target, std::string directive, std::string value)
      : Scenario(target), directive_(std::move(directive)), value_(std::move(value)) {
    needs("script_cache");
  }

 private:
  void steps() override {
    auto usual = worker();
    auto other = worker({{directive_, value_}});
    auto in_force = usual.configuration();
    expect(other.configuration(), same_as(in_force, {"directives", directive_}));
    other.status();  // whose parts of memory are looked at by a monitor
  }

  std::string directive_, value_;
};

TestCase of_one_pool(const std::string& slug, const std::string& name, const std::string& value) {
  return clause_test<OfOnePool>("GU-SYS-02/pool-" + slug, "GU-RES-01",
                                "a pool that sets opcache." + name + " reports the value in force",
                                with("opcache." + name, value));
}

[[maybe_unused]] const bool pool_directives_registered = register_tests({
    of_one_pool("memory", "memory_consumption", "8"),
    of_one_pool("strings", "interned_strings_buffer", "4"),
    of_one_pool("files", "max_accelerated_files", "500"),
    of_one_pool("waste", "max_wasted_percentage", "20"),
});

}  // namespace
