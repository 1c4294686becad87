#!/bin/sh
# Formatting and static analysis. Wants the release preset built (compile_commands.json, generated moc files) and the kqueue
# preset configured.
set -eu
cd "$(dirname "$0")/../.."

git ls-files '*.h' '*.cpp' | xargs clang-format --dry-run --Werror
echo "formatting: clean"

python3 -B tests/structure/arrows.py .

# Without the precompiled headers, which are GCC's, and so that each source has to include what it uses.
alone() {
    mkdir -p "build/$1/tidy"
    sed 's/ -Winvalid-pch -include [^ ]*cmake_pch\.hxx//' "build/$1/compile_commands.json" >"build/$1/tidy/compile_commands.json"
}

# usage: tidy PRESET CHECKS PATTERN...: those of the sources that this build compiles
tidy() {
    alone "$1"
    build=build/$1
    checks=$2
    shift 2
    git ls-files "$@" | xargs python3 -B tests/structure/tidy.py "$build" "$build/tidy" "$checks"
}
tidy release '' 'dispatcher/*.cpp' 'monitor-app/*.cpp'
tidy kqueue '-clang-analyzer-*' 'dispatcher/poller/*kqueue*.cpp' # clang 14's analyser crashes over std::bit_cast of a pointer
echo "clang-tidy: clean"

tests/structure/foreignsyntax.sh
