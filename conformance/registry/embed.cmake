# Puts renamed_tests.txt into the library as a table.
function(assay_embed_renamed_tests target)
  set(file "${PROJECT_SOURCE_DIR}/conformance/registry/renamed_tests.txt")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
  file(STRINGS "${file}" lines REGEX "^[^#]")
  list(TRANSFORM lines REPLACE "^([^ ]+) ([^ ]+)$" "    {\"\\1\", \"\\2\"},")
  list(JOIN lines "\n" RENAMED_TESTS)
  configure_file("${PROJECT_SOURCE_DIR}/conformance/registry/renamed_tests.cpp.in"
                 "${CMAKE_CURRENT_BINARY_DIR}/renamed_tests.cpp" @ONLY)
  target_sources(${target} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/renamed_tests.cpp")
endfunction()
