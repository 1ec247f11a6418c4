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

# ASSAY_LIBC: of an older version than this machine's. Only the linker looks there, first of all: the sources see this machine's
# headers, so that what is compiled is the same as elsewhere (ccache has it), and what those declare and the older library lacks is
# an error of the linker. Beyond it no such program may rely on what newer headers make of a name: PTHREAD_STACK_MIN and SIGSTKSZ
# became questions to sysconf() that an older library does not know. A small archive has what
# else the archive of the C++ library wants.
set(ASSAY_LIBC "" CACHE PATH "Folder with an older glibc to link against (scripts/lib/old_libc.sh makes one)")
if(NOT ASSAY_LIBC)
  return()
endif()
foreach(kind EXE SHARED MODULE)
  string(APPEND CMAKE_${kind}_LINKER_FLAGS " --sysroot=${ASSAY_LIBC} -B${ASSAY_LIBC}/usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}")
endforeach()
# Compiled at once, so that it can stand at the end of each command of the linker.
set(old_libc_source "${PROJECT_SOURCE_DIR}/cmake/portable/old_libc.c")
set(old_libc "${PROJECT_BINARY_DIR}/old_libc")
execute_process(COMMAND_ERROR_IS_FATAL ANY
  COMMAND "${CMAKE_C_COMPILER}" -O2 -fPIC -Wall -Wextra -c "${old_libc_source}" -o "${old_libc}.o")
execute_process(COMMAND_ERROR_IS_FATAL ANY
  COMMAND "${CMAKE_AR}" rcs "${old_libc}.a" "${old_libc}.o")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${old_libc_source}")
# Since glibc 2.34 the last three are part of libc. The archive of the C++ library stands before all: some linkers look only once.
set(late_archives "${old_libc}.a -Wl,--push-state,--as-needed,-lpthread,-ldl,-lrt,--pop-state")
string(APPEND CMAKE_C_STANDARD_LIBRARIES " ${late_archives}")
string(APPEND CMAKE_CXX_STANDARD_LIBRARIES " -l:libstdc++.a ${late_archives}")
