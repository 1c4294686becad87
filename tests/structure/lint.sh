#!/bin/sh
# Formatting and static analysis. Wants the release preset built (compile_commands.json, generated moc files).
set -eu
cd "$(dirname "$0")/../.."

git ls-files '*.h' '*.cpp' | xargs clang-format --dry-run --Werror
echo "formatting: clean"

python3 -B tests/structure/arrows.py .

git ls-files 'dispatcher/*.cpp' 'monitor-app/*.cpp' \
    | xargs -P "$(nproc)" -n 4 clang-tidy --quiet -p build/release
echo "clang-tidy: clean"

tests/structure/foreignsyntax.sh
