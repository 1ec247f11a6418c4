#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "reference/server/worker.h"

// Objects of classes of PHP's own in the static cache, as scripts store and fetch them: what one worker stored is what
// another one has, and can be changed there.
namespace assay::reference {
namespace {

constexpr std::string_view kClasses = R"php(<?php
class Stamped extends DateTimeImmutable { public $own = 1; private $secret = 's'; public function secret() { return $this->secret; } }
class Tagged extends ArrayObject { public $own = 1; protected $kept = ['k']; public function kept() { return $this->kept; } }
class Jobs extends SplQueue { public $own = 'jobs'; }
class Registry extends SplObjectStorage { public $own = 'registry'; }
class Sized extends SplFixedArray { public $own = 'sized'; }
class Reversed extends SplPriorityQueue { public $own = 'reversed'; public function compare($one, $other): int { return $other <=> $one; } }
class Named { public function __construct(public $name) {} }
class Hooked extends DateTime {
  public $own = 1;
  public function __serialize(): array { return ['text' => $this->format('c')]; }
  public function __unserialize(array $state): void { parent::__construct($state['text']); $this->own = 'hooked'; }
}
class HookedList extends ArrayObject {
  public function __serialize(): array { return ['copy' => $this->getArrayCopy()]; }
  public function __unserialize(array $state): void { $this->exchangeArray($state['copy']); }
}
)php";

class StoredObjectsTest : public testing::Test {
 protected:
  StoredObjectsTest() {
    std::filesystem::create_directories(folder_);
    server_ = *Server::start({{"opcache.enable_cli", "1"}, {"opcache.static_cache.volatile_size_mb", "8"}},
                             {.lock_directory = folder_});
    first_.emplace(*server_, server_->settings(), SystemFileSystem::WorkingDirectoryOwner::object, 1);
    second_.emplace(*server_, server_->settings(), SystemFileSystem::WorkingDirectoryOwner::object, 2);
  }
  ~StoredObjectsTest() override { std::filesystem::remove_all(folder_); }

  // What the code prints, with the classes above.
  std::string run(Worker& worker, const std::string& code) {
    const std::string path = folder_ + "/script" + std::to_string(++scripts_) + ".php";
    std::ofstream(path) << kClasses << code;
    worker.begin_request(folder_);
    const auto result = worker.include(php::IncludeKind::include, path);
    std::string output = worker.request().output;
    if (result.error) output += result.error->class_name + ": " + result.error->message;
    worker.end_request();
    return output;
  }
  void store(const std::string& expression) {
    ASSERT_EQ(
        run(*first_, "use OPcache\\VolatileCache; echo VolatileCache::set('k', " + expression + ") ? 'ok' : 'no';"),
        "ok")
        << expression;
  }
  // By another worker, with the value in $v.
  std::string fetched(const std::string& code) {
    // Objects of its own come first, so that ids are others.
    return run(*second_,
               "use OPcache\\VolatileCache; $others = [new Named(1), new Named(2), new Named(3)];"
               "$v = VolatileCache::get('k'); " +
                   code);
  }
  std::string type() { return fetched("echo VolatileCache::getCacheStoreType('k')->name;"); }
  void expect(const std::string& expression, const std::string& code, const std::string& output) {
    store(expression);
    EXPECT_EQ(fetched(code), output) << expression;
    EXPECT_EQ(type(), "OPcacheSerialized") << expression;
    store("['deep' => [1, " + expression + "]]");
    EXPECT_EQ(fetched("$v = $v['deep'][1]; " + code), output) << expression;
    EXPECT_EQ(type(), "OPcacheSerialized") << expression;
  }

  std::string folder_ = testing::TempDir() + "/assay-stored-" + std::to_string(::getpid());
  std::unique_ptr<Server> server_;
  std::optional<Worker> first_;
  std::optional<Worker> second_;
  int scripts_ = 0;
};

TEST_F(StoredObjectsTest, Dates) {  // ST-ENC-06
  expect("new DateTime('2024-01-31 10:20:30.5', new DateTimeZone('Europe/Paris'))",
         "echo $v->format('c u e '); $v->modify('+1 day'); echo $v->format('c'), $v > new DateTime('2024-01-31');",
         "2024-01-31T10:20:30+01:00 500000 Europe/Paris 2024-02-01T10:20:30+01:001");
  expect("new DateTimeImmutable('@5')", "echo get_class($v), $v->add(new DateInterval('PT5S'))->getTimestamp();",
         "DateTimeImmutable10");
  expect("new DateTimeZone('Asia/Tokyo')",
         "echo $v->getName(), (new DateTime('@0', $v))->setTimezone($v)->format('c');",
         "Asia/Tokyo1970-01-01T09:00:00+09:00");
  expect("(new DateTime('2024-01-01'))->diff(new DateTime('2024-03-01'))", "echo $v->days, $v->format('%m %d');",
         "602 0");
  expect("new DatePeriod(new DateTime('2024-01-01'), new DateInterval('P1D'), 2)",
         "foreach ($v as $k => $d) echo $k, $d->format('md '); echo $v->recurrences;", "00101 10102 20103 3");
  expect("(new Stamped('2024-01-01'))->modify('+1 day')",
         "$v->own++; echo get_class($v), $v->own, $v->secret(), $v->format('Y-m-d');", "Stamped2s2024-01-02");
  expect("new Hooked('2024-01-01')", "echo $v->own, $v->format('Y-m-d');", "hooked2024-01-01");
}

TEST_F(StoredObjectsTest, Collections) {  // ST-ENC-06
  expect("new ArrayObject(['a' => 1, 'l' => [1]], 1)",
         "$v['l'][] = 2; $v[] = 3; echo json_encode($v->getArrayCopy()), count($v), $v->getFlags();",
         R"({"a":1,"l":[1,2],"0":3}31)");
  expect("new ArrayIterator(['a' => 1, 'b' => 2])", "foreach ($v as $k => $e) echo $k, $e;", "a1b2");
  expect("new RecursiveArrayIterator([1, [2]])", "foreach ($v as $k => $e) echo $k, $v->hasChildren() ? 'y' : 'n';",
         "0n1y");
  expect("SplFixedArray::fromArray([1, 2])", "$v[1] = 'x'; echo json_encode($v->toArray()), $v->getSize();",
         "[1,\"x\"]2");
  expect("(function () { $l = new SplDoublyLinkedList; $l[] = 1; $l[] = 2; $l->pop(); $l[] = 3; return $l; })()",
         "$v->unshift(0); foreach ($v as $k => $e) echo $k, $e, ' ';", "00 11 23 ");
  expect("(function () { $s = new SplStack; $s[] = 1; $s[] = 2; return $s; })()",
         "echo $v->pop(), $v->top(), count($v);", "211");
  expect("(function () { $j = new Jobs; $j[] = 1; $j[] = 2; $j->own = 'mine'; return $j; })()",
         "$v->enqueue(3); echo $v->dequeue(), count($v), $v->own;", "12mine");
  expect("(function () { $h = new SplMinHeap; foreach ([3, 1, 2] as $e) $h->insert($e); $h->extract(); return $h; })()",
         "$v->insert(0); foreach ($v as $e) echo $e;", "023");
  expect("(function () { $h = new Reversed; $h->insert('a', 2); $h->insert('b', 1); return $h; })()",
         "$v->insert('c', 0); foreach ($v as $e) echo $e; echo $v->own;", "cbareversed");
  expect("(function () { $t = new Tagged(['x' => 1]); $t->own = 2; return $t; })()",
         "$v['y'] = 2; echo json_encode([$v->getArrayCopy(), $v->own, $v->kept()]);", R"([{"x":1,"y":2},2,["k"]])");
  expect("new Sized(3)", "$v[2] = 'last'; echo count($v), $v[2], $v->own;", "3lastsized");
}

TEST_F(StoredObjectsTest, AStorageFindsItsObjectsAgain) {
  const std::string storage =
      "(function () { $s = new Registry; $a = new Named('a'); $b = new Named('b'); $s[$a] = 'info a'; $s[new "
      "Named('gone')] = 1;"
      "$s[$b] = [$a]; foreach ($s as $o) { if ($o->name === 'gone') $gone = $o; } $s->detach($gone); return $s; })()";
  expect(storage,
         "foreach ($v as $i => $o) { $all[] = $o; echo $i, $o->name, isset($v[$o]) ? 'y' : 'n'; }"
         "echo $v[$all[0]], $v[$all[1]][0] === $all[0] ? 'same' : 'other', isset($v[$others[0]]) ? 'y' : 'n';"
         "$v[$others[0]] = 1; unset($v[$all[0]]); echo count($v), $v->own;",
         "0ay1byinfo asamen2registry");
  store("(function () { $s = new Registry; $n = new Named('n'); $s[$n] = 1; return [$s, $n]; })()");
  EXPECT_EQ(fetched("[$s, $n] = $v; echo $s[$n], count($s);"), "11");
}

TEST_F(StoredObjectsTest, NowIsTheTimeOfTheWorker) {
  const std::int64_t before = wall_clock_seconds();
  const std::int64_t said = std::stoll(run(*first_, "echo (new DateTime)->getTimestamp();"));
  EXPECT_LE(before, said);
  EXPECT_LE(said, wall_clock_seconds());
}

TEST_F(StoredObjectsTest, HooksOfACollectionAreCalled) {
  store("new HookedList([1, 2])");
  EXPECT_EQ(fetched("$v[] = 3; echo json_encode($v->getArrayCopy());"), "[1,2,3]");
  EXPECT_EQ(type(), "PHPSerialized");
  store("new Named(1)");
  EXPECT_EQ(type(), "SharedGraph");
}

}  // namespace
}  // namespace assay::reference
