# What `cmake --install` puts where, for find_package(Flywheel) and pkg-config.
include(CMakePackageConfigHelpers)

set(FLYWHEEL_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/Flywheel)

install(TARGETS flywheel EXPORT FlywheelTargets
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(EXPORT FlywheelTargets NAMESPACE Flywheel:: DESTINATION ${FLYWHEEL_CMAKE_DIR})
install(DIRECTORY include/flywheel ${CMAKE_CURRENT_BINARY_DIR}/include/flywheel
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN "*.h")

configure_package_config_file(cmake/FlywheelConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/FlywheelConfig.cmake
    INSTALL_DESTINATION ${FLYWHEEL_CMAKE_DIR})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/FlywheelConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES
    ${CMAKE_CURRENT_BINARY_DIR}/FlywheelConfig.cmake
    ${CMAKE_CURRENT_BINARY_DIR}/FlywheelConfigVersion.cmake
    DESTINATION ${FLYWHEEL_CMAKE_DIR})

configure_file(cmake/flywheel.pc.in ${CMAKE_CURRENT_BINARY_DIR}/flywheel.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/flywheel.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
