#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds the installed Qt's own sources for Windows: Core, Network, Test, Concurrent, shared libraries, no GUI. The result
# goes into the cache, under a name that holds the versions of Qt and of the compiler, and is put there in one step: a build
# that was interrupted never counts. Prints the folder. Several at once are fine: they wait for one another.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cache=${FLYWHEEL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/flywheel}/windows
compiler=x86_64-w64-mingw32-g++-posix

version=$(dpkg-query -W -f '${source:Version}' qt6-base-dev)
prefix=$cache/qt-$version-gcc-$($compiler -dumpfullversion)
mkdir -p "$cache"
exec 9>"$cache/qt.lock"
flock 9

if [ ! -d "$prefix" ]; then
    work=$prefix.building
    rm -rf "$work"
    mkdir -p "$work"
    {
        echo "Building Qt $version for Windows (7 minutes on 2 cores)"
        python3 "$here/qtsource.py" "$work/source"
        cmake -G Ninja -S "$work/source" -B "$work/build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$prefix" \
            -DCMAKE_TOOLCHAIN_FILE="$here/../../dispatcher/cmake/mingw.cmake" \
            -DQT_HOST_PATH=/usr -DQT_HOST_PATH_CMAKE_DIR="/usr/lib/$(uname -m)-linux-gnu/cmake" \
            -DINPUT_openssl=no -DQT_BUILD_TESTS=OFF -DQT_BUILD_EXAMPLES=OFF \
            -DFEATURE_gui=OFF -DFEATURE_widgets=OFF -DFEATURE_sql=OFF -DFEATURE_xml=OFF -DFEATURE_dbus=OFF
        ninja -C "$work/build"
        cmake --install "$work/build" --prefix "$work/installed"
        mv "$work/installed" "$prefix"
        rm -rf "$work"
    } >&2
fi
echo "$prefix"
