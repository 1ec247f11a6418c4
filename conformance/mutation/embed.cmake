# Embeds faults/mutants/*.json into the program: -DFOLDER=... -DOUTPUT=...
file(GLOB files "${FOLDER}/*.json")
set(entries "")
foreach(file IN LISTS files)
  get_filename_component(name "${file}" NAME_WE)
  file(READ "${file}" text)
  string(APPEND entries "    {\"${name}\", R\"mutant(${text})mutant\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "#include \"conformance/mutation/mutant_files.h\"

#include <vector>

namespace assay::conformance {

std::span<const std::pair<std::string_view, std::string_view>> mutant_files() {
  static const std::vector<std::pair<std::string_view, std::string_view>> files = {
${entries}  };
  return files;
}

}  // namespace assay::conformance
")
