#!/bin/sh
# Compiles, without making code, what knows of operating systems, for those that are not here: the compiler takes the
# branches of the real target; the headers are the shim's <sys/event.h>, a few stubs in foreign/ and, for all the rest, this
# system's own. Wants the kqueue preset configured (compile_commands.json, generated headers).
set -eu
cd "$(dirname "$0")/../.."

commands=build/kqueue/compile_commands.json
sources=$(
    for source in $(git ls-files 'dispatcher/journal/*.cpp' 'dispatcher/platform/*.cpp' 'dispatcher/poller/*.cpp' dispatcher/loop/loopcore.cpp); do
        if grep -q "/$source\"" $commands; then
            echo "$source"
        fi
    done
)

# Where g++ finds what this system has, but for the compiler's own headers: clang brings those.
system=$(g++ -E -Wp,-v -x c++ /dev/null 2>&1 >/dev/null | sed -n 's|^ \(/.*\)|-isystem \1|p' | grep -v -e '/gcc/.*/include$')
qt=$(sed -n 's|.*"command": "\(.*\)poller/poller.cpp.*|\1|p' $commands | head -n 1 | tr ' ' '\n' \
    | sed -n -e 's|^-I\(.*\)|-I \1|p' -e '/qt6/s|^\(/.*\)|-isystem \1|p')

# check TARGET [OPTION...]
check() {
    target=$1
    shift
    # shellcheck disable=SC2086 # lists of words
    printf '%s\n' $sources | xargs -P "$(nproc)" -n 1 clang++ -target "$target" -fsyntax-only -fPIC -std=c++20 \
        -Wall -Wextra -Werror -D_GNU_SOURCE -DFLYWHEEL_KQUEUE -DFLYWHEEL_STATIC -DQT_NO_KEYWORDS \
        '-DFLYWHEEL_MODULE_PREFIX="lib"' '-DFLYWHEEL_MODULE_SUFFIX=".so"' -nostdinc++ -nostdlibinc \
        -isystem tests/support/kqueueshim/include "$@" $qt $system
    echo "syntax for $target: clean"
}

check x86_64-unknown-freebsd13 -isystem tests/structure/foreign/freebsd
check x86_64-unknown-netbsd10 -isystem tests/structure/foreign/netbsd
check x86_64-unknown-openbsd7
check x86_64-apple-macosx11 -isystem tests/structure/foreign/macos -U__nonnull -U__nullable -U__null_unspecified
