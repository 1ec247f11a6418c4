#include "reference/file_cache/file_cache.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "reference/php/compiler/compiler.h"

namespace assay::reference {
namespace {

namespace fs = std::filesystem;

class FileCacheTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "assay-file-cache-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    settings_.file_cache = folder_.string();
    settings_.error_log = (folder_ / "log").string();
    settings_.log_verbosity_level = 2;
    cache_ = FileCache::open(settings_, Log(settings_));
    ASSERT_NE(cache_, nullptr);
  }
  void TearDown() override { fs::remove_all(folder_); }

  const php::Script& compiled(const std::string& source) {
    auto compilation = php::SubsetCompiler().compile(source, "/s/a.php", arena_);
    EXPECT_TRUE(compilation.has_value());
    return *compilation->script;
  }
  fs::path place() const { return folder_ / system_id() / "s/a.php.bin"; }
  static std::string content(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }
  void put(const std::string& bytes) const { std::ofstream(place(), std::ios::binary | std::ios::trunc) << bytes; }
  std::string log() const { return content(folder_ / "log"); }

  fs::path folder_;
  Settings settings_;
  php::Arena arena_;
  std::unique_ptr<FileCache> cache_;
  const std::int64_t time_ = 7;
};

constexpr const char* kSource =
    "<?php\nclass A { const B = ['k' => [1, 2.5, \"\\xff\\x80\"]]; public $p = 'p'; function f($x = null) { return "
    "$x ?? self::B; } }\nfunction g() { static $n = 0; return ++$n; }\nreturn [g(), (new A)->f()];\n";

TEST_F(FileCacheTest, ALoadedScriptIsTheStoredOne) {
  cache_->store("/s/a.php", {time_, 9}, compiled(kSource));
  const auto loaded = cache_->load("/s/a.php", &time_);
  ASSERT_NE(loaded, nullptr) << log();
  EXPECT_EQ(loaded->script->path->view(), "/s/a.php");
  EXPECT_EQ(loaded->next_check, 9);
  // All of it: its image is the same again.
  const auto stored = image_of(compiled(kSource));
  const auto again = image_of(*loaded->script);
  ASSERT_TRUE(stored && again);
  EXPECT_EQ(again->words, stored->words);
  EXPECT_EQ(again->pointers, stored->pointers);
  EXPECT_EQ(log(), "");
}

TEST_F(FileCacheTest, BytesDependOnTheScriptAndItsTimesAlone) {
  const auto image = *image_of(compiled(kSource));
  EXPECT_EQ(to_file(image, {7, 9}), to_file(*image_of(compiled(kSource)), {7, 9}));
  EXPECT_NE(to_file(image, {7, 9}), to_file(image, {8, 9}));
  EXPECT_NE(to_file(image, {7, 9}), to_file(image, {7, 8}));
}

TEST_F(FileCacheTest, EachFlippedBitAndEachLengthIsRefused) {
  cache_->store("/s/a.php", {time_, 9}, compiled("<?php return 'a';"));
  const std::string whole = content(place());
  for (std::size_t i = 0; i < whole.size() * 8; ++i) {
    std::string bytes = whole;
    bytes[i / 8] = static_cast<char>(bytes[i / 8] ^ (1 << (i % 8)));
    put(bytes);
    EXPECT_EQ(cache_->load("/s/a.php", nullptr), nullptr) << "bit " << i;
    EXPECT_FALSE(fs::exists(place()));
  }
  for (std::size_t length = 0; length < whole.size(); ++length) {
    put(whole.substr(0, length));
    EXPECT_EQ(cache_->load("/s/a.php", &time_), nullptr) << length << " bytes";
  }
  put(whole + "x");
  EXPECT_EQ(cache_->load("/s/a.php", &time_), nullptr);
  put(whole);
  EXPECT_NE(cache_->load("/s/a.php", &time_), nullptr);
}

// With the checks off whatever is in the body, no pointer leads out of it.
TEST_F(FileCacheTest, UncheckedPointersStayInside) {
  settings_.file_cache_consistency_checks = false;
  const auto unchecked = FileCache::open(settings_, Log(settings_));
  cache_->store("/s/a.php", {time_, 9}, compiled("<?php return 'a';"));
  std::string bytes = content(place());
  CacheFileHeader header;
  std::memcpy(&header, bytes.data(), sizeof header);
  std::uint32_t first = 0;
  std::memcpy(&first, bytes.data() + sizeof header + header.graph_bytes, sizeof first);
  const std::uint64_t beyond = header.graph_bytes;
  std::memcpy(bytes.data() + sizeof header + first * 8, &beyond, sizeof beyond);
  put(bytes);
  EXPECT_EQ(unchecked->load("/s/a.php", &time_), nullptr);
}

TEST_F(FileCacheTest, OlderSourcesAreRefusedInSilence) {
  cache_->store("/s/a.php", {6, 9}, compiled("<?php return 'a';"));
  EXPECT_EQ(cache_->load("/s/a.php", &time_), nullptr);
  EXPECT_FALSE(fs::exists(place()));
  EXPECT_EQ(log(), "");
}

TEST_F(FileCacheTest, WhatIsThereAlreadyStays) {
  cache_->store("/s/a.php", {time_, 9}, compiled("<?php return 'a';"));
  const std::string whole = content(place());
  cache_->store("/s/a.php", {time_, 9}, compiled("<?php return 'another';"));
  EXPECT_EQ(content(place()), whole);
  EXPECT_EQ(log(), "");
}

TEST_F(FileCacheTest, NothingElseIsEverInTheFolder) {
  cache_->store("/s/a.php", {time_, 9}, compiled(kSource));
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder_)) files += entry.is_regular_file();
  EXPECT_EQ(files, 1);
  struct stat status {};
  ASSERT_EQ(::stat(place().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600u);
  cache_->remove("/s/a.php");
  EXPECT_FALSE(fs::exists(place()));
  cache_->remove("/s/a.php");
  EXPECT_EQ(log(), "");
}

TEST_F(FileCacheTest, OnlyAnAccessibleAbsoluteDirectoryWillDo) {
  for (const std::string directory : {"relative", "/does/not/exist", "/dev/null", ""}) {
    settings_.file_cache = directory;
    EXPECT_EQ(FileCache::open(settings_, Log(settings_)), nullptr) << directory;
  }
  EXPECT_NE(log().find("must be a full path of accessible directory: relative"), std::string::npos);
}

TEST_F(FileCacheTest, ALinkAtThePlaceIsReplaced) {
  cache_->store("/s/a.php", {time_, 9}, compiled("<?php return 'a';"));
  fs::rename(place(), folder_ / "other");
  fs::create_symlink(folder_ / "other", place());
  EXPECT_EQ(cache_->load("/s/a.php", &time_), nullptr);
  EXPECT_TRUE(fs::exists(folder_ / "other"));
  EXPECT_FALSE(fs::is_symlink(place()));
}

}  // namespace
}  // namespace assay::reference
