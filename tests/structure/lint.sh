#!/bin/sh
# Formatting and static analysis. Wants the release preset built (compile_commands.json, generated moc files) and the kqueue
# preset configured.
set -eu
cd "$(dirname "$0")/../.."

git ls-files '*.h' '*.cpp' | xargs clang-format --dry-run --Werror
echo "formatting: clean"

python3 -B tests/structure/arrows.py .

# usage: tidy PRESET PATTERN...: those of the sources that this build compiles
tidy() {
    build=build/$1
    shift
    for source in $(git ls-files "$@"); do
        if grep -q "/$source\"" "$build/compile_commands.json"; then
            echo "$source"
        fi
    done | xargs -P "$(nproc)" -n 4 clang-tidy --quiet -p "$build"
}
tidy release 'dispatcher/*.cpp' 'monitor-app/*.cpp'
tidy kqueue 'dispatcher/*kqueue*.cpp'
echo "clang-tidy: clean"

tests/structure/foreignsyntax.sh
