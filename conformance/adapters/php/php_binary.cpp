#include "conformance/adapters/php/php_binary.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string_view>

#include "conformance/adapters/php/child_process.h"
#include "conformance/adapters/php/command.h"
#include "conformance/adapters/php/ini.h"
#include "conformance/adapters/php/program_image.h"

namespace assay::conformance::php {

namespace {

struct Kind {
  const char* program;
  const char* sapi;  // as PHP says it
  const char* install;
};

const Kind& kind_of(Sapi sapi) {
  static const Kind fpm = {"php-fpm", "fpm-fcgi",
                           "Install one (Debian: apt-get install php-fpm) or name it with php=/path/to/php-fpm; a PHP "
                           "without FPM is judged by --target php-cli"};
  static const Kind cli = {"php", "cli",
                           "Install one (Debian: apt-get install php-cli) or name it with "
                           "php=/path/to/php"};
  return sapi == Sapi::fpm ? fpm : cli;
}

constexpr std::string_view kOpcacheLine = "with Zend OPcache v";

Result<void> check_file(const std::string& path, const Kind& kind, const ProgramRoot& root) {
  const std::string outside = root.outside(path);
  struct stat status {};
  if (stat(outside.c_str(), &status) != 0) {
    auto error = fail_with_errno(errno, fmt::format("cannot use this as {}", kind.program), path, kind.install);
    error.value().kind = Failure::Kind::unusable;
    return error;
  }
  if (!S_ISREG(status.st_mode)) return fail(Failure::Kind::unusable, "this is not a file", path, kind.install);
  if (access(outside.c_str(), X_OK) != 0) {
    return fail(Failure::Kind::unusable, "this file is not executable", path,
                fmt::format("Make it executable (chmod +x), or name another one with php=/path/to/{}", kind.program));
  }
  return {};
}

// A program with the directives that it is always given.
struct Asked {
  const std::string& path;
  std::vector<std::string> directives;
  std::chrono::milliseconds limit;
  const ProgramRoot& root;
};

Result<Asked> with_directives(const std::string& path, const IniSettings& given, std::chrono::milliseconds limit,
                              const ProgramRoot& root) {
  auto directives = command_line_of(given);
  if (!directives) return tl::make_unexpected(directives.error());
  return Asked{path, std::move(*directives), limit, root};
}

Result<std::string> ask(const Asked& asked, const std::vector<std::string>& question) {
  const auto& [path, directives, limit, root] = asked;
  std::vector<std::string> arguments{path, "-n"};
  arguments.insert(arguments.end(), directives.begin(), directives.end());
  arguments.insert(arguments.end(), question.begin(), question.end());
  auto output = run_command(arguments, plain_environment(root), limit, root);
  if (!output) {
    output.error().kind = Failure::Kind::unusable;
    return tl::make_unexpected(output.error());
  }
  if (output->timed_out) {
    return fail(Failure::Kind::unusable,
                fmt::format("\"{}\" did not end within {} ms", fmt::join(arguments, " "), limit.count()), path,
                "Check that this is a PHP program");
  }
  return std::move(output->text);
}

std::string first_line(std::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
}

// The text between `before` and the next of `until`; empty without `before`.
std::string text_after(std::string_view text, std::string_view before, std::string_view until) {
  const std::size_t at = text.find(before);
  if (at == std::string_view::npos) return "";
  text.remove_prefix(at + before.size());
  return std::string(text.substr(0, text.find_first_of(until)));
}

// The driver is in the syntax of 7.4.
Result<void> check_age(const PhpBinary& binary) {
  int first = 0, second = 0;
  if (std::sscanf(binary.version.c_str(), "%d.%d", &first, &second) == 2 && std::pair(first, second) >= std::pair(7, 4))
    return {};
  return fail(Failure::Kind::unusable,
              "this is PHP " + binary.version + ", and PHP 7.4 is the oldest that can be judged", binary.path,
              "Name a newer one with php=/path/to/php-fpm");
}

// A PHP that warns when it starts says so before everything else, in every answer, and in each log of a test.
Result<void> check_warnings(std::string_view text, const std::string& path) {
  for (const std::string_view kind : {"Warning: ", "Fatal error: ", "Deprecated: "}) {
    const std::string warning = text_after(text.substr(0, text.find("(built")), kind, "\n");
    if (!warning.empty())
      return fail(Failure::Kind::unusable, fmt::format("this PHP does not start cleanly: {}{}", kind, warning), path,
                  "Take out the directive or the extension that it complains about");
  }
  return {};
}

// "PHP 8.2.36 (fpm-fcgi) (built: ...)"
Result<void> read_version(std::string_view text, PhpBinary& binary, const Kind& kind) {
  const std::string line = first_line(text);
  binary.version = text_after(line, "PHP ", " ");
  binary.sapi = text_after(line, "(", ")");
  if (!line.starts_with("PHP ") || binary.version.empty() || binary.sapi.empty()) {
    return fail(Failure::Kind::unusable, "this is not PHP: \"-v\" printed \"" + line.substr(0, 80) + "\"", binary.path,
                kind.install);
  }
  if (binary.sapi != kind.sapi) {
    return fail(
        Failure::Kind::unusable,
        fmt::format("this is PHP {} but its server interface is {}, not {}", binary.version, binary.sapi, kind.sapi),
        binary.path, fmt::format("Name the {0} program of the same build with php=/path/to/{0}", kind.program));
  }
  return check_age(binary);
}

std::vector<std::string> module_list(const std::string& text) {
  std::vector<std::string> modules;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.front() != '[') modules.push_back(line);
  }
  return modules;
}

Result<void> read_opcache(PhpBinary& binary, std::string_view plain, const Asked& asked) {
  binary.opcache_version = text_after(plain, kOpcacheLine, ", \n");
  binary.opcache_built_in = !binary.opcache_version.empty();
  if (binary.opcache_built_in) return {};
  auto loaded = ask(asked, {"-d", "zend_extension=opcache", "-v"});
  if (!loaded) return tl::make_unexpected(loaded.error());
  binary.opcache_version = text_after(*loaded, kOpcacheLine, ", \n");
  if (!binary.opcache_version.empty()) return {};
  // Where OPcache is there but cannot have its memory, nothing of the usual greeting comes.
  if (loaded->find("PHP " + binary.version) == std::string::npos) {
    return fail(Failure::Kind::unusable,
                "this PHP " + binary.version + " does not start with OPcache: " + first_line(*loaded), binary.path,
                "Look at the limits of memory, files and descriptors (ulimit -a)");
  }
  const std::string reason = text_after(*loaded, "Failed loading ", "\n<");
  return fail(Failure::Kind::unusable,
              "this PHP " + binary.version + " has no OPcache" + (reason.empty() ? "" : ": failed loading " + reason),
              binary.path,
              "Install it (Debian: apt-get install php" + binary.version.substr(0, 3) +
                  "-opcache) or build PHP with --enable-opcache");
}

// Up to PHP 7.4 json can be a module like others.
Result<void> read_json(PhpBinary& binary, const Asked& asked) {
  const auto has_json = [](const std::vector<std::string>& modules) {
    return std::find(modules.begin(), modules.end(), "json") != modules.end();
  };
  if (has_json(binary.modules)) return {};
  auto modules = ask(asked, {"-d", "extension=json", "-m"});
  if (!modules) return tl::make_unexpected(modules.error());
  binary.json_is_module = has_json(module_list(*modules));
  if (binary.json_is_module) return {};
  return fail(Failure::Kind::unusable, "this PHP " + binary.version + " has no json, with which the driver reads",
              binary.path, "Install it (Debian: apt-get install php" + binary.version.substr(0, 3) + "-json)");
}

// Of the programs of a kind with a version behind their name (php-fpm8.4) in these folders; the first of several that are
// alike.
std::string newest_program(const std::vector<std::string>& folders, const Kind& kind, const ProgramRoot& root) {
  std::string found;
  std::pair best(0, 0);
  const std::string format = std::string(kind.program) + "%d.%d%n";
  for (const std::string& folder : folders) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(root.outside(folder), ignored)) {
      std::pair version(0, 0);
      int end = 0;
      const std::string name = entry.path().filename().string();
      if (std::sscanf(name.c_str(), format.c_str(), &version.first, &version.second, &end) != 2) continue;
      if (static_cast<std::size_t>(end) != name.size() || version <= best ||
          !check_file(folder + "/" + name, kind, root))
        continue;
      best = version;
      found = folder + "/" + name;
    }
  }
  return found;
}

}  // namespace

Result<PhpBinary> inspect_php_binary(const std::string& path, const IniSettings& given, std::chrono::milliseconds limit,
                                     Sapi sapi, const ProgramRoot& root) {
  const Kind& kind = kind_of(sapi);
  PhpBinary binary;
  binary.root = root;
  std::error_code ignored;
  binary.path = std::filesystem::absolute(path, ignored).string();
  if (auto checked = check_file(binary.path, kind, root); !checked) return tl::make_unexpected(checked.error());
  if (auto checked = check_image(binary.path, root); !checked) return tl::make_unexpected(checked.error());
  const auto asked = with_directives(binary.path, given, limit, root);
  if (!asked) return tl::make_unexpected(asked.error());
  auto version = ask(*asked, {"-v"});
  if (!version) return tl::make_unexpected(version.error());
  if (auto clean = check_warnings(*version, binary.path); !clean) return tl::make_unexpected(clean.error());
  if (auto read = read_version(*version, binary, kind); !read) return tl::make_unexpected(read.error());
  if (auto read = read_opcache(binary, *version, *asked); !read) return tl::make_unexpected(read.error());
  auto information = ask(*asked, {"-i"});
  if (!information) return tl::make_unexpected(information.error());
  binary.extension_folder = text_after(*information, "\nextension_dir => ", " \n");
  binary.realpath_cache_size = text_after(*information, "\nrealpath_cache_size => ", " \n");
  binary.thread_safe = text_after(*information, "\nThread Safety => ", " \n") == "enabled";
  auto modules = ask(*asked, {"-m"});
  if (!modules) return tl::make_unexpected(modules.error());
  binary.modules = module_list(*modules);
  if (auto read = read_json(binary, *asked); !read) return tl::make_unexpected(read.error());
  return binary;
}

bool has_module(const std::string& program, const std::string& module, const ProgramRoot& root,
                std::chrono::milliseconds limit) {
  const auto modules = ask({program, {}, limit, root}, {"-m"});
  if (!modules) return false;
  const std::vector<std::string> names = module_list(*modules);
  return std::find(names.begin(), names.end(), module) != names.end();
}

Result<void> check_extension(const PhpBinary& binary, const IniSettings& given, const std::string& extension,
                             std::chrono::milliseconds limit) {
  const auto asked = with_directives(binary.path, given, limit, binary.root);
  if (!asked) return tl::make_unexpected(asked.error());
  auto assignment = ini_assignment("extension", extension);
  if (!assignment) return tl::make_unexpected(assignment.error());
  auto output = ask(*asked, {"-d", *assignment, "-v"});
  if (!output) return tl::make_unexpected(output.error());
  const std::string reason = text_after(*output, "PHP Startup: ", "\n<");
  if (reason.empty() && output->find("PHP " + binary.version) != std::string::npos) return {};
  return fail(Failure::Kind::unusable,
              "PHP " + binary.version + " cannot load this extension" + (reason.empty() ? "" : ": " + reason),
              extension,
              "Install it, or name the file with extension=/path/to/extension.so; bare names are looked for in " +
                  binary.extension_folder);
}

namespace {

Result<std::string> find_program(Sapi sapi, const std::string& search_path, const ProgramRoot& root) {
  const Kind& kind = kind_of(sapi);
  std::vector<std::string> folders;
  std::istringstream parts(search_path);
  for (std::string folder; std::getline(parts, folder, ':');) {
    if (!folder.empty()) folders.push_back(folder);
  }
  for (const std::string& folder : folders) {
    const std::string path = folder + "/" + kind.program;
    if (check_file(path, kind, root)) return path;
  }
  if (auto newest = newest_program(folders, kind, root); !newest.empty()) return newest;
  return fail(Failure::Kind::unusable, fmt::format("no {} found", kind.program),
              root.is_machine() ? search_path : root.folder() + ": " + search_path, kind.install);
}

// In a root of its own there is no PATH of somebody.
std::string path_variable(const ProgramRoot& root) {
  if (!root.is_machine()) return "";
  const char* path = std::getenv("PATH");
  return path ? path : "";
}

}  // namespace

Result<std::string> find_php_fpm(const std::string& search_path, const ProgramRoot& root) {
  return find_program(Sapi::fpm, search_path, root);
}

Result<std::string> find_php_cli(const ProgramRoot& root) {
  return find_program(Sapi::cli, path_variable(root) + ":/usr/bin:/usr/local/bin", root);
}

std::string find_cli_of(const std::string& php_fpm, const ProgramRoot& root) {
  constexpr std::string_view kFpm = "php-fpm";
  const std::string name = php_fpm.substr(php_fpm.rfind('/') + 1);
  if (!name.starts_with(kFpm)) return "";
  const std::string beside = php_fpm.substr(0, php_fpm.size() - name.size() - 1);
  std::istringstream folders(beside + ":" + path_variable(root) + ":/usr/bin:/usr/local/bin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string candidate = folder + "/php" + name.substr(kFpm.size());
    if (!folder.empty() && check_file(candidate, kind_of(Sapi::cli), root)) return candidate;
  }
  return "";
}

Result<std::string> find_php_fpm(const ProgramRoot& root) {
  return find_php_fpm(path_variable(root) + ":/usr/sbin:/usr/local/sbin", root);
}

}  // namespace assay::conformance::php
