#include "conformance/adapters/process/command_words.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <sstream>

namespace assay::conformance::process {

Expected<std::vector<std::string>> command_words(const std::string& text) {
  std::vector<std::string> words;
  std::optional<std::string> word;
  char quote = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool is_blank = c == ' ' || c == '\t' || c == '\n';
    if (quote == '\0' && is_blank) {
      if (word) words.push_back(*std::exchange(word, std::nullopt));
      continue;
    }
    if (!word) word.emplace();
    if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
      *word += text[++i];
    } else if (quote == '\0' && (c == '\'' || c == '"')) {
      quote = c;
    } else if (quote != '\0' && c == quote) {
      quote = '\0';
    } else {
      *word += c;
    }
  }
  if (quote != '\0') return failure(fmt::format("command={}: the quote {} does not end", text, quote), EINVAL);
  if (word) words.push_back(*word);
  if (words.empty()) return failure("command= names no program; write command=\"python3 store.py\", say", EINVAL);
  return words;
}

namespace {

bool is_program(const std::string& file) {
  struct stat about {};
  return ::stat(file.c_str(), &about) == 0 && S_ISREG(about.st_mode) && ::access(file.c_str(), X_OK) == 0;
}

}  // namespace

Expected<std::string> find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) {
    if (is_program(name)) return name;
    struct stat about {};
    if (::stat(name.c_str(), &about) != 0)
      return failure(fmt::format("command: there is no program {}: {}", name, std::strerror(errno)));
    return failure(
        fmt::format("command: {} cannot be executed; is it a program, and allowed to run (chmod +x)?", name));
  }
  const char* path = std::getenv("PATH");
  std::istringstream folders(path ? path : "/usr/local/bin:/usr/bin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string file = (folder.empty() ? "." : folder) + "/" + name;
    if (is_program(file)) return file;
  }
  return failure(fmt::format("command: there is no program {} in PATH ({})", name, path ? path : "not set"));
}

}  // namespace assay::conformance::process
