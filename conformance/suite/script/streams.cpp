// SC-KEY-15, SC-KEY-16: includes by way of stream wrappers, PHP's own and those of scripts, and out of archives.
#include "conformance/suite/script/common.h"

using namespace assay::conformance;

namespace {

// What a script defines that wants to be the source of includes: each file of the wrapper is this text.
std::string wrapper(const std::string& text) {
  return "class Own { public $context; private $text = ''; private $at = 0; "
         "function stream_open($path, $mode, $options, &$opened) { $this->text = '<?php ' . \"return '" +
         text +
         "';\"; return true; } "
         "function stream_read($count) { $part = substr($this->text, $this->at, $count); $this->at += strlen($part); "
         "return $part; } function stream_eof() { return $this->at >= strlen($this->text); } "
         "function stream_stat() { return ['mtime' => 1000, 'size' => strlen($this->text), 'mode' => 0100644]; } "
         "function url_stat($path, $flags) { return $this->stream_stat(); } "
         "function stream_set_option($option, $one, $two) { return false; } function stream_close() {} } ";
}

class Streams : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  void begin() {
    user = worker();
    other = worker();
    write("@/a.php", returns("on disk"));
  }
  // With a script that replaces the wrapper of plain files, for itself, and includes a.php.
  void begin_with_wrapper() {
    begin();
    write("@/wrap.php",
          php(wrapper("private") +
              "stream_wrapper_unregister('file'); stream_wrapper_register('file', 'Own'); $value = include "
              "__DIR__ . '/a.php'; stream_wrapper_restore('file'); return $value;"));
  }
  // What an include of the name gives in a script of its own, what it adds to hits and misses, whether it is a key then.
  ReplyRef include(const std::string& name, const std::string& before = "") {
    const std::string page = "@/page" + std::to_string(++pages_) + ".php";
    write(page, php(before + "$count = fn() => opcache_get_status(false)['opcache_statistics']; $name = " + name +
                    "; $then = $count(); $value = include $name; $now = $count(); return [$value, $now['hits'] - "
                    "$then['hits'], $now['misses'] - $then['misses'], opcache_is_script_cached($name)];"));
    return user.include(page);
  }
  static Matcher gives(Value value, std::int64_t hit, std::int64_t miss, bool cached) {
    return all_of({at({0}, std::move(value)), at({1}, hit), at({2}, miss), at({3}, cached)});
  }
  static std::string beside(const std::string& scheme) { return "'" + scheme + "' . __DIR__ . '/a.php'"; }

  WorkerHandle user, other;

 private:
  int pages_ = 0;
};

// A name by a wrapper, included three times.
class Uncached final : public Streams {
 public:
  Uncached(const Description& target, std::string name, std::string before, Value value, std::int64_t misses)
      : Streams(target),
        name_(std::move(name)),
        before_(std::move(before)),
        value_(std::move(value)),
        misses_(misses) {}

 private:
  void steps() override {
    begin();
    ini("allow_url_include", "1");
    auto before = other.status();
    for (int times = 0; times < 3; ++times) expect(include(name_, before_), gives(value_, 0, misses_, false));
    // The three scripts that asked, and nothing else.
    expect(other.status(), all_of({grew(scripts, 3, before), grew(keys, 3, before)}));
  }

  std::string name_, before_;
  Value value_;
  std::int64_t misses_;
};

TestCase not_stored(const std::string& id, const std::string& title, const std::string& name, const std::string& before,
                    const char* value, std::int64_t misses) {
  return clause_test<Uncached>(id, title, with(name, before, Value(value), misses));
}

[[maybe_unused]] const bool streams_registered = register_tests({
    not_stored("SC-KEY-15/own-wrapper", "an include through a script's own wrapper is neither stored nor counted",
               "'own://x.php'", wrapper("own") + "stream_wrapper_register('own', 'Own'); ", "own", 0),
    not_stored("SC-KEY-15/filter", "an include through a filter is neither stored nor counted",
               "'php://filter/read=string.toupper|string.tolower/resource=' . __DIR__ . '/a.php'", "", "on disk", 0),
    not_stored("SC-KEY-15/compression", "an include through the compression wrapper is neither stored nor counted",
               "'compress.zlib://' . __DIR__ . '/a.php'", "", "on disk", 0),
    not_stored("SC-KEY-15/upper-case", "the file scheme in upper case is no key", "'FILE://' . __DIR__ . '/a.php'", "",
               "on disk", 0),
    not_stored("SC-KEY-15/data", "a data URI with slashes is neither stored nor counted",
               "\"data://text/plain,<?php return 'data';\"", "", "data", 0),
    not_stored("SC-KEY-15/data-without-slashes", "a data URI without slashes counts a miss on each use",
               "\"data:text/plain,<?php return 'data';\"", "", "data", 1),
});

}  // namespace

CLAUSE_TEST(Streams, "SC-KEY-15/data-not-validated", "SC-VAL-09",
            "a data URI without slashes is stored where files are not validated") {
  begin();
  ini("allow_url_include", "1");
  ini("opcache.validate_timestamps", "0");
  ini("opcache.file_update_protection", "0");
  const std::string name = "\"data:text/plain,<?php return 'data';\"";
  expect(include(name), gives("data", 0, 1, true));
  expect(include(name), gives("data", 1, 0, true));
}

CLAUSE_TEST(Streams, "SC-KEY-15/file-scheme", "SC-KEY-02", "the file scheme is a spelling of the plain path") {
  begin();
  expect(include(beside("file://")), gives("on disk", 0, 1, true));
  expect(include(beside("file://")), gives("on disk", 1, 0, true));
  expect(include(beside("")), gives("on disk", 1, 0, true));
  expect(other.status(), has({"scripts", "@/a.php"}));
}

CLAUSE_TEST(Streams, "SC-KEY-15/revalidated-paths", "SC-KEY-07",
            "an include through a wrapper is not looked up where paths are revalidated") {
  begin();
  ini("opcache.revalidate_path", "1");
  const std::string own = wrapper("own") + "stream_wrapper_register('own', 'Own'); ";
  for (int times = 0; times < 2; ++times) {
    expect(include("'own://x.php'", own), gives("own", 0, 0, false));
    expect(include(beside("FILE://")), gives("on disk", 0, 0, false));
  }
}

CLAUSE_TEST(Streams, "SC-KEY-15/replaced-file-wrapper", "GU-IDN-01 GU-VAL-05",
            "what a request reads by its own wrapper of plain files is not served to others") {
  begin_with_wrapper();
  expect(user.include("@/wrap.php"), "private");
  expect(other.include("@/a.php"), "on disk");
  expect(user.include("@/a.php"), "on disk");
}

CLAUSE_TEST(Streams, "SC-KEY-15/replaced-wrapper-on-hit", "GU-VAL-07",
            "a request's own wrapper of plain files is asked also for what is cached") {
  begin_with_wrapper();
  expect(other.include("@/a.php"), "on disk");
  expect(user.include("@/wrap.php"), "private");
  expect(other.include("@/a.php"), "on disk");
}

namespace {

// An archive beside the scripts. PHP gives its member no time: the script that makes it writes one into the list at the
// archive's beginning, and signs it again.
class Archive : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  static constexpr const char* kMember = "phar://@/lib.phar/a.php";

  void begin(const char* validate) {
    needs("script_cache.archives");
    ini("phar.readonly", "0");
    ini("opcache.validate_timestamps", validate);
    ini("opcache.revalidate_freq", "0");
    ini("opcache.file_update_protection", "0");  // for which a time is needed as well
    maker = worker();
    one = worker();
    two = worker();
  }
  void make(const std::string& version, std::int64_t time_of_member) {
    const std::string page = "@/make-" + version + ".php";
    write(page,
          php("$file = __DIR__ . '/lib.phar'; @unlink($file); $archive = new Phar($file); $archive['a.php'] = '<?php "
              "return \"" +
              version +
              "\";'; $archive->setStub('<?php echo \"stub\"; __HALT_COMPILER();'); "
              "$archive->setSignatureAlgorithm(Phar::SHA1); unset($archive); $all = file_get_contents($file); $body = "
              "substr($all, 0, -28); $at = strpos($body, 'a.php', strpos($body, '__HALT_COMPILER')) + 9; $body = "
              "substr_replace($body, pack('V', " +
              std::to_string(time_of_member) +
              "), $at, 4); "
              "file_put_contents($file, $body . sha1($body, true) . substr($all, -8)); return touch($file, time() - "
              "1000);"));
    expect(maker.include(page), true);
  }
  void use(WorkerHandle worker, const std::string& version, bool cached) {
    expect(worker.include(kMember), version);
    expect(worker.is_cached(kMember), cached);
  }

  WorkerHandle maker, one, two;
};

}  // namespace

CLAUSE_TEST(Archive, "SC-KEY-16/member", "a member of an archive is stored under its full path") {
  begin("1");
  make("first", 1'700'000'000);
  auto before = two.status();
  for (WorkerHandle worker : {one, two}) use(worker, "first", true);
  expect(two.status(), all_of({has({"scripts", kMember}), grew(hits, 1, before), grew(misses, 1, before)}));
}

CLAUSE_TEST(Archive, "SC-KEY-16/replaced", "GU-IDN-03", "a member of an archive that was replaced is compiled again") {
  begin("1");
  make("first", 1'700'000'000);
  for (WorkerHandle worker : {one, two}) use(worker, "first", true);
  make("second", 1'700'000'001);
  for (WorkerHandle worker : {two, one}) use(worker, "second", true);
}

CLAUSE_TEST(Archive, "SC-KEY-16/without-time", "SC-VAL-09",
            "a member without a time is not stored where files are validated") {
  begin("1");
  make("first", 0);
  for (WorkerHandle worker : {one, two, one}) use(worker, "first", false);
  make("second", 0);
  for (WorkerHandle worker : {two, one}) use(worker, "second", false);
}

CLAUSE_TEST(Archive, "SC-KEY-16/not-validated", "SC-VAL-01 SC-VAL-09",
            "a member without a time is stored where files are not validated") {
  begin("0");
  make("first", 0);
  for (WorkerHandle worker : {one, two}) use(worker, "first", true);
  make("second", 0);
  for (WorkerHandle worker : {two, one}) use(worker, "first", true);
}

CLAUSE_TEST(Archive, "SC-KEY-16/itself", "SC-KEY-01", "an archive that is run is stored under its own path") {
  begin("1");
  make("first", 1'700'000'000);
  auto before = two.status();
  for (WorkerHandle worker : {one, two}) expect(worker.include("@/lib.phar"), 1);
  expect(two.is_cached("@/lib.phar"), true);
  expect(two.status(), all_of({has({"scripts", "@/lib.phar"}), grew(hits, 1, before), grew(misses, 1, before)}));
}
