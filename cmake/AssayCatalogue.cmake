# assay_catalogue(LIBRARY): compiles the clauses of docs/spec into the library, through a generator that is built first.
function(assay_catalogue library)
  set(folder "${PROJECT_SOURCE_DIR}/conformance/catalogue")
  add_executable(assay_catalogue_generator
    "${PROJECT_SOURCE_DIR}/conformance/catalogue_generator/main.cpp"
    "${folder}/spec_reader.cpp" "${folder}/catalogue_names.cpp" "${folder}/clause_tables.cpp" "${folder}/php_version.cpp")
  assay_compile_options(assay_catalogue_generator)
  target_link_libraries(assay_catalogue_generator PRIVATE tl::expected PkgConfig::re2)
  # Where the project is built for another machine, this program still runs here.
  set_target_properties(assay_catalogue_generator PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tools")

  file(GLOB pages RELATIVE "${PROJECT_SOURCE_DIR}" CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/docs/spec/*.md")
  list(FILTER pages EXCLUDE REGEX "/README\\.md$")
  list(SORT pages)
  list(TRANSFORM pages PREPEND "${PROJECT_SOURCE_DIR}/" OUTPUT_VARIABLE page_files)
  set(output "${CMAKE_CURRENT_BINARY_DIR}/catalogue/clauses.cpp")
  file(MAKE_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/catalogue")
  add_custom_command(OUTPUT "${output}"
    COMMAND assay_catalogue_generator "${output}" "${PROJECT_SOURCE_DIR}" ${pages}
    DEPENDS assay_catalogue_generator ${page_files}
    COMMENT "Reading the clauses of docs/spec"
    VERBATIM)
  # Objects of their own: sources of the library itself would wait for everything that the library links.
  add_library(assay_catalogue_table OBJECT "${output}")
  assay_compile_options(assay_catalogue_table)
  target_sources(${library} PRIVATE $<TARGET_OBJECTS:assay_catalogue_table>)
endfunction()
