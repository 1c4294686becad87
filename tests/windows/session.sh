#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: session.sh COMMAND [ARGUMENT...]
# Runs a command with a Wine of its own, one such command at a time. Wine's files are kept in the cache; its server lives as
# long as the command, and takes with it whatever Windows programs are left over.
set -eu
cache=${FLYWHEEL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/flywheel}/windows
wine=/usr/lib/wine/wine64
server=/usr/lib/wine/wineserver64
prefix=$cache/wine-$(dpkg-query -W -f '${source:Version}' wine64)
export WINEDEBUG=-all WINEDLLOVERRIDES="winedbg.exe=;mscoree=;mshtml="
unset DISPLAY WAYLAND_DISPLAY || true

mkdir -p "$cache"
exec 9>"$cache/wine.lock"
flock 9

if [ ! -d "$prefix" ]; then
    rm -rf "$prefix.building"
    export WINEPREFIX="$prefix.building"
    "$wine" wineboot -i >&2 9>&-
    "$wine" winecfg -v win10 >&2 9>&-
    $server -w
    mv "$prefix.building" "$prefix"
fi

export WINEPREFIX="$prefix"
trap '$server -k || true' EXIT
trap 'exit 130' INT TERM
$server -p 9>&-
# Windows' services start with the first program and live on. They must not hold the command's output open.
"$wine" cmd /c exit </dev/null >/dev/null 2>&1 9>&-
"$@" 9>&-
