#include "conformance/adapters/php/program_image.h"

#include <elf.h>
#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "conformance/tests/test_folder.h"

namespace assay::conformance::php {
namespace {

using ::testing::HasSubstr;

std::string own_image() {
  std::ifstream file("/proc/self/exe", std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The test itself with some bytes of its head changed.
class ProgramImage : public ::testing::Test {
 protected:
  Elf64_Ehdr& head() { return *reinterpret_cast<Elf64_Ehdr*>(image_.data()); }
  Elf64_Phdr& loader() {
    auto* part = reinterpret_cast<Elf64_Phdr*>(image_.data() + head().e_phoff);
    while (part->p_type != PT_INTERP) ++part;
    return *part;
  }
  std::string why_not() {
    const auto checked = check_image(folder_.write("program", image_), {});
    return checked ? "" : checked.error().message();
  }
  std::string image_ = own_image();
  TestFolder folder_;
};

TEST_F(ProgramImage, OfThisMachine) {
  EXPECT_EQ(why_not(), "");
}

TEST_F(ProgramImage, OfAnotherMachine) {
  head().e_machine = head().e_machine == EM_AARCH64 ? EM_X86_64 : EM_AARCH64;
  EXPECT_THAT(why_not(), HasSubstr("this program is for another machine: "));
}

TEST_F(ProgramImage, Of32Bits) {
  head().e_ident[EI_CLASS] = ELFCLASS32;
  EXPECT_THAT(why_not(), HasSubstr("another machine"));
}

TEST_F(ProgramImage, WithoutItsLoader) {
  image_[loader().p_offset + 1] = 'X';
  EXPECT_THAT(why_not(), HasSubstr("is not here. Name the folder of the system that it belongs to with root=PATH"));
}

TEST_F(ProgramImage, ForMusl) {
  const std::string musl = "/lib/ld-musl-x.so.1";
  ASSERT_GE(loader().p_filesz, musl.size() + 1);
  image_.replace(loader().p_offset, musl.size() + 1, musl.c_str(), musl.size() + 1);
  EXPECT_THAT(why_not(), HasSubstr("another C library, musl"));
}

TEST_F(ProgramImage, StaticallyLinked) {
  loader().p_type = PT_NULL;
  EXPECT_THAT(why_not(), HasSubstr("statically linked"));
}

TEST_F(ProgramImage, CutOffOrNoneAtAll) {
  image_.resize(sizeof(Elf64_Ehdr) - 1);
  EXPECT_EQ(why_not(), "");  // the kernel will say
  image_ = "#!/bin/sh\n";
  EXPECT_EQ(why_not(), "");
  image_ = own_image().substr(0, sizeof(Elf64_Ehdr));
  EXPECT_THAT(why_not(), HasSubstr("statically linked"));
}

}  // namespace
}  // namespace assay::conformance::php
