# The suite itself, run on the targets that can be had here, as tests of ctest.
#
# A target's listed deviations stand beside its adapter, as conformance/adapters/*/expectations/NAME.jsonl: with such a file a
# run passes when it finds nothing but what is listed.
# Each run has its own processes and judges hangs by real time, so no two run at once.
function(assay_suite_test name)
  cmake_parse_arguments(test "" "TARGET;TIMEOUT" "WITHOUT" ${ARGN})
  if(NOT test_TARGET)
    set(test_TARGET ${name})
  endif()
  file(GLOB expectations CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/conformance/adapters/*/expectations/${name}.jsonl")
  set(arguments --target ${test_TARGET} --profile quick --seed 1)
  foreach(glob IN LISTS test_WITHOUT)
    list(APPEND arguments --filter "!${glob}")
  endforeach()
  if(expectations)
    list(APPEND arguments --expectations ${expectations})
  endif()
  add_test(NAME suite.${name} COMMAND assay run ${arguments})
  set_tests_properties(suite.${name} PROPERTIES LABELS suite RUN_SERIAL TRUE TIMEOUT ${test_TIMEOUT})
endfunction()

function(assay_script_test name)
  add_test(NAME scripts.${name} COMMAND "${PROJECT_SOURCE_DIR}/scripts/tests/${name}-test")
  set_tests_properties(scripts.${name} PROPERTIES LABELS unit TIMEOUT 60)
endfunction()

assay_script_test(check-leftovers)
assay_script_test(install-dependencies)
assay_script_test(check-layers)
# Skipped where there is no libclang, which nothing else needs.
assay_script_test(plant-operators)
set_tests_properties(scripts.plant-operators PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)

add_test(NAME layers COMMAND "${PROJECT_SOURCE_DIR}/scripts/check-layers")
set_tests_properties(layers PROPERTIES LABELS unit TIMEOUT 60)

if(TARGET assay)
  add_test(NAME scripts.bad-input COMMAND "${PROJECT_SOURCE_DIR}/scripts/tests/bad-input-test" "$<TARGET_FILE:assay>")
  set_tests_properties(scripts.bad-input PROPERTIES LABELS unit TIMEOUT 120)
  add_test(NAME scripts.operators COMMAND "${PROJECT_SOURCE_DIR}/scripts/tests/operators-test" "$<TARGET_FILE:assay>")
  set_tests_properties(scripts.operators PROPERTIES LABELS unit TIMEOUT 120)
  add_test(NAME scripts.hostile-trace COMMAND "${PROJECT_SOURCE_DIR}/scripts/tests/hostile-trace-test" "$<TARGET_FILE:assay>")
  set_tests_properties(scripts.hostile-trace PROPERTIES LABELS unit TIMEOUT 120)
  # Skipped where there is no browser, which nothing else needs.
  add_test(NAME scripts.page COMMAND "${PROJECT_SOURCE_DIR}/scripts/tests/page-test" "$<TARGET_FILE:assay>")
  set_tests_properties(scripts.page PROPERTIES LABELS unit TIMEOUT 300 SKIP_RETURN_CODE 77)
  add_test(NAME scripts.interrupt COMMAND "${PROJECT_SOURCE_DIR}/scripts/tests/interrupt-test" "$<TARGET_FILE:assay>")
  set_tests_properties(scripts.interrupt PROPERTIES LABELS suite RUN_SERIAL TRUE TIMEOUT 120)
  if(ASSAY_SANITIZE MATCHES "thread")
    # ThreadSanitizer is blind across processes: workers are threads over one mapping.
    assay_suite_test(reference TARGET reference:workers=threads TIMEOUT 600)
  elseif(ASSAY_SANITIZE)
    assay_suite_test(reference TIMEOUT 600)
  else()
    assay_suite_test(reference TIMEOUT 120)
    add_test(NAME scripts.phpt-of-clauses COMMAND "${PROJECT_SOURCE_DIR}/scripts/tests/phpt-of-clauses-test" "$<TARGET_FILE:assay>")
    set_tests_properties(scripts.phpt-of-clauses PROPERTIES LABELS unit TIMEOUT 120)
    # Binaries that are not ours cannot load a library that is built with sanitizers.
    foreach(part maps hostile methods)
      add_test(NAME scripts.php-map-${part} COMMAND "${PROJECT_SOURCE_DIR}/scripts/tests/php-map-test" "$<TARGET_FILE:assay>" ${part})
      set_tests_properties(scripts.php-map-${part} PROPERTIES LABELS unit TIMEOUT 1200 SKIP_RETURN_CODE 77)
    endforeach()
    add_test(NAME scripts.php-map-page COMMAND "${PROJECT_SOURCE_DIR}/scripts/tests/php-map-page-test" "$<TARGET_FILE:assay>")
    set_tests_properties(scripts.php-map-page PROPERTIES LABELS unit TIMEOUT 1200 SKIP_RETURN_CODE 77)
    assay_suite_test(php-fpm TIMEOUT 300)
    assay_suite_test(apcu TIMEOUT 300)
  endif()
endif()
