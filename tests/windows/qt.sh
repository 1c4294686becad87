#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: qt.sh [--gui]
# Builds the installed Qt's own sources for Windows: Core, Network, Test, Concurrent, shared libraries; with --gui all that
# flywheel-monitor needs beside them: Gui, Widgets, Sql with SQLite, Svg, Charts. The result goes into the cache, under a name
# that holds the versions of Qt and of the compiler, and is put there in one step: a build that was interrupted never counts.
# Prints the folder. Several at once are fine: they wait for one another.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cache=${FLYWHEEL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/flywheel}/windows
compiler=x86_64-w64-mingw32-g++-posix
without="-DFEATURE_gui=OFF -DFEATURE_widgets=OFF -DFEATURE_sql=OFF"
flavour=
minutes=7
if [ "${1:-}" = --gui ]; then
    # What Debian's sources lack for Windows (the headers for tablets, SQLite's own copy), and what nobody here draws with.
    without="-DFEATURE_tabletevent=OFF -DFEATURE_system_sqlite=ON -DINPUT_opengl=no -DFEATURE_vulkan=OFF -DFEATURE_direct2d=OFF
        -DFEATURE_direct2d1_1=OFF -DFEATURE_directwrite=OFF -DFEATURE_printsupport=OFF -DFEATURE_jpeg=OFF
        -DFEATURE_gif=OFF -DFEATURE_ico=OFF -DFEATURE_sqlmodel=OFF -DFEATURE_sql_odbc=OFF -DFEATURE_sql_mysql=OFF
        -DFEATURE_sql_psql=OFF"
    flavour=gui-
    minutes=25
elif [ $# -gt 0 ]; then
    echo "qt.sh takes --gui, not: $*" >&2
    exit 2
fi

version=$(dpkg-query -W -f '${source:Version}' qt6-base-dev)
prefix=$cache/qt-$flavour$version-gcc-$($compiler -dumpfullversion)
work=$prefix.building

# build_module NAME [CMAKE ARGUMENT...]: from $work/NAME into $work/installed, where it finds those before it.
build_module() {
    name=$1
    shift
    cmake -G Ninja -S "$work/$name" -B "$work/build-$name" -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$prefix" \
        -DCMAKE_TOOLCHAIN_FILE="$here/../../dispatcher/cmake/mingw.cmake" -DQT_WINDOWS_PREFIX="$work/installed" \
        -DQT_HOST_PATH=/usr -DQT_HOST_PATH_CMAKE_DIR="/usr/lib/$(uname -m)-linux-gnu/cmake" \
        -DQT_BUILD_TESTS=OFF -DQT_BUILD_EXAMPLES=OFF "$@"
    ninja -C "$work/build-$name"
    cmake --install "$work/build-$name" --prefix "$work/installed"
}

# The one file that SQLite's sources are put together to, as a static library for Qt's driver.
build_sqlite() {
    mkdir -p "$work/build-sqlite" "$work/installed/include" "$work/installed/lib"
    (
        cd "$work/build-sqlite"
        ../sqlite/configure --disable-tcl
        make sqlite3.c
        x86_64-w64-mingw32-gcc-posix -O2 -DSQLITE_ENABLE_COLUMN_METADATA -c sqlite3.c -o sqlite3.o
        x86_64-w64-mingw32-ar rcs ../installed/lib/libsqlite3.a sqlite3.o
        cp sqlite3.h ../installed/include
    )
}

mkdir -p "$cache"
exec 9>"$cache/qt${flavour:+-gui}.lock"
flock 9
if [ ! -d "$prefix" ]; then
    rm -rf "$work"
    mkdir -p "$work"
    {
        echo "Building Qt $version for Windows ($minutes minutes on 2 cores)"
        python3 "$here/qtsource.py" "$work/base"
        if [ -n "$flavour" ]; then
            python3 "$here/qtsource.py" "$work/svg" qt6-svg-dev
            python3 "$here/qtsource.py" "$work/charts" qt6-charts-dev
            python3 "$here/qtsource.py" "$work/sqlite" libsqlite3-0
            build_sqlite
        fi
        # shellcheck disable=SC2086 # words on purpose
        build_module base -DINPUT_openssl=no -DFEATURE_xml=OFF -DFEATURE_dbus=OFF $without
        if [ -n "$flavour" ]; then
            build_module svg
            build_module charts
        fi
        mv "$work/installed" "$prefix"
        rm -rf "$work"
    } >&2
fi
echo "$prefix"
