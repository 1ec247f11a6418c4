#include "conformance/adapters/php/interposer_path.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace assay::conformance::php {

namespace fs = std::filesystem;

namespace {

constexpr const char* kName = "libassay_interposer.so";
constexpr const char* kRemedy =
    "Build the target assay_interposer, or name the library with ASSAY_INTERPOSER=/path/to/it";

}  // namespace

Result<std::string> find_interposer() {
  if (const char* named = std::getenv("ASSAY_INTERPOSER"); named && *named) {
    if (access(named, R_OK) == 0) return std::string(named);
    return fail_with_errno(errno, "the interposer cannot be read", named, kRemedy);
  }
  std::error_code code;
  const fs::path folder = fs::read_symlink("/proc/self/exe", code).parent_path();
  for (const char* place : {"../lib/assay", "../lib", "."}) {
    const fs::path path = (folder / place / kName).lexically_normal();
    if (access(path.c_str(), R_OK) == 0) return path.string();
  }
  return fail(Failure::Kind::unusable, fmt::format("there is no {} in ../lib/assay, ../lib or beside it", kName),
              folder.string(), kRemedy);
}

}  // namespace assay::conformance::php
