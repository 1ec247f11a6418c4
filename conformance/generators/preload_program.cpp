#include "conformance/generators/preload_program.h"

#include <algorithm>

#include "conformance/generators/preload_declarations.h"

namespace assay::conformance {
namespace {

// In the order of their dependencies. K0 is always there.
const std::vector<std::string> known_names = {"I0", "I1", "T0", "T1", "E0", "E1", "f0",
                                              "f1", "f2", "K0", "K1", "K2", "K3"};

std::vector<std::string> some_names(Draw& draw) {
  std::vector<std::string> chosen;
  std::copy_if(known_names.begin(), known_names.end(), std::back_inserter(chosen),
               [&](const std::string& name) { return name == "K0" || draw.percent(88); });
  return chosen;
}

std::string shown_or_thrown(const std::string& expression) {
  return "try { show(" + expression +
         "); } catch (\\Throwable $e) { echo get_class($e), '(', $e->getMessage(), ');'; }\n";
}

}  // namespace

PreloadProgram random_preload_program(Draw& draw, const PreloadProgramOptions& options) {
  PreloadProgram program;
  const std::vector<std::string> chosen = some_names(draw);
  const auto files = draw.between(1, 4);
  Library library;
  library.late_statics = options.late_statics;
  library.all.insert(chosen.begin(), chosen.end());
  for (const std::string& name : chosen) {
    const auto at = library.names.size() * static_cast<std::size_t>(files) / chosen.size();
    if (program.files.size() <= at) program.files.push_back("<?php\n");
    const std::string tag(1, static_cast<char>('a' + static_cast<char>(at)));
    program.files.back() += random_library_declaration(draw, name, tag, library) + "\n";
  }
  for (std::string& text : program.files)
    if (draw.percent(30)) text += "return 'result';\n";
  for (auto left = draw.between(1, 3); left > 0; --left) {
    std::string text;
    // What a child inherits, asked of the child first.
    if (options.late_statics && draw.percent(60))
      text += shown_or_thrown("K" + std::to_string(draw.between(1, 3)) + "::$n");
    for (auto lines = draw.between(4, 12); lines > 0; --lines) text += shown_or_thrown(random_library_use(draw));
    program.uses.push_back(std::move(text));
  }
  for (auto left = draw.between(0, 4); left > 0; --left)
    program.spoils.push_back("try { [" + random_library_use(draw) + "]; } catch (\\Throwable $e) { }\n");
  return program;
}

}  // namespace assay::conformance
