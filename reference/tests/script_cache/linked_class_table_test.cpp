#include "reference/script_cache/linked_class_table.h"

#include <gtest/gtest.h>

#include <vector>

namespace assay::reference {
namespace {

class LinkedClassTableTest : public testing::Test {
 protected:
  static constexpr std::uint32_t kSlots = 223;

  // A class in the memory, and a linked form of it with the given bases.
  const php::ClassData& type() { return *new (place(sizeof(php::ClassData))) php::ClassData(); }
  php::LinkedClass& linked(const php::ClassData& type, const std::vector<const php::ClassData*>& bases) {
    php::LinkedClass form{};
    form.type = &type;
    form.ancestry = {bases.data(), bases.size()};
    return *php::copy_of(form, place(php::bytes_of(form)));
  }
  const php::LinkedClass* find(std::uint64_t generation, const php::ClassData& type,
                               const std::vector<const php::ClassData*>& bases) const {
    return table_.find(generation, type, {bases.data(), bases.size()});
  }
  std::uint64_t offset_of(const void* address) const {
    return static_cast<std::uint64_t>(static_cast<const std::byte*>(address) - memory_.data());
  }

  std::vector<std::byte> memory_ = std::vector<std::byte>(1 << 16);
  std::uint64_t used_ = (LinkedClassTable::bytes_needed(kSlots) + 63) / 64 * 64;
  LinkedClassTable table_{memory_.data(), memory_.data(), kSlots};

 private:
  std::byte* place(std::uint64_t bytes) {
    std::byte* address = memory_.data() + used_;
    used_ += bytes;
    return address;
  }
};

TEST_F(LinkedClassTableTest, FindsAClassByItsBases) {  // SC-PER-10
  const auto &child = type(), &one = type(), &two = type();
  EXPECT_EQ(find(1, child, {&one}), nullptr);
  php::LinkedClass& first = linked(child, {&one});
  table_.publish(1, first);
  php::LinkedClass& second = linked(child, {&two});
  table_.publish(1, second);
  EXPECT_EQ(find(1, child, {&one}), &first);
  EXPECT_EQ(find(1, child, {&two}), &second);
  EXPECT_EQ(find(1, child, {&one, &two}), nullptr);
  EXPECT_EQ(find(1, one, {&one}), nullptr);
}

TEST_F(LinkedClassTableTest, FindsEachOfManyInFewChains) {
  std::vector<const php::ClassData*> types;
  for (int i = 0; i < 200; ++i) {
    types.push_back(&type());
    table_.publish(1, linked(*types.back(), {types.front()}));
  }
  for (const php::ClassData* each : types) EXPECT_EQ(find(1, *each, {types.front()})->type, each);
}

TEST_F(LinkedClassTableTest, IsEmptyInAnotherGeneration) {  // GU-IDN-02
  const auto &child = type(), &parent = type();
  table_.publish(1, linked(child, {&parent}));
  EXPECT_EQ(find(2, child, {&parent}), nullptr);
  php::LinkedClass& newer = linked(child, {&parent});
  table_.publish(2, newer);
  EXPECT_EQ(find(2, child, {&parent}), &newer);
  EXPECT_EQ(newer.earlier, nullptr);
}

TEST_F(LinkedClassTableTest, SaysWhetherAChainLeadsSomewhere) {  // GU-RES-03
  const auto &child = type(), &parent = type();
  php::LinkedClass& form = linked(child, {&parent});
  const std::uint64_t from = offset_of(&form);
  EXPECT_FALSE(table_.leads_between(1, from, from + 8));
  table_.publish(1, form);
  EXPECT_TRUE(table_.leads_between(1, from, from + 8));
  EXPECT_FALSE(table_.leads_between(1, from + 8, from + 16));
  EXPECT_FALSE(table_.leads_between(2, from, from + 8));
}

}  // namespace
}  // namespace assay::reference
