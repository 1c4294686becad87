# Warnings are errors in our own code. Qt's headers come in as system headers.
add_library(flywheel_warnings INTERFACE)
target_compile_options(flywheel_warnings INTERFACE
    $<$<CXX_COMPILER_ID:GNU,Clang,AppleClang>:-Wall -Wextra -Wpedantic -Wconversion -Werror>)
target_compile_definitions(flywheel_warnings INTERFACE
    QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII)
