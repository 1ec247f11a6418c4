#include "conformance/generators/program.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/generators/program_declarations.h"

namespace assay::conformance {
namespace {

constexpr int most_files = 4;

class ProgramWriter {
 public:
  ProgramWriter(Draw& draw, const ProgramOptions& options) : draw_(draw), options_(options) {
    for (const std::string& name : program_names()) free_.push_back(name);
  }

  Program write() {
    const auto files = draw_.between(1, most_files);
    // From the last to the first: a file includes only later ones.
    for (std::int64_t i = files; i-- > 0;) add_file(static_cast<char>('a' + i));
    if (draw_.percent(25)) add_autoloaded();
    std::reverse(program_.files.begin(), program_.files.end());
    const auto requests = draw_.between(1, 3);
    for (int i = 0; i < requests; ++i) program_.requests.push_back(request());
    return std::move(program_);
  }

 private:
  struct Known {
    std::string name;
    bool declares = false;  // something that a second inclusion declares again
  };

  std::string take_name() {
    const auto at = draw_.below(static_cast<std::int64_t>(free_.size()));
    std::string name = free_[static_cast<std::size_t>(at)];
    free_.erase(free_.begin() + at);
    return name;
  }

  void add_file(char letter) {
    ProgramFile file{fmt::format("{}.php", letter), {}};
    std::vector<std::string> names;
    for (auto left = draw_.between(0, 4); left > 0 && !free_.empty(); --left) names.push_back(take_name());
    if (!options_.early_use) keep_one_class(names);
    bool declares = false;
    const auto versions = draw_.percent(30) ? 2 : 1;
    for (int version = 0; version < versions; ++version)
      file.versions.push_back(content(names, fmt::format("{}{}", letter, version), declares));
    known_.push_back({file.name, declares});
    program_.files.push_back(std::move(file));
  }

  // And as the first: nothing stands above a declaration, and none behind one that may throw.
  static void keep_one_class(std::vector<std::string>& names) {
    const auto is_class = [](const std::string& name) { return name[0] != 'f' && name[0] != 'C'; };
    const auto first = std::find_if(names.begin(), names.end(), is_class);
    if (first == names.end()) return;
    const std::string kept = *first;
    std::erase_if(names, is_class);
    names.insert(names.begin(), kept);
  }

  // A class that another file finds by its name.
  void add_autoloaded() {
    const auto found = std::find_if(free_.begin(), free_.end(), [](const std::string& name) { return name[0] == 'K'; });
    if (found == free_.end()) return;
    const std::string name = *found;
    free_.erase(found);
    const std::string declaration = random_declaration(draw_, name, "auto", options_.repeated);
    program_.files.push_back({name + ".php", {"<?php\n" + declaration + "\n"}});
    const std::string last = known_.back().name;  // the first file of the program
    for (ProgramFile& file : program_.files) {
      if (file.name != last) continue;
      for (std::string& text : file.versions) add_autoloader(text);
    }
  }
  static void add_autoloader(std::string& text) {
    const auto at = text.find("<?php\n");
    text.insert(at + 6,
                "spl_autoload_register(function ($c) { echo \"load $c \"; if (file_exists(__DIR__ . \"/$c.php\")) "
                "include_once __DIR__ . \"/$c.php\"; });\n");
  }

  std::string content(const std::vector<std::string>& names, const std::string& tag, bool& declares) {
    std::vector<std::string> lines;
    std::size_t last_declared = 0;
    bool has_child = false;  // which the cache may declare earlier, where its parent is known
    for (const std::string& name : names) {
      std::string line = random_declaration(draw_, name, tag, options_.repeated);
      const bool guards = draw_.percent(20);
      if (guards) line = guarded(name, line);
      declares = declares || (is_declared_once(name) && !guards);
      has_child = has_child || line.find(" extends ") != std::string::npos;
      lines.push_back(std::move(line));
      last_declared = lines.size();
    }
    warns_never_ = has_child && !options_.repeated;
    for (auto left = draw_.between(1, 6); left > 0; --left) {
      const auto first =
          options_.early_use && (options_.repeated || !has_child) ? 0 : static_cast<std::int64_t>(last_declared);
      const auto at = draw_.between(first, static_cast<std::int64_t>(lines.size()));
      lines.insert(lines.begin() + at, statement(names));
    }
    return text_of(lines, tag, declares);
  }

  std::string statement(const std::vector<std::string>& names) {
    std::string made;
    draw_.weighted({
        {50, [&] { made = shown(random_expression(draw_)); }},
        {15, [&] { made = shown(inclusion()); }},
        {5, [&] { made = early_return(names); }},
        {2, [&] { made = "throw new Exception('thrown ' . __LINE__);"; }},
        {3, [&] { made = "try { echo f0(); } finally { echo 'finally;'; }"; }},
        {3,
         [&] { made = "foreach ([1, 2] as $i) switch ($i) { case 2: echo 'two;'; break; default: echo \"$i;\"; }"; }},
        {2, [&] { made = "?>\ntext <?= __LINE__ ?>\n<?php"; }},
        {options_.compile_warnings && !warns_never_ ? 4 : 0, [&] { made = compile_warning(); }},
        {handles() ? 5 : 0, [&] { made = error_handling(); }},
        {handles() ? 2 : 0, [&] { made = "trigger_error('told ' . __LINE__, E_USER_WARNING);"; }},
        {options_.shutdown ? 4 : 0, [&] { made = shutdown(); }},
        {1, [&] { made = "exit('gone ' . __LINE__);"; }},
    });
    return made;
  }

  bool handles() const { return options_.handlers && (options_.handled_warnings || !options_.compile_warnings); }

  std::string error_handling() {
    return draw_.one_of<std::string>(
        {"set_error_handler(function ($level, $text) { echo \"handled($level $text);\"; return true; });",
         "set_error_handler(function ($level, $text) { echo \"seen($level);\"; return false; });",
         "set_error_handler(function ($level, $text) { throw new Exception(\"thrown($text)\"); });",
         "set_error_handler('f1', E_WARNING | E_NOTICE);", "set_error_handler(null);", "restore_error_handler();",
         "echo @$silent, @[1][2];"});
  }

  // Shown where the program is a main script.
  std::string shutdown() {
    std::string what = shown(random_expression(draw_));
    if (draw_.percent(30)) what = inclusion() + ";";
    if (draw_.percent(10)) what = "exit('late');";
    return fmt::format("register_shutdown_function(function () {{ echo 'shutdown ', __LINE__, ';'; {} }});", what);
  }

  // Files that are there later are known earlier: a file never includes itself.
  std::string inclusion() {
    if (known_.empty()) return "include __DIR__ . '/none.php'";
    const Known& file = draw_.one_of(known_);
    const std::string text = fmt::format("{} __DIR__ . '/{}'", how(file), file.name);
    return draw_.percent(20) ? fmt::format("(function () {{ $counted = 5; return {}; }})()", text) : text;
  }

  std::string how(const Known& file) {
    const bool once = file.declares && !options_.repeated;
    return once ? draw_.one_of<std::string>({"include_once", "require_once"})
                : draw_.one_of<std::string>({"include", "include_once", "require", "require_once"});
  }

  std::string early_return(const std::vector<std::string>& names) {
    if (!options_.repeated || names.empty()) return "if (defined('C1')) return 'early';";
    return fmt::format("if ({}) return 'early';", is_declared(draw_.one_of(names)));
  }

  std::string compile_warning() {
    return draw_.one_of<std::string>(
        {"$f = function ($a = 1, $b) { return $b; };", "foreach ([1] as $i) { switch ($i) { case 1: continue; } }"});
  }

  // A file that halts the compiler declares a constant.
  std::string text_of(const std::vector<std::string>& lines, const std::string& tag, bool& declares) {
    std::string text;
    if (draw_.percent(8)) text += "#!/usr/bin/env php\n";
    if (draw_.percent(8)) text += "text of " + tag + "\n";
    text += "<?php\n";
    for (const std::string& line : lines) text += line + "\n";
    draw_.weighted({{40, [&] { text += "return '" + tag + "';\n"; }},
                    {20, [&] { text += "return [__LINE__, count(get_included_files())];\n"; }},
                    {30, [] {}},
                    {5,
                     [&] {
                       text += "__halt_compiler();\nthis is <?php no code\n";
                       declares = true;
                     }},
                    {5, [&] { text += "?>\nthe end\n"; }},
                    {3, [&] { text += "const ;\n"; }},
                    {2, [&] { text += "function g() {}\nfunction g() {}\n"; }}});
    return text;
  }

  std::vector<ProgramUse> request() {
    std::vector<ProgramUse> uses;
    for (auto left = draw_.between(1, 3); left > 0; --left) {
      const Known& file = draw_.one_of(known_);
      uses.push_back({how(file), file.name});
    }
    return uses;
  }

  Draw& draw_;
  const ProgramOptions& options_;
  Program program_;
  std::vector<std::string> free_;
  std::vector<Known> known_;
  bool warns_never_ = false;  // PHP loses recorded warnings of a file with a child (docs/findings.md)
};

}  // namespace

std::string Program::probe() {
  std::string text = "<?php return [";
  for (const std::string& name : program_names()) text += fmt::format("'{}' => {}, ", name, is_declared(name));
  return text + "];\n";
}

Program random_program(Draw& draw, const ProgramOptions& options) {
  return ProgramWriter(draw, options).write();
}

}  // namespace assay::conformance
