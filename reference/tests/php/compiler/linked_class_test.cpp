#include "reference/php/compiler/linked_class.h"

#include <gtest/gtest.h>

#include <vector>

#include "reference/php/compiler/compiler.h"

namespace assay::reference::php {
namespace {

TEST(LinkedClass, ACopyHasListsOfItsOwn) {
  ClassData type{}, parent{};
  FunctionData one{}, two{};
  std::vector<const ClassData*> ancestry = {&parent};
  std::vector<LinkedMember<FunctionData>> methods = {{&one, 0}, {&two, 1}};
  LinkedClass linked{};
  linked.type = &type;
  linked.ancestry = {ancestry.data(), ancestry.size()};
  linked.methods = {methods.data(), methods.size()};
  std::vector<std::uint64_t> block(bytes_of(linked) / 8);
  const LinkedClass* copy = copy_of(linked, block.data());
  ancestry.assign(1, nullptr);
  methods.clear();
  EXPECT_EQ(copy->type, &type);
  EXPECT_EQ(copy->ancestry[0], &parent);
  ASSERT_EQ(copy->methods.count, 2u);
  EXPECT_EQ(copy->methods[1].data, &two);
  EXPECT_EQ(copy->methods[1].owner, 1u);
  EXPECT_TRUE(copy->properties.empty());
}

// Whether each class of the source is complete, in order, as digits.
std::string completeness(std::string_view source, bool is_only_stored = false) {
  const SubsetCompiler compiler;
  Arena arena;
  const auto compiled =
      is_only_stored ? compiler.compile_to_store(source, "/a.php", arena) : compiler.compile(source, "/a.php", arena);
  std::string found;
  for (const ClassData* each : compiled->script->classes) found += each->flags & kComplete ? '1' : '0';
  return found;
}

TEST(LinkedClass, IsNeededWhereTheCompilationDoesNotKnowABase) {  // SC-PER-10
  EXPECT_EQ(completeness("<?php class A {} class B extends A {} class C extends b {}"), "111");
  EXPECT_EQ(completeness("<?php class B extends A {} class A {} class C extends B {}"), "010");
  EXPECT_EQ(completeness("<?php class A extends Exception {} class B extends A {}"), "00");
  EXPECT_EQ(completeness("<?php class A implements I {} interface I {} class B implements I {}"), "011");
  EXPECT_EQ(completeness("<?php class A { use T; } trait T {} class B { use T; }"), "011");
  EXPECT_EQ(completeness("<?php class A {} class B extends A {}", true), "00");
}

}  // namespace
}  // namespace assay::reference::php
