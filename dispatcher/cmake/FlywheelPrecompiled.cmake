# The headers that nearly every source includes, compiled once for all targets: the whole builds in half the time.
# flywheel_precompile(): for each target made so far that uses Qt; what does not sets DISABLE_PRECOMPILE_HEADERS. A source
# still has to include what it needs: clang-tidy (tests/structure/lint.sh) compiles each without these.
function(flywheel_precompile)
    file(CONFIGURE OUTPUT precompiled.cpp CONTENT "")
    add_library(flywheel_precompiled OBJECT ${PROJECT_BINARY_DIR}/precompiled.cpp)
    set_target_properties(flywheel_precompiled PROPERTIES AUTOMOC OFF)
    target_link_libraries(flywheel_precompiled PRIVATE Qt6::Core flywheel_warnings)
    # Nothing of Qt Test, whose headers depend on the modules that a target uses.
    target_precompile_headers(flywheel_precompiled PRIVATE
        <QtCore/qabstracteventdispatcher.h>
        <QtCore/qcoreapplication.h>
        <QtCore/qelapsedtimer.h>
        <QtCore/qstringlist.h>
        <QtCore/qthread.h>
        <QtCore/qtimer.h>
        <algorithm>
        <array>
        <atomic>
        <chrono>
        <functional>
        <memory>
        <mutex>
        <optional>
        <ranges>
        <span>
        <thread>
        <utility>
        <vector>)
    flywheel_precompile_in(${PROJECT_SOURCE_DIR})
endfunction()

function(flywheel_precompile_in directory)
    get_property(targets DIRECTORY ${directory} PROPERTY BUILDSYSTEM_TARGETS)
    foreach(target IN LISTS targets)
        get_target_property(type ${target} TYPE)
        get_target_property(disabled ${target} DISABLE_PRECOMPILE_HEADERS)
        if(type MATCHES "EXECUTABLE|LIBRARY" AND NOT type STREQUAL "INTERFACE_LIBRARY" AND NOT disabled
           AND NOT target STREQUAL "flywheel_precompiled")
            target_precompile_headers(${target} REUSE_FROM flywheel_precompiled)
        endif()
    endforeach()
    get_property(subdirectories DIRECTORY ${directory} PROPERTY SUBDIRECTORIES)
    foreach(subdirectory IN LISTS subdirectories)
        flywheel_precompile_in(${subdirectory})
    endforeach()
endfunction()
