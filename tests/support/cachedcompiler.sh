#!/bin/sh
# cachedcompiler.sh COMPILER ARGUMENTS...: compiles by ccache. Beside a precompiled header, which has 150 MB, it writes a
# checksum, so that ccache does not read the header for each source that uses it.
export CCACHE_DEPEND=true CCACHE_PCH_EXTSUM=true CCACHE_SLOPPINESS=pch_defines,time_macros
ccache "$@" || exit
case "$*" in
    *' -x c++-header '*)
        while [ "$1" != -o ]; do
            shift
        done
        sha256sum <"$2" >"$2.sum"
        ;;
esac
