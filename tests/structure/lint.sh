#!/bin/sh
# Formatting and static analysis. Wants the release preset built (compile_commands.json, generated moc files) and the kqueue
# preset configured.
set -eu
cd "$(dirname "$0")/../.."

git ls-files '*.h' '*.cpp' | xargs clang-format --dry-run --Werror
echo "formatting: clean"

python3 -B tests/structure/arrows.py .

git ls-files 'dispatcher/*.cpp' 'monitor-app/*.cpp' | grep -v kqueue \
    | xargs -P "$(nproc)" -n 4 clang-tidy --quiet -p build/release
git ls-files 'dispatcher/*kqueue*.cpp' | xargs clang-tidy --quiet -p build/kqueue
echo "clang-tidy: clean"

tests/structure/foreignsyntax.sh
