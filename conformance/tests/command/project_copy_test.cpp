// The copy of a checkout in which mutants are built.
#include "conformance/command/project_copy.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "conformance/tests/test_folder.h"
#include "conformance/vocabulary/input_file.h"
#include "source_dir.h"

namespace assay::conformance {
namespace {

namespace fs = std::filesystem;

// "examples" of a line `add_subdirectory(examples)`; empty for any other.
std::string folder_in(const std::string& line) {
  const std::string call = "add_subdirectory(";
  const std::size_t begin = line.find(call);
  if (begin == std::string::npos) return "";
  return line.substr(begin + call.size(), line.find(')') - begin - call.size());
}

TEST(ProjectCopy, HasEachFolderThatTheBuildNamesAndNotWhatIsLeftOut) {
  const TestFolder folder;
  const ProjectCopy copy(ASSAY_SOURCE_DIR, folder.path());
  const auto copied = copy.copy_sources({"reference/log/log.cpp"});
  ASSERT_TRUE(copied) << copied.error().message;
  EXPECT_FALSE(fs::exists(copy.copy() / "reference/log/log.cpp"));
  EXPECT_TRUE(fs::exists(copy.copy() / "reference/log/log.h"));

  const auto text = read_input_file(fs::path(ASSAY_SOURCE_DIR) / "CMakeLists.txt");
  ASSERT_TRUE(text);
  std::istringstream lines(*text);
  int folders = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::string name = folder_in(line);
    if (name.empty()) continue;
    EXPECT_TRUE(fs::is_directory(copy.copy() / name)) << name;
    ++folders;
  }
  EXPECT_GT(folders, 5);
}

}  // namespace
}  // namespace assay::conformance
