#include "reference/config/blacklist.h"

#include <glob.h>

#include <algorithm>
#include <climits>
#include <filesystem>
#include <fstream>

namespace assay::reference {
namespace {

namespace fs = std::filesystem;

// What a pattern is made of. `?`: one character; `*`: any run of them; neither goes past a slash, as `**` does.
struct Piece {
  enum Kind { literal, any_one, run, run_across } kind;
  char character = 0;

  bool is_run() const { return kind == run || kind == run_across; }
  bool takes(char c) const {
    if (kind == literal) return c == character;
    return c != '/' || kind == run_across;
  }
};

std::vector<Piece> pieces_of(std::string_view pattern) {
  std::vector<Piece> pieces;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern.substr(at).starts_with("**"))
      pieces.push_back({Piece::run_across}), ++at;
    else if (pattern[at] == '*')
      pieces.push_back({Piece::run});
    else if (pattern[at] == '?')
      pieces.push_back({Piece::any_one});
    else
      pieces.push_back({Piece::literal, pattern[at]});
  }
  return pieces;
}

// Whether the path begins with what the pattern means; what is left of the path does not matter. All places of the
// pattern that a part of the path may have led to are followed at once, so that runs cost no more than their number.
bool is_beginning(std::string_view pattern, std::string_view path) {
  const std::vector<Piece> pieces = pieces_of(pattern);
  std::vector<bool> places(pieces.size() + 1);
  const auto enter = [&](std::vector<bool>& set, std::size_t place) {
    for (set[place] = true; place < pieces.size() && pieces[place].is_run(); set[place] = true) ++place;
  };
  enter(places, 0);
  for (const char c : path) {
    if (places.back()) return true;
    std::vector<bool> next(places.size());
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (places[i] && pieces[i].takes(c)) enter(next, pieces[i].is_run() ? i : i + 1);
    }
    places = std::move(next);
  }
  return places.back();
}

// Scripts are compared by their resolved paths, so links in what exists of the pattern are followed.
std::string resolved(const std::string& pattern, const std::string& directory) {
  std::error_code code;
  fs::path path = fs::weakly_canonical(fs::path(directory) / pattern, code);
  if (code) path = (fs::path(directory) / pattern).lexically_normal();
  std::string text = path.string();
  if (pattern.ends_with('/') && !text.ends_with('/')) text += '/';
  return text;
}

}  // namespace

Blacklist::Blacklist(const std::vector<std::string>& lines, const std::string& directory) {
  for (const std::string& line : lines) add(line, directory);
}

Blacklist Blacklist::read(const std::string& files) {
  Blacklist blacklist;
  glob_t found{};
  if (::glob(files.c_str(), 0, nullptr, &found) == 0) {
    for (std::size_t i = 0; i < found.gl_pathc; ++i) {
      const fs::path list(found.gl_pathv[i]);
      std::ifstream file(list);
      for (std::string line; std::getline(file, line);) {
        if (!file.eof() && line.ends_with('\r')) line.pop_back();
        blacklist.add(line.substr(0, line.find('\0')), list.parent_path().string());
      }
      ++blacklist.lists_;
    }
  }
  ::globfree(&found);
  return blacklist;
}

void Blacklist::add(std::string line, const std::string& directory) {
  if (line.starts_with(';') || line == "\"") return;
  if (line.size() >= 2 && line.front() == '"' && line.back() == '"') line = line.substr(1, line.size() - 2);
  if (line.empty()) return;
  std::string pattern = resolved(line, directory);
  // No path is so long, and what is left of one that was cut off would match others.
  if (pattern.size() < PATH_MAX) patterns_.push_back(std::move(pattern));
}

bool Blacklist::excludes(std::string_view resolved_path) const {
  return std::any_of(patterns_.begin(), patterns_.end(),
                     [&](const std::string& pattern) { return is_beginning(pattern, resolved_path); });
}

}  // namespace assay::reference
