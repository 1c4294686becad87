#!/bin/sh
# SPDX-License-Identifier: MIT
# clang-tidy on the sources that only the build for Windows compiles. Wants the presets release and windows configured.
set -eu
cd "$(dirname "$0")/../.."
compiler=x86_64-w64-mingw32-g++-posix
headers=$(dirname "$($compiler -print-libgcc-file-name)")/include/c++
commands=build/windows/tidy

# clang knows neither this option of GCC's nor its precompiled headers.
mkdir -p "$commands"
sed -e 's/ -fno-keep-inline-dllexport//g' -e 's/ -Winvalid-pch -include [^ ]*cmake_pch\.hxx//' build/windows/compile_commands.json >"$commands/compile_commands.json"

# Windows' interface has pointers in integers; a class that has nothing to do here may have elsewhere.
for source in $(git ls-files 'dispatcher/*.cpp' 'monitor-app/*.cpp'); do
    if grep -q "/$source\"" build/windows/compile_commands.json &&
        ! grep -q "/$source\"" build/release/compile_commands.json; then
        echo "$source"
    fi
done | xargs python3 -B tests/structure/tidy.py build/windows "$commands" -performance-no-int-to-ptr,-performance-trivially-destructible \
    --extra-arg=--target=x86_64-w64-mingw32 "--extra-arg=-isystem$headers" "--extra-arg=-isystem$headers/x86_64-w64-mingw32"
echo "clang-tidy on the sources for Windows: clean"
