// SC-SEG: where the shared memory comes from. A script sees it in the list of its process's mappings.
#include "conformance/suite/script/common.h"

using namespace assay::conformance;

namespace {

constexpr const char* kMmap = "rw-s .* /dev/zero \\(deleted\\)";
constexpr const char* kSystemV = "rw-s .* /SYSV[0-9a-f]+ \\(deleted\\)";
constexpr const char* kPosix = "rw-s .* /dev/shm/[^ \n]+ \\(deleted\\)";

// A runtime that is asked for a model uses it, and works.
class MemoryModel final : public Scenario {
 public:
  MemoryModel(const Description& target, const char* preferred, const char* mapping, const char* other)
      : Scenario(target), preferred_(preferred), mapping_(mapping), other_(other) {}

 private:
  void steps() override {
    ini("opcache.preferred_memory_model", preferred_);
    auto [one, two] = workers<2>();
    write("@/a.php", returns("a"));
    expect(one.read_file("/proc/self/maps"), all_of({matches(mapping_), negated(matches(other_))}));
    expect(one.configuration(), at({"directives", "opcache.preferred_memory_model"}, preferred_));
    expect(one.include("@/a.php"), "a");
    expect(two.is_cached("@/a.php"), true);
    auto before = two.status();
    expect(two.include("@/a.php"), "a");
    expect(two.status(), grew(hits, 1, before));
    expect(one.reset(), true);
    expect(two.include("@/a.php"), "a");
    expect(one.status(), at(manual, 1));
  }

  const char *preferred_, *mapping_, *other_;
};

// The mappings of a model, in megabytes, the smallest first; what is smaller than one is not the cache's.
class MemoryShape final : public Scenario {
 public:
  MemoryShape(const Description& target, const char* model, const char* name, std::vector<Value> sizes)
      : Scenario(target), model_(model), name_(name), sizes_(std::move(sizes)) {}

 private:
  void steps() override {
    ini("opcache.preferred_memory_model", model_);
    ini("opcache.memory_consumption", "100");
    for (const char* other : {"volatile", "pinned"})
      ini("opcache.static_cache." + std::string(other) + "_size_mb", "0");
    auto w = worker();
    write("@/shape.php",
          php("$sizes = []; foreach (explode(\"\\n\", file_get_contents('/proc/self/maps')) as $line) { if "
              "(!str_contains($line, 'rw-s') || !str_contains($line, '" +
              std::string(name_) +
              "')) continue; [$range] = explode(' ', $line); [$from, $to] = explode('-', $range); $sizes[] = "
              "(hexdec($to) - hexdec($from)) >> 20; } sort($sizes); return array_values(array_filter($sizes));"));
    expect(w.include("@/shape.php"), equals(Value::list(sizes_)));
  }

  const char *model_, *name_;
  std::vector<Value> sizes_;
};

// A script whose block is larger than any piece of System V memory, and smaller than all of them.
class LargeScript final : public Scenario {
 public:
  LargeScript(const Description& target, const char* model, bool is_stored)
      : Scenario(target), model_(model), is_stored_(is_stored) {}

 private:
  void steps() override {
    ini("opcache.preferred_memory_model", model_);
    ini("opcache.memory_consumption", "128");
    ini("opcache.file_update_protection", "0");
    ini("memory_limit", "-1");
    auto w = worker();
    write("@/make.php", php("return file_put_contents(__DIR__ . '/large.php', \"<?php return '\" . str_repeat('x', "
                            "36800000) . \"';\");"));
    write("@/measure.php", php("return strlen(include __DIR__ . '/large.php');"));
    write("@/small.php", returns("small"));
    expect(w.include("@/make.php"), 36800016);
    expect(w.include("@/measure.php"), 36800000);
    expect(w.is_cached("@/large.php"), is_stored_);
    expect(w.status(), all_of({at(status_path::full, false), at(wasted, 0)}));
    expect(w.include("@/small.php"), "small");
    expect(w.is_cached("@/small.php"), true);
  }

  const char* model_;
  bool is_stored_;
};

[[maybe_unused]] const bool memory_models_registered = register_tests({
    clause_test<MemoryShape>("SC-SEG-05/mmap", "memory of the model mmap is one piece",
                             with("mmap", "/dev/zero", std::vector<Value>{100})),
    clause_test<MemoryShape>("SC-SEG-11/pieces", "memory of the model shm has pieces of 32 megabytes at most",
                             with("shm", "/SYSV", std::vector<Value>{4, 32, 32, 32})),
    clause_test<MemoryShape>("SC-SEG-05/posix", "memory of the model posix is one piece",
                             with("posix", "/dev/shm/", std::vector<Value>{100})),
    clause_test<LargeScript>("SC-SEG-06/shm", "a script larger than a piece of System V memory is not stored",
                             with("shm", false)),
    clause_test<LargeScript>("SC-SEG-06/mmap", "the same script is stored in one piece of memory", with("mmap", true)),
    clause_test<MemoryModel>("SC-SEG-02/empty", "without a preference the memory is mapped anonymously",
                             with("", kMmap, kPosix)),
    clause_test<MemoryModel>("SC-SEG-03/mmap", "preferred memory model mmap is used", with("mmap", kMmap, kPosix)),
    clause_test<MemoryModel>("SC-SEG-03/shm", "preferred memory model shm is used", with("shm", kSystemV, kPosix)),
    clause_test<MemoryModel>("SC-SEG-03/cgi", "preferred memory model cgi stands for shm",
                             with("cgi", kSystemV, kPosix)),
    clause_test<MemoryModel>("SC-SEG-03/posix", "preferred memory model posix is used",
                             with("posix", kPosix, kSystemV)),
    clause_test<MemoryModel>("SC-SEG-03/unknown", "an unknown memory model is ignored", with("bogus", kMmap, kPosix)),
});

}  // namespace
