// SC-FIL-02, SC-FIL-03: where a file stands, and what it looks like. C++, because its place depends on the build.
#include <cstring>

#include "conformance/suite/file/filed_runtime.h"

using namespace assay::conformance;
namespace fs = std::filesystem;

namespace {

int mode_of(const fs::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? static_cast<int>(status.st_mode & 07777) : -1;
}

std::uint64_t number_at(const std::string& bytes, std::size_t place) {
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data() + place, sizeof number);
  return number;
}

}  // namespace

BODY_TEST("clause", "SC-FIL-02/location", "",
          "a file lies below the system id at its source's path, readable by its owner only", kFileCache) {
  auto runtime = FiledRuntime::start(context);
  if (!runtime) return test_result(runtime.error());
  FiledRuntime& r = **runtime;
  fs::create_directory(r.root() / "d");
  r.write_script("d/a", "a");
  if (!r.is_right("d/a", "a")) return test_result(Verdict::fail, "the script has no right result");
  const auto file = r.file_of("d/a");
  if (!file || !fs::is_regular_file(*file)) return test_result(Verdict::fail, "there is no file at the script's place");
  if (mode_of(*file) != 0600)
    return test_result(Verdict::fail, fmt::format("the file has the mode {:o}", mode_of(*file)));
  for (fs::path folder = file->parent_path(); folder != r.root(); folder = folder.parent_path()) {
    if (mode_of(folder) != 0700)
      return test_result(Verdict::fail, fmt::format("{} has the mode {:o}", folder.string(), mode_of(folder)));
  }
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(r.root())) files += entry.path().extension() == ".bin";
  if (files != 1) return test_result(Verdict::fail, fmt::format("one script made {} files", files));
  return passed(1, 1);
}

BODY_TEST("clause", "SC-FIL-03/header", "",
          "a file starts with magic, system id, two sizes, an offset, its source's time and a checksum", kFileCache) {
  auto runtime = FiledRuntime::start(context);
  if (!runtime) return test_result(runtime.error());
  FiledRuntime& r = **runtime;
  r.write_script("a", "a", 1234);
  if (!r.is_right("a", "a")) return test_result(Verdict::fail, "the script has no right result");
  const auto file = r.file_of("a");
  const std::string bytes = file ? FiledRuntime::content(*file) : "";
  if (bytes.size() <= kFileHeader)
    return test_result(Verdict::fail, fmt::format("the file has {} bytes", bytes.size()));
  if (bytes.compare(0, 8, std::string("OPCACHE\0", 8)) != 0)
    return test_result(Verdict::fail, "the magic is another one");
  const std::string id = bytes.substr(8, 32);
  if (file->string().find("/" + id + "/") == std::string::npos)
    return test_result(Verdict::fail, "the system id in the file is not that of its folder");
  const std::uint64_t first = number_at(bytes, 40), second = number_at(bytes, 48), offset = number_at(bytes, 56);
  if (kFileHeader + first + second != bytes.size())
    return test_result(Verdict::fail,
                       fmt::format("parts of {} and {} bytes in a file of {}", first, second, bytes.size()));
  if (offset >= first)
    return test_result(Verdict::fail, fmt::format("the offset {} is outside of the first part", offset));
  if (number_at(bytes, 64) != static_cast<std::uint64_t>(clock_start - 1234))
    return test_result(Verdict::fail, fmt::format("the time of the source is {}", number_at(bytes, 64)));
  if (number_at(bytes, 72) == 0) return test_result(Verdict::fail, "there is no checksum");
  return passed(1, 1);
}
