# Writes OUTPUT, a header with the commit of the checkout SOURCE: run at each build, changes the file only with the commit.
execute_process(COMMAND git -C "${SOURCE}" describe --always --dirty --abbrev=12 --exclude *
  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(failed)
  set(commit unknown)
endif()
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT "#define ASSAY_COMMIT \"${commit}\"\n")
