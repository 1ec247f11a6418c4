#include "conformance/adapters/php/interposer_path.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <vector>

namespace assay::conformance::php {

namespace fs = std::filesystem;

namespace {

constexpr const char* kName = "libassay_interposer.so";
constexpr const char* kRemedy =
    "Build the target assay_interposer, or name the library with ASSAY_INTERPOSER=/path/to/it";

// Of the program, and of the library that this is part of, where it is one.
std::vector<fs::path> own_folders() {
  std::error_code code;
  std::vector<fs::path> folders = {fs::read_symlink("/proc/self/exe", code).parent_path()};
  Dl_info info{};
  if (::dladdr(kName, &info) != 0 && info.dli_fname)
    folders.push_back(fs::canonical(info.dli_fname, code).parent_path());
  return folders;
}

}  // namespace

Result<std::string> find_interposer() {
  if (const char* named = std::getenv("ASSAY_INTERPOSER"); named && *named) {
    if (access(named, R_OK) == 0) return std::string(named);
    return fail_with_errno(errno, "the interposer cannot be read", named, kRemedy);
  }
  const std::vector<fs::path> folders = own_folders();
  for (const fs::path& folder : folders) {
    for (const char* place : {"../lib/assay", "../lib", ".", "assay"}) {
      const fs::path path = (folder / place / kName).lexically_normal();
      if (access(path.c_str(), R_OK) == 0) return path.string();
    }
  }
  return fail(Failure::Kind::unusable, fmt::format("there is no {} in ../lib/assay, ../lib or beside it", kName),
              folders.front().string(), kRemedy);
}

}  // namespace assay::conformance::php
