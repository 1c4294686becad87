#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: wine.sh DIRECTORIES PROGRAM [ARGUMENT...]
# Runs a Windows program, within session.sh. DIRECTORIES, separated by colons, hold the libraries that it needs, and so
# does the one that WINDOWS_QT_BIN names. Its process becomes that of the program: whoever ends the one by its id ends the other.
set -eu
compiler=x86_64-w64-mingw32-g++-posix
directories=$1${WINDOWS_QT_BIN:+:$WINDOWS_QT_BIN}
shift
for library in libstdc++-6.dll libgcc_s_seh-1.dll libwinpthread-1.dll; do
    directories=$directories:$(dirname "$($compiler -print-file-name=$library)")
done
WINEPATH=$(echo "Z:$directories" | sed 's/:\//;Z:\\/g; s/\//\\/g; s/^Z;//')

# Wine keeps variables that begin with QT_ to itself; WINEQT_ arrives as QT_.
unset WINDOWS_QT_BIN
for variable in $(env | sed -n 's/^\(QT_[A-Za-z0-9_]*\)=.*/\1/p'); do
    eval "export WINE$variable=\"\$$variable\""
done
export WINEPATH WINEQT_FORCE_STDERR_LOGGING=1 WINEDEBUG=-all WINEDLLOVERRIDES=winedbg.exe=
exec /usr/lib/wine/wine64 "$@"
