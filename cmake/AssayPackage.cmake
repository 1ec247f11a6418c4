# cpack in a build folder: a package of Debian and a tarball of the program, for machines with the C library of this one or a
# newer one. Configure with -DASSAY_PORTABLE=ON (scripts/package does), so that it depends on nothing else.
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME assay)
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "conformance and fault injection suite for PHP caches")
set(CPACK_PACKAGE_VENDOR "Assay")
set(CPACK_PACKAGE_CONTACT "Assay maintainers <maintainers@assay.invalid>")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "php-fpm, nginx, strace")
set(CPACK_PACKAGE_DESCRIPTION "Assay tells whether a PHP cache can be trusted: the script cache (OPcache), the
realpath cache, or a cache of values such as APCu. It kills workers in the
middle of a write, interrupts lock calls, exhausts memory and compares every
reply with a model of the specification.")
set(CPACK_PROJECT_CONFIG_FILE "${PROJECT_SOURCE_DIR}/cmake/package/project.cmake")

# What Debian wants beside what cmake --install gives.
set(package_files "${PROJECT_BINARY_DIR}/package")
string(TIMESTAMP package_date "%a, %d %b %Y %H:%M:%S +0000" UTC)
configure_file(cmake/package/changelog.in "${package_files}/changelog" @ONLY)
configure_file(cmake/package/copyright.in "${package_files}/copyright" @ONLY)
set(CPACK_PRE_BUILD_SCRIPTS "${PROJECT_SOURCE_DIR}/cmake/package/debian_files.cmake")
set(CPACK_ASSAY_PACKAGE_FILES "${package_files}")
include(CPack)
