# Installs the build into a scratch folder, builds the consumer against it by find_package()
# and runs it.
# cmake -DBUILD_DIR=… -DWORK_DIR=… -DCOMPILER=… -DFLAGS=… -P run.cmake
function(run)
    execute_process(COMMAND ${ARGV} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT result EQUAL 0)
        message(FATAL_ERROR "${ARGV} ended with ${result}:\n${output}")
    endif()
endfunction()

file(REMOVE_RECURSE ${WORK_DIR})
run(${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${WORK_DIR}/prefix)
run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/consumer -B ${WORK_DIR}/build -G Ninja
    -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_CXX_FLAGS=${FLAGS} -DCMAKE_PREFIX_PATH=${WORK_DIR}/prefix)
run(${CMAKE_COMMAND} --build ${WORK_DIR}/build)
run(${WORK_DIR}/build/consumer)
run(${CMAKE_COMMAND} -E env QT_QPA_PLATFORM=offscreen ${WORK_DIR}/build/guiconsumer)

foreach(name IN ITEMS flywheel flywheel-telemetry)
    file(GLOB_RECURSE pkgconfig_files ${WORK_DIR}/prefix/${name}.pc)
    if(NOT pkgconfig_files)
        message(FATAL_ERROR "${name}.pc was not installed")
    endif()
endforeach()
