# Installs the build into a scratch folder and runs a program under the flywheel-run that is there.
# cmake -DBUILD_DIR=… -DWORK_DIR=… -DBINDIR=… -DPROGRAM=… -P installed.cmake
file(REMOVE_RECURSE ${WORK_DIR})
execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${WORK_DIR} OUTPUT_QUIET
    COMMAND_ERROR_IS_FATAL ANY)

execute_process(COMMAND ${WORK_DIR}/${BINDIR}/flywheel-run ${PROGRAM} applications OUTPUT_VARIABLE output
    COMMAND_ERROR_IS_FATAL ANY)
if(NOT output MATCHES "first: Flywheel::EventDispatcher")
    message(FATAL_ERROR "the installed launcher did not serve the program:\n${output}")
endif()
