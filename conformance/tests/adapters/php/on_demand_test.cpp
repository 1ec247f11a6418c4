#include "conformance/adapters/php/on_demand.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace assay::conformance::php {
namespace {

using Names = std::vector<std::string>;

// A folder of extensions that has FFI beside the program.
class OnDemandModules : public testing::Test {
 protected:
  OnDemandModules() {
    std::string pattern = (std::filesystem::temp_directory_path() / "assay-modules-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    std::ofstream(folder_ / "ffi.so") << "";
    binary_.extension_folder = folder_.string();
  }
  ~OnDemandModules() override { std::filesystem::remove_all(folder_); }

  PhpBinary binary_;
  std::filesystem::path folder_;
};

TEST_F(OnDemandModules, AreLoadedForATraceWithTheirDirective) {
  EXPECT_EQ(extensions_for(binary_, {{"ffi.enable", "1"}, {"phar.readonly", "0"}}), Names{"ffi"});
  EXPECT_EQ(extensions_for(binary_, {{"opcache.enable", "1"}}), Names{});
}

TEST_F(OnDemandModules, AreNotLoadedWhereTheyAreBuiltIn) {
  binary_.modules = {"Core", "FFI"};
  EXPECT_EQ(extensions_for(binary_, {{"ffi.enable", "1"}}), Names{});
}

TEST_F(OnDemandModules, AreOfferedBuiltInOrBesideTheProgram) {
  EXPECT_TRUE(is_offered(binary_, OnDemand::ffi));
  EXPECT_FALSE(is_offered(binary_, OnDemand::phar));
  binary_.modules = {"Phar"};
  EXPECT_TRUE(is_offered(binary_, OnDemand::phar));
}

}  // namespace
}  // namespace assay::conformance::php
