# The parts of the project and the arrows between them, read from the table of docs/architecture.md, which is their master:
#
#   | `conformance/scenario` | `conformance/vocabulary`, `conformance/adapter` | ... |
#
# assay_layer(PART LIBRARY...): the static library of all sources below PART that are in no part of their own, linked to the
# parts that the table lets it include and to the given libraries from outside. Its name is assay_PART without the first
# folder (assay_scenario, assay_adapters_php). scripts/check-layers holds each #include against the same table.
set(ASSAY_LAYER_TABLE "${PROJECT_SOURCE_DIR}/docs/architecture.md")
set_property(DIRECTORY "${PROJECT_SOURCE_DIR}" APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${ASSAY_LAYER_TABLE}")

function(assay_layer_name part result)
  string(REGEX REPLACE "^(conformance|faults)/" "" name "${part}")
  string(REPLACE "/" "_" name "${name}")
  set(${result} "assay_${name}" PARENT_SCOPE)
endfunction()

# The parts that may be included by a part; fails where the table has no row for it.
function(assay_layer_needs part result)
  file(STRINGS "${ASSAY_LAYER_TABLE}" rows REGEX "^\\| `[a-z_/]+` \\| ")
  foreach(row IN LISTS rows)
    if(row MATCHES "^\\| `${part}` \\| ([^|]*) \\|")
      string(REGEX MATCHALL "[a-z_/]+" needs "${CMAKE_MATCH_1}")
      set(${result} "${needs}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  message(FATAL_ERROR "${part} has no row in the table of ${ASSAY_LAYER_TABLE}: say there what it may include")
endfunction()

function(assay_layer part)
  assay_layer_name("${part}" name)
  assay_layer_needs("${part}" needs)
  set(folder "${PROJECT_SOURCE_DIR}/${part}")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${folder}/*.cpp" "${folder}/*.h")
  # What lies below is another part's where it has a row of its own; tests have a program of their own.
  file(STRINGS "${ASSAY_LAYER_TABLE}" rows REGEX "^\\| `${part}/[a-z_/]+` \\| ")
  foreach(row IN LISTS rows)
    string(REGEX MATCH "`[a-z_/]+`" inner "${row}")
    string(REPLACE "`" "" inner "${inner}")
    list(FILTER sources EXCLUDE REGEX "^${PROJECT_SOURCE_DIR}/${inner}/")
  endforeach()
  list(FILTER sources EXCLUDE REGEX "^${folder}/tests/")
  assay_units(${name} sources ${sources})
  add_library(${name} STATIC ${sources})
  set_property(GLOBAL APPEND PROPERTY ASSAY_LAYERS ${name})
  set_property(GLOBAL APPEND PROPERTY ASSAY_LAYER_LIBRARIES ${ARGN})
  assay_compile_options(${name})
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(${name} PUBLIC tl::expected Threads::Threads ${ARGN})
  foreach(need IN LISTS needs)
    assay_layer_name("${need}" library)
    target_link_libraries(${name} PUBLIC ${library})
  endforeach()
endfunction()
