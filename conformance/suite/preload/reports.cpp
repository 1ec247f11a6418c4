// PL-STA: what the status report says of preloading.
#include "conformance/suite/preload/preloading.h"

using namespace assay::conformance;

namespace {

const Path statistics = {"preload_statistics"};

Path of_statistics(const std::string& member) {
  return {"preload_statistics", member};
}

}  // namespace

CLAUSE_TEST(Preloading, "PL-STA-01/members",
            "the report has the size, functions, classes and files of what is preloaded") {
  auto w = worker();
  write("@/a.php", php("class A {} function fa() {}"));
  write("@/b.php", php("interface B {} trait T {} enum E {}"));
  preload(compile("a.php") + require_file("b.php"));
  start();
  for (const bool scripts : {true, false})
    expect(w.status(scripts),
           all_of({at(statistics, has_keys({"memory_consumption", "functions", "classes", "scripts"})),
                   at(of_statistics("memory_consumption"), of_type("int")),
                   at(of_statistics("functions"), list_of({"fa"})), at(of_statistics("classes"), has_length(4)),
                   at(of_statistics("scripts"), list_of({"@/preload.php", "@/a.php", "@/b.php"}))}));
}

CLAUSE_TEST(Preloading, "PL-STA-01/empty", "the report of an empty preload script has its size and name alone") {
  auto w = worker();
  preload("");
  start();
  expect(w.status(), all_of({at(statistics, has_keys({"memory_consumption", "scripts"})),
                             at(of_statistics("scripts"), list_of({"@/preload.php"}))}));
}

CLAUSE_TEST(Preloading, "PL-STA-01/absent", "the report says nothing of preloading where there is none") {
  auto w = worker();
  expect(w.status(), lacks(statistics));
}

CLAUSE_TEST(Preloading, "PL-STA-02/unlinked", "PL-LNK-02",
            "a class that could not be linked is listed, and does not exist") {
  auto w = worker();
  write("@/a.php", php("class A extends None {} class B {}"));
  preload(compile("a.php"));
  start();
  expect(w.status(), at(of_statistics("classes"), any_of({list_of({"A", "B"}), list_of({"B", "A"})})));
  expect(evaluate(w, "[" + has_class("A") + ", " + has_class("B") + "]"), list_of({false, true}));
}

CLAUSE_TEST(Preloading, "PL-STA-02/conditional", "PL-LNK-06",
            "a class under a condition of a compiled file is listed, and does not exist") {
  needs_whole_language();
  auto w = worker();
  write("@/a.php", php("if (true) { class A {} }"));
  preload(compile("a.php"));
  start();
  expect(w.status(false), at(of_statistics("classes"), list_of({"A"})));
  expect(evaluate(w, has_class("A")), false);
}

CLAUSE_TEST(Preloading, "PL-STA-03/entries", "PL-STA-04",
            "preloaded files are entries that nobody has used, and one more stands for all of them") {
  auto w = worker();
  write("@/a.php", php("class A {} return 'a';"));
  write("@/b.php", php("class B {}"));
  preload(compile("a.php") + require_file("b.php"));
  start();
  auto first = w.status();
  expect(first, all_of({at({"scripts"}, has_length(4)), at(status_path::scripts, 4), at(status_path::keys, 4),
                        at(status_path::hits, 0), at(status_path::misses, 0)}));
  for (const char* name : {"@/preload.php", "@/a.php", "@/b.php", "$PRELOAD$"})
    expect(first, all_of({at({"scripts", name, "full_path"}, name), at({"scripts", name, "hits"}, 0),
                          at({"scripts", name, "last_used_timestamp"}, 0), at({"scripts", name, "timestamp"}, 0)}));
  expect(first, sums_up({{"scripts", "$PRELOAD$", "memory_consumption"}}, of_statistics("memory_consumption")));
}

CLAUSE_TEST(Preloading, "PL-STA-03/used", "using a preloaded file counts a hit and sets the time of its last use") {
  auto w = worker();
  write("@/a.php", php("class A {} return 'a';"));
  preload(compile("a.php"));
  start();
  auto before = w.status();
  advance_clock(std::chrono::seconds(5));
  expect(w.include("@/a.php"), "a");
  expect(w.include("@/a.php"), "a");
  expect(w.status(),
         all_of({at({"scripts", "@/a.php", "hits"}, 2), at({"scripts", "@/a.php", "last_used_timestamp"}, now()),
                 at({"scripts", "@/a.php", "timestamp"}, 0), grew(status_path::hits, 2, before),
                 grew(status_path::misses, 0, before)}));
}

CLAUSE_TEST(Preloading, "PL-STA-04/counters", "the preload run counts no hits and no misses") {
  auto w = worker();
  write("@/a.php", php("class A {}"));
  write("@/b.php", php("class B {}"));
  preload("include " + file("a.php") + "; include_once " + file("a.php") + "; " + compile("b.php"));
  start();
  expect(w.status(), all_of({at(status_path::hits, 0), at(status_path::misses, 0)}));
}
