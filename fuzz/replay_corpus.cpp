// Runs a fuzz target on files and folders given as arguments: what a build without a fuzzing engine does. The name of
// each input is told before it runs, on standard error, where -v is given.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" __attribute__((weak)) int LLVMFuzzerInitialize(int* argc, char*** argv);

namespace {

bool says_names = false;

int replay(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  if (!file) {
    std::fprintf(stderr, "%s: cannot be read\n", path.c_str());
    return 0;
  }
  if (says_names) std::fprintf(stderr, "%s\n", path.c_str());
  const std::string text = bytes.str();
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  return 1;
}

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

int main(int argc, char** argv) {
  int own_arguments = 1;  // the inputs are no folders that a target has to write to
  if (LLVMFuzzerInitialize) LLVMFuzzerInitialize(&own_arguments, &argv);
  int count = 0;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "-v") == 0) {
      says_names = true;
    } else if (!std::filesystem::is_directory(argv[i])) {
      count += replay(argv[i]);
    } else {
      for (const auto& file : files_in(argv[i])) count += replay(file);
    }
  }
  std::printf("%d inputs\n", count);
  return count > 0 ? 0 : 1;
}
