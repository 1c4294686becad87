# SPDX-License-Identifier: MIT
# The few commands of Qt's build system that the CMakeLists of its tests use, so that these can be read as they are.

set(QT_TEST_LISTS SOURCES TESTDATA DEFINES INCLUDE_DIRECTORIES LIBRARIES PUBLIC_LIBRARIES)
set(QT_TEST_IGNORED_LISTS QT_TEST_SERVER_LIST CONDITION)
set(QT_TEST_IGNORED_OPTIONS EXCEPTIONS NO_EXCEPTIONS GUI RUN_SERIAL LOWDPI NO_INSTALL OVERRIDE_OUTPUT_DIRECTORY)

# Adds what the lists of a command name (already parsed into arg_…) to the target.
macro(_qt_test_apply target)
    target_sources(${target} PRIVATE ${arg_SOURCES})
    target_compile_definitions(${target} PRIVATE ${arg_DEFINES})
    target_include_directories(${target} PRIVATE ${arg_INCLUDE_DIRECTORIES})
    target_link_libraries(${target} PRIVATE ${arg_LIBRARIES} ${arg_PUBLIC_LIBRARIES})
endmacro()

function(qt_internal_add_executable target)
    cmake_parse_arguments(PARSE_ARGV 1 arg
        "${QT_TEST_IGNORED_OPTIONS};BUILTIN_TESTDATA" "OUTPUT_DIRECTORY;VERSION" "${QT_TEST_LISTS};${QT_TEST_IGNORED_LISTS}")
    if(NOT arg_OUTPUT_DIRECTORY)
        set(arg_OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}")
    endif()
    add_executable(${target})
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${arg_OUTPUT_DIRECTORY}")
    target_include_directories(${target} PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}" "${CMAKE_CURRENT_BINARY_DIR}")
    target_link_libraries(${target} PRIVATE Qt::Core)
    _qt_test_apply(${target})
    if(arg_BUILTIN_TESTDATA)
        qt_add_resources(${target} testdata PREFIX "/" FILES ${arg_TESTDATA})
    endif()
endfunction()

function(qt_internal_add_test target)
    qt_internal_add_executable(${target} ${ARGN})
    target_link_libraries(${target} PRIVATE Qt::Test)
endfunction()

# A helper program lies beside its test's binary.
function(qt_internal_add_test_helper target)
    qt_internal_add_executable(${target} OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/.." ${ARGN})
endfunction()

function(qt_internal_extend_target target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "${QT_TEST_LISTS};CONDITION")
    if(${arg_CONDITION})
        _qt_test_apply(${target})
    endif()
endfunction()
