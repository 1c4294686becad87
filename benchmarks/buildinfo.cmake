# Run by each build: writes buildinfo.h anew when the commit has changed. Empty outside a git checkout.
execute_process(
    COMMAND git describe --always --dirty --abbrev=12
    WORKING_DIRECTORY ${SOURCE_DIR}
    OUTPUT_VARIABLE FLYWHEEL_COMMIT
    OUTPUT_STRIP_TRAILING_WHITESPACE
    ERROR_QUIET)
configure_file(${SOURCE_DIR}/buildinfo.h.in ${OUTPUT} @ONLY)
