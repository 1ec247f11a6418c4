#include "reference/php/compiler/persist.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "reference/php/library/standard_functions.h"
#include "reference/tests/php/script_fixture.h"

namespace assay::reference::php {
namespace {

const Script& compile(std::string_view source, Arena& arena) {
  auto compiled = SubsetCompiler().compile(source, "/test/a.php", arena);
  EXPECT_TRUE(compiled) << compiled.error().message;
  return *compiled->script;
}

std::size_t size_of(std::string_view source) {
  Arena arena;
  return measure(compile(source, arena));
}

TEST(Persist, EqualSourceTakesEqualBytes) {
  EXPECT_EQ(size_of("<?php return [1, 'a'];"), size_of("<?php return [1, 'a'];"));
}

// SC-PER-01: the memory grows by references, not by copies, when a literal is repeated.
TEST(Persist, ARepeatedLiteralIsOneString) {
  const std::string text(10000, 'x');
  const std::size_t once = size_of("<?php $a = ['" + text + "', ''];");
  const std::size_t twice = size_of("<?php $a = ['" + text + "', '" + text + "'];");
  const std::size_t other = size_of("<?php $a = ['" + text + "', '" + std::string(10000, 'y') + "'];");
  EXPECT_LE(twice, once);
  EXPECT_GE(other, twice + 10000);
}

TEST(Persist, TheCopyPassUsesExactlyWhatWasMeasured) {
  for (const auto& entry : std::filesystem::directory_iterator(data_folder())) {
    if (entry.path().extension() != ".php") continue;
    Arena arena;
    auto compiled = SubsetCompiler().compile(read_file(entry.path()), entry.path().string(), arena);
    if (!compiled) continue;
    Persister persister(*compiled->script);
    ASSERT_EQ(persister.size() % 8, 0u);
    // A guard behind the block sees every byte too many.
    std::vector<std::uint64_t> block(persister.size() / 8 + 2, 0xABABABABABABABABu);
    auto copied = persister.copy(block.data(), persister.size());
    ASSERT_TRUE(copied) << copied.error().message;
    EXPECT_EQ(block[block.size() - 1], 0xABABABABABABABABu) << entry.path();
    EXPECT_EQ(block[block.size() - 2], 0xABABABABABABABABu) << entry.path();
    EXPECT_EQ(measure(**copied), persister.size()) << "a copy is as large as what it copies: " << entry.path();
  }
}

TEST(Persist, TheCopyStandsAlone) {
  std::vector<std::uint64_t> block;
  const Script* copied = nullptr;
  {
    Arena arena;
    const Script& script = compile("<?php class A { const X = ['k' => [1, 2]]; } return A::X['k'][1] . 'end';", arena);
    Persister persister(script);
    block.resize(persister.size() / 8);
    copied = *persister.copy(block.data(), persister.size());
  }
  const auto builtins = standard_builtins();
  NoLoader loader;
  RequestContext context;
  Interpreter interpreter(context, *builtins, loader);
  EXPECT_EQ(interpreter.run(*copied).value.as_string(), "2end");
}

TEST(Persist, AWrongBlockIsAnErrorValue) {
  Arena arena;
  Persister persister(compile("<?php return 1;", arena));
  std::vector<std::uint64_t> block(persister.size() / 8 + 1);
  EXPECT_FALSE(persister.copy(block.data(), persister.size() - 8));
  EXPECT_FALSE(persister.copy(reinterpret_cast<char*>(block.data()) + 1, persister.size()));
  EXPECT_TRUE(persister.copy(block.data(), persister.size()));
}

TEST(Persist, InternedStringsStandOutsideTheBlock) {
  Arena arena;
  const Script& script = compile("<?php return 'shared string' . $x . 'shared string' . 'other';", arena);
  static const StringData kShared = {"shared string", 13};
  int asked = 0;
  Persister persister(script, [&](const StringData& string) -> const StringData* {
    if (string.view() != "shared string") return nullptr;
    ++asked;
    return &kShared;
  });
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(persister.size() + sizeof(StringData) + 16, measure(script));
  std::vector<std::uint64_t> block(persister.size() / 8);
  auto copied = persister.copy(block.data(), persister.size());
  ASSERT_TRUE(copied) << copied.error().message;
  EXPECT_EQ(asked, 1);
  const std::string_view bytes(reinterpret_cast<const char*>(block.data()), persister.size());
  EXPECT_EQ(bytes.find("shared string"), std::string_view::npos);
  EXPECT_NE(bytes.find("other"), std::string_view::npos);
}

TEST(Persist, DeepGraphsNeedNoStack) {
  std::string source = "<?php $a = 1";
  for (int i = 0; i < 100000; ++i) source += "-1";
  source += ";";
  EXPECT_GT(size_of(source), 100000u * sizeof(Node));
}

}  // namespace
}  // namespace assay::reference::php
