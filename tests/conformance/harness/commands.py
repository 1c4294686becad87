# SPDX-License-Identifier: MIT
"""Commands that must succeed, and what stops a whole run."""

import subprocess
from pathlib import Path


class Failure(Exception):
    """Something that leaves nothing to compare; its text is for the user."""


def run(command: list[str], cwd: Path | None = None) -> str:
    """The command's output. Raises Failure with the end of its messages unless it succeeds."""
    try:
        done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    except OSError as error:
        raise Failure(f"{command[0]} cannot be started: {error.strerror}") from error
    output = done.stdout.decode("utf-8", "replace")
    if done.returncode:
        end = "\n".join(output.splitlines()[-30:])
        raise Failure(f"{' '.join(command)} failed with code {done.returncode}:\n{end}")
    return output
