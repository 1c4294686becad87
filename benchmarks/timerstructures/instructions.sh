#!/bin/sh
# SPDX-License-Identifier: MIT
# instructions.sh PROGRAM [STRUCTURE…]: instructions and first-level cache misses an operation, by callgrind (valgrind).
set -eu

program=$1
shift
[ $# -gt 0 ] || set -- production heap2 heap8 heap8-dense-aligned pairing wheel wheel+heap TimerQueue
operations=10000 # one round: the program's time limit must not cut it short under valgrind
output=$(mktemp)
trap 'rm -f "$output"' EXIT

for load in insert restart fire mixed; do
    for timers in 100 10000 100000; do
        count=$operations
        [ $load = insert ] && [ $timers -gt $operations ] && count=$timers
        for structure in "$@"; do
            valgrind --tool=callgrind --callgrind-out-file="$output" --cache-sim=yes \
                --collect-atstart=no --toggle-collect='*measured*' \
                "$program" --structure "$structure" --load $load --timers $timers --deadlines spread \
                --operations $operations --repetitions 1 >/dev/null 2>&1
            # summary: Ir Dr Dw I1mr D1mr D1mw …
            awk -v name="$load $timers $structure" -v n="$count" '$1 == "totals:" {
                printf "%-32s %6.0f instructions %5.1f misses\n", name, $2 / n, ($6 + $7) / n }' "$output"
        done
    done
done
