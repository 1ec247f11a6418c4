# cmake --install BUILD --prefix P: the program, and what find_package(Assay) gives to other projects (docs/adapter-guide.md).
# Nothing in it knows where it was built, nor P: it may be moved.
#
#   P/bin                    assay, assay-control
#   P/lib                    libassay_conformance.so, cmake/Assay
#   P/lib/assay              the interposer; examples/: the plugins of `assay demo`
#   P/include/assay          the headers that an adapter needs; P/include/assay_plugin.h
#   P/share/assay            expectations, maps, the driver, examples
#   P/share/doc/assay        the documents, the licence
#   P/share/man, bash-completion, zsh, fish: the manual page and the completions
#   P/share/pkgconfig        assay.pc, for plugins
#

install(TARGETS assay assay-control RUNTIME DESTINATION bin)
install(TARGETS assay_interposer LIBRARY DESTINATION lib/assay)
install(FILES conformance/adapters/plugin/assay_plugin.h DESTINATION include)

get_property(examples GLOBAL PROPERTY ASSAY_EXAMPLES)
install(TARGETS ${examples} LIBRARY DESTINATION lib/assay/examples)
install(DIRECTORY examples/adapters DESTINATION share/assay/examples USE_SOURCE_PERMISSIONS PATTERN __pycache__ EXCLUDE)
install(DIRECTORY examples/out-of-tree DESTINATION share/assay/examples)
install(DIRECTORY conformance/adapters/php/expectations conformance/adapters/php/differences conformance/adapters/php/maps
  conformance/adapters/php/driver
  DESTINATION share/assay FILES_MATCHING PATTERN "*.jsonl" PATTERN "*.php")
# The program makes its manual page and its completions from its own --help.
set(pages "${PROJECT_BINARY_DIR}/pages")
add_custom_command(OUTPUT "${pages}/assay.1" "${pages}/assay-control.1" "${pages}/assay" "${pages}/_assay" "${pages}/assay.fish" DEPENDS assay assay-control VERBATIM
  COMMAND ${CMAKE_COMMAND} -E make_directory "${pages}"
  COMMAND assay man > "${pages}/assay.1"
  COMMAND assay-control man > "${pages}/assay-control.1"
  COMMAND assay completion bash > "${pages}/assay"
  COMMAND assay completion zsh > "${pages}/_assay"
  COMMAND assay completion fish > "${pages}/assay.fish")
add_custom_target(assay_pages ALL DEPENDS "${pages}/assay.1")
install(FILES "${pages}/assay.1" "${pages}/assay-control.1" DESTINATION share/man/man1)
install(FILES "${pages}/assay" DESTINATION share/bash-completion/completions)
install(FILES "${pages}/_assay" DESTINATION share/zsh/site-functions)
install(FILES "${pages}/assay.fish" DESTINATION share/fish/vendor_completions.d)

configure_file(cmake/assay.pc.in "${PROJECT_BINARY_DIR}/assay.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/assay.pc" DESTINATION share/pkgconfig)

install(FILES LICENSE README.md CHANGELOG.md DESTINATION share/doc/assay)
install(DIRECTORY docs/ DESTINATION share/doc/assay/docs)

if(ASSAY_PORTABLE OR NOT ASSAY_INSTALL_LIBRARY)
  return()
endif()

# For other projects: one shared library of all parts and all tests. Tests register themselves before main(), and a linker
# drops none of them.
include(CMakePackageConfigHelpers)
get_property(layers GLOBAL PROPERTY ASSAY_LAYERS)
get_property(libraries GLOBAL PROPERTY ASSAY_LAYER_LIBRARIES)
list(REMOVE_DUPLICATES libraries)
set(objects ${layers} assay_catalogue_table assay_suite assay_main)
list(TRANSFORM objects REPLACE "(.+)" "$<TARGET_OBJECTS:\\1>")
add_library(assay_shared SHARED ${objects})
target_link_libraries(assay_shared PRIVATE ${libraries} PUBLIC tl::expected Threads::Threads)
target_include_directories(assay_shared INTERFACE "$<INSTALL_INTERFACE:include/assay>")
target_compile_features(assay_shared INTERFACE cxx_std_20)
set_target_properties(assay_shared PROPERTIES LINKER_LANGUAGE CXX OUTPUT_NAME assay_conformance EXPORT_NAME conformance)

install(TARGETS assay_shared EXPORT AssayTargets LIBRARY DESTINATION lib)
install(EXPORT AssayTargets NAMESPACE Assay:: DESTINATION lib/cmake/Assay)
configure_package_config_file(cmake/AssayConfig.cmake.in "${PROJECT_BINARY_DIR}/AssayConfig.cmake"
  INSTALL_DESTINATION lib/cmake/Assay NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/AssayConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/AssayConfig.cmake" "${PROJECT_BINARY_DIR}/AssayConfigVersion.cmake" DESTINATION lib/cmake/Assay)

foreach(part support faults/points conformance/vocabulary conformance/adapter)
  install(DIRECTORY ${part} DESTINATION include/assay/${part}/.. FILES_MATCHING PATTERN "*.h" PATTERN "*.def" PATTERN tests EXCLUDE)
endforeach()
install(FILES conformance/program/assay_main.h DESTINATION include/assay/conformance/program)
