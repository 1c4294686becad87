#!/bin/sh
# SPDX-License-Identifier: MIT
# with-display.sh PROGRAM [ARGUMENT…]: runs a program on an X server and a window manager of its own, and ends both.
set -eu

directory=$(mktemp -d)
server= manager=
finish() {
    for process in $manager $server; do
        kill "$process" 2>/dev/null || true
        wait "$process" 2>/dev/null || true
    done
    rm -r "$directory"
}
trap finish EXIT
trap 'exit 1' INT TERM

# The server takes a free display by itself and writes its number once it accepts connections.
mkfifo "$directory/display"
Xvfb -displayfd 3 -screen 0 1024x768x24 -nolisten tcp 3>"$directory/display" >"$directory/log" 2>&1 &
server=$!
read -r number <"$directory/display"
export DISPLAY=":$number"

# openbox runs this once it manages the display.
mkfifo "$directory/ready"
openbox --sm-disable --startup "sh -c 'echo >\"$directory/ready\"'" >>"$directory/log" 2>&1 &
manager=$!
read -r _ <"$directory/ready"

"$@"
