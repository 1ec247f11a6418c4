# What every target of the project shares: language level, warnings, compiler cache, linker, and the shape of
# test programs, which glob the mirrored test folders. The libraries are in AssayLayers.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_C_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()

set(ASSAY_SANITIZE "" CACHE STRING "Sanitizers to build with, as -fsanitize= takes them (address,undefined or thread)")
if(ASSAY_SANITIZE)
  add_compile_options(-fsanitize=${ASSAY_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -g1)
  add_link_options(-fsanitize=${ASSAY_SANITIZE})
endif()

# Tests are compiled more often than they run: a fifth of the time of a whole build goes with -O1 instead of -O2.
set(ASSAY_TEST_OPTIONS "" CACHE STRING "Compiler options for the suite's tests and for the project's own, after all others")

function(assay_compile_options target)
  set(quirks)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    set(quirks -Wno-restrict)  # false alarms of GCC 12 on "text" + std::string (GCC bug 105651)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND ASSAY_SANITIZE)
    list(APPEND quirks -Wno-maybe-uninitialized)  # false alarms inside <regex> once the code is instrumented
  endif()
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wshadow ${quirks} $<$<BOOL:${ASSAY_WARNINGS_AS_ERRORS}>:-Werror>)
  target_include_directories(${target} PUBLIC "${PROJECT_SOURCE_DIR}")
endfunction()

# assay_test_program(NAME LIBRARY...) : a GoogleTest program of all *_test.cpp below the current directory.
function(assay_test_program name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*_test.cpp")
  if(NOT sources)
    return()
  endif()
  assay_units(${name} sources ${sources})
  add_executable(${name} ${sources})
  assay_compile_options(${name})
  target_compile_options(${name} PRIVATE ${ASSAY_TEST_OPTIONS})
  target_link_libraries(${name} PRIVATE ${ARGN} PkgConfig::re2 GTest::gtest GTest::gmock GTest::gtest_main)
  include(GoogleTest)
  gtest_discover_tests(${name} TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60 PROPERTIES LABELS unit TIMEOUT 300)
endfunction()

# assay_source_dir_header(TARGET) : lets its sources include "source_dir.h", which defines ASSAY_SOURCE_DIR. A header, and not
# an option of all sources, so that what does not ask for it compiles alike in every clone (and ccache knows it).
function(assay_source_dir_header target)
  file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/source_dir/source_dir.h" @ONLY
       CONTENT "#pragma once\n#define ASSAY_SOURCE_DIR \"@PROJECT_SOURCE_DIR@\"\n")
  target_include_directories(${target} PRIVATE "${PROJECT_BINARY_DIR}/source_dir")
endfunction()
