# ASSAY_PORTABLE: a program that needs nothing but the C library, of the version of this machine or newer; for packages. Needs
# the archives of RE2 and pugixml. Debian has none of fmt, so it is made here from fmt's headers. What other projects link
# (find_package(Assay)) is not installed then: two copies of the C++ library in one process would not go well.
option(ASSAY_PORTABLE "Link all libraries but the C library statically" OFF)
if(NOT ASSAY_PORTABLE)
  return()
endif()

set(archive_folder "${PROJECT_BINARY_DIR}/portable")
add_library(assay_fmt STATIC "${PROJECT_SOURCE_DIR}/cmake/portable/fmt.cc")
target_include_directories(assay_fmt SYSTEM PRIVATE $<TARGET_PROPERTY:fmt::fmt,INTERFACE_INCLUDE_DIRECTORIES>)
set_target_properties(assay_fmt PROPERTIES ARCHIVE_OUTPUT_DIRECTORY "${archive_folder}")
get_target_property(fmt_configurations fmt::fmt IMPORTED_CONFIGURATIONS)
foreach(configuration ${fmt_configurations})
  set_target_properties(fmt::fmt PROPERTIES IMPORTED_LOCATION_${configuration} "${archive_folder}/libassay_fmt.a"
    IMPORTED_NO_SONAME_${configuration} ON)
endforeach()

set_target_properties(pugixml::pugixml PROPERTIES INTERFACE_LINK_LIBRARIES pugixml::static)
# With what RE2 itself is made of: Abseil, from its version of 2023 on.
set(re2_archives)
foreach(name ${re2_STATIC_LIBRARIES})
  find_library(ASSAY_ARCHIVE_${name} "lib${name}.a")
  if(ASSAY_ARCHIVE_${name})
    list(APPEND re2_archives "${ASSAY_ARCHIVE_${name}}")
  else()  # the compiler's own: libatomic
    list(APPEND re2_archives "-Wl,--push-state,--as-needed,-l${name},--pop-state")
  endif()
endforeach()
set_target_properties(PkgConfig::re2 PROPERTIES INTERFACE_LINK_LIBRARIES "${re2_archives};Threads::Threads")
add_link_options(-static-libstdc++ -static-libgcc)
add_dependencies(fmt::fmt assay_fmt)
