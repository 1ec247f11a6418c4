#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "reference/php/compiler/arena.h"
#include "reference/script_cache/script_cache_client.h"

namespace assay::reference {

// A file system of one test: resolved paths with time and content, and links from spellings to them.
struct FakeFiles {
  struct File {
    std::int64_t modification_time = 0;
    std::string content;
  };
  std::map<std::string, File> files;
  std::map<std::string, std::string> links;
  std::map<std::string, bool> excluded;
  std::map<std::string, bool> unreadable;

  void write(const std::string& path, const std::string& content, std::int64_t time) { files[path] = {time, content}; }
};

// A script whose graph is one literal: what its file said. The number makes the literal no string, so that it is not
// interned and large contents take room in the script's block. A content that begins with "text:" is also a string of
// it.
class FakeScript {
 public:
  explicit FakeScript(const std::string& content) : items_(content) {
    array_.elements.items = arena_.copy(elements());
    array_.elements.count = items_.size() / 8 + 1;
    constant_.kind = php::ConstantKind::array;
    constant_.array = &array_;
    body_.constant = &constant_;
    script_.body = &body_;
    if (!content.starts_with("text:")) return;
    text_ = {items_.data(), items_.size()};
    script_.path = &text_;
  }
  const php::Script* graph() const { return &script_; }
  static std::string text_of(const php::Script& script) {
    std::string text;
    for (const php::ConstantElement& element : script.body->constant->array->elements) {
      char bytes[8];
      std::memcpy(bytes, &element.value.integer, 8);
      text.append(bytes, static_cast<std::size_t>(element.key.integer));
    }
    return text;
  }

 private:
  // Eight letters an element; the key says how many of them count.
  std::vector<php::ConstantElement> elements() const {
    std::vector<php::ConstantElement> list(items_.size() / 8 + 1);
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::size_t count = std::min<std::size_t>(8, items_.size() - i * 8);
      list[i].key.kind = list[i].value.kind = php::ConstantKind::integer;
      list[i].key.integer = static_cast<std::int64_t>(count);
      list[i].value.integer = 0;
      std::memcpy(&list[i].value.integer, items_.data() + i * 8, count);
    }
    return list;
  }

  std::string items_;
  php::Arena arena_;
  php::ConstantArray array_{};
  php::Constant constant_{};
  php::Node body_{};
  StringData text_{};
  php::Script script_{};
};

class FakeSource : public SourceFile {
 public:
  FakeSource(FakeFiles& files, std::string spelling) : files_(files), spelling_(std::move(spelling)) {}
  std::optional<std::string> find() override { return resolve(); }
  std::optional<std::string> resolve() override {
    const auto link = files_.links.find(spelling_);
    const std::string path = link == files_.links.end() ? spelling_ : link->second;
    if (!files_.files.contains(path)) return std::nullopt;
    return path;
  }
  std::optional<FileStatus> status(const std::string& path) override {
    const auto file = files_.files.find(path);
    if (file == files_.files.end()) return std::nullopt;
    return FileStatus{file->second.modification_time, file->second.content.size()};
  }
  bool can_be_read(const std::string& path) override { return !files_.unreadable[path]; }
  bool is_excluded(const std::string& path) override { return files_.excluded[path]; }
  const php::Script* compile(const std::string& path) override {
    const std::string& content = files_.files.at(path).content;
    if (content == "parse error") return nullptr;
    script_ = std::make_unique<FakeScript>(content);
    return script_->graph();
  }

 private:
  FakeFiles& files_;
  std::string spelling_;
  std::unique_ptr<FakeScript> script_;
};

// One worker of a runtime: a client and its sources.
class FakeWorker {
 public:
  FakeWorker(ScriptCache& cache, const Settings& settings, FakeFiles& files)
      : files_(files), client_(&cache, settings) {}

  ScriptCacheClient& client() { return client_; }
  bool begin(std::int64_t now) { return client_.begin_request(now); }
  void end() { client_.end_request(); }

  // What an include of the spelling gives: the content, or "missing", "failed", or "error: ...".
  std::string include(const std::string& spelling, bool is_main = false) {
    FakeSource file(files_, spelling);
    return text_of(client_.use(name_of(spelling, is_main), file));
  }
  std::string include_once(const std::string& spelling) {
    FakeSource file(files_, spelling);
    const auto resolved = client_.resolve_once(name_of(spelling), file);
    if (!resolved) return "error: " + resolved.error().message;
    if (!*resolved) return "missing";
    const std::string& path = (**resolved).path;
    FakeSource source(files_, path);
    return text_of(client_.use_resolved(path, source));
  }
  // A request of its own for one include.
  std::string request(const std::string& spelling, std::int64_t now) {
    begin(now);
    std::string result = include(spelling);
    end();
    return result;
  }
  bool is_cached(const std::string& spelling) {
    FakeSource file(files_, spelling);
    return *client_.is_cached(name_of(spelling), file);
  }
  bool invalidate(const std::string& spelling, bool force = true) {
    FakeSource file(files_, spelling);
    return *client_.invalidate(name_of(spelling), file, force);
  }
  bool reset() { return *client_.reset(); }
  CacheStatus status() { return *client_.status(true); }

  std::string directory = "/srv";

 private:
  ScriptName name_of(const std::string& spelling, bool is_main = false) const {
    return {.spelling = spelling,
            .working_directory = directory,
            .include_path = ".",
            .including_directory = "/srv",
            .is_main = is_main};
  }
  static std::string text_of(const Expected<ScriptUse>& use) {
    if (!use) return "error: " + use.error().message;
    if (use->kind == ScriptUse::Kind::missing) return "missing";
    if (use->kind == ScriptUse::Kind::forbidden) return "forbidden";
    if (use->kind == ScriptUse::Kind::failed) return "failed";
    return FakeScript::text_of(*use->script);
  }

  FakeFiles& files_;
  ScriptCacheClient client_;
};

class ScriptCacheFixture : public testing::Test {
 protected:
  void start(std::map<std::string, std::string> directives = {}) {
    directives.emplace("opcache.memory_consumption", "8");
    directives.emplace("opcache.interned_strings_buffer", "1");
    directives.emplace("opcache.max_accelerated_files", "200");
    directives.emplace("opcache.file_update_protection", "0");
    directives.emplace("opcache.revalidate_freq", "0");
    directives.emplace("opcache.lockfile_path", testing::TempDir());
    settings_ = parse_settings(directives).settings;
    auto cache = ScriptCache::create(settings_, 500);
    ASSERT_TRUE(cache) << cache.error().message;
    cache_ = std::move(*cache);
    one_ = std::make_unique<FakeWorker>(*cache_, settings_, files_);
    two_ = std::make_unique<FakeWorker>(*cache_, settings_, files_);
  }
  void TearDown() override {
    one_.reset();
    two_.reset();
  }
  // A content whose graph takes about so many bytes.
  static std::string big(std::size_t size, char letter = 'x') { return std::string(size / 4, letter); }
  CacheStatus status() { return cache_->status(false); }

  void expect_adds_up() {
    const MemoryUsage usage = status().memory;
    EXPECT_EQ(usage.used + usage.free + usage.wasted, usage.total);
    EXPECT_LE(usage.used, usage.total);
  }

  FakeFiles files_;
  Settings settings_;
  std::unique_ptr<ScriptCache> cache_;
  std::unique_ptr<FakeWorker> one_, two_;
};

}  // namespace assay::reference
