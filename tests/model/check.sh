#!/bin/sh
# SPDX-License-Identifier: MIT
# check.sh MODEL DIRECTORY [MUTANT]
# Searches all states of a Promela model in DIRECTORY. Succeeds if every property holds, or, given the name of a mutant
# (a macro of the model), if some property fails.
set -eu

model=$1
directory=$2
mutant=${3-}
optimisation=-O2
[ -z "$mutant" ] || optimisation=-O0 # refuted after a few steps

for tool in spin cc; do
    command -v "$tool" >/dev/null 2>&1 || { echo "FAIL: no $tool here; ./dev deps installs it"; exit 1; }
done
rm -rf "$directory"
mkdir -p "$directory"
cd "$directory"

# search PROPERTY SPIN_FLAGS CC_FLAGS PAN_FLAGS: sets `errors`. Any doubt whether the search was complete is a failure.
search() {
    # shellcheck disable=SC2086 # words on purpose
    spin -a $2 ${mutant:+-D$mutant} "$model" >report 2>&1 || { cat report; exit 1; }
    # shellcheck disable=SC2086
    cc "$optimisation" -w $3 -o pan pan.c
    # shellcheck disable=SC2086
    ./pan -m5000000 $4 >report 2>&1 || { cat report; exit 1; }
    errors=$(sed -n 's/.*errors: \([0-9]*\)$/\1/p' report)
    states=$(sed -n 's/^ *\([0-9]*\) states, stored.*/\1/p' report)
    if [ -z "$errors" ] || grep -q 'depth too small' report ||
        { [ "$errors" -eq 0 ] && grep -q 'not completed' report; }; then
        cat report
        exit 1
    fi
    echo "$property: $states states, $errors errors $(sed -n 's/^pan:1: //p' report)"
}

# All processes at once have too many states for a minute, so each search leaves some out.
for property in safety safetyofown safetyofall served servedself interruptible consumed; do
    case $property in
        safety) search $property "-DSAFETY -DWITHOUT_OWN_THREAD" -DSAFETY "" ;;
        safetyofown) search $property "-DSAFETY -DWITHOUT_INTERRUPTER" -DSAFETY "" ;;
        safetyofall) search $property "-DSAFETY -DWITHOUT_DESCRIPTORS" -DSAFETY "" ;;
        interruptible)
            search $property "-DWITHOUT_OWN_THREAD -DWITHOUT_DESCRIPTORS" -DNFAIR=3 "-a -f -N $property" ;; # -f: weak fairness
        *) search $property -DWITHOUT_INTERRUPTER -DNFAIR=3 "-a -f -N $property" ;;
    esac
    [ "$errors" -eq 0 ] || break
done

if [ -z "$mutant" ]; then
    exit "$errors"
elif [ "$errors" -eq 0 ]; then
    echo "FAIL: the model does not notice $mutant"
    exit 1
fi
