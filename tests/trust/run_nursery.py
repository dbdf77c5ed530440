"""Clocks that need no time to be born: for each line of the input, a fate, one is forked that has all loaded.

It tells `born PID` and, for each that has ended, `gone PID STATUS`; with its input it ends itself.
"""

from __future__ import annotations

import gc
import os
import select
import sys
import traceback
from collections.abc import Iterator

from app.runtime import Runtime, read_settings
from tests.trust.run_clock import live

_LOOK_SECONDS = 0.02


def warm_up() -> None:
    """Load and read all that a clock needs: afterwards it is there at once."""
    runtime = Runtime.build(read_settings())
    runtime.phone()
    runtime.close()
    gc.freeze()


def fates() -> Iterator[str]:
    """What the input says; the ended are told meanwhile."""
    buffer = b""
    while True:
        tell_ended()
        if not select.select([0], [], [], _LOOK_SECONDS)[0]:
            continue
        read = os.read(0, 65536)
        if not read:
            return
        *lines, buffer = (buffer + read).split(b"\n")
        yield from (line.decode() for line in lines)


def tell_ended() -> None:
    try:
        while (ended := os.waitpid(-1, os.WNOHANG)) != (0, 0):
            print("gone", ended[0], os.waitstatus_to_exitcode(ended[1]), flush=True)
    except ChildProcessError:
        return  # all have ended


def bear(fate: str) -> None:
    pid = os.fork()
    if pid:
        print("born", pid, flush=True)
        return
    status = 70
    try:
        os.dup2(2, 1)
        os.close(0)
        status = live(fate)
    except BaseException:  # noqa: BLE001 - the process ends here, whatever comes
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(status)


if __name__ == "__main__":
    warm_up()
    print("ready", flush=True)
    for fate in fates():
        bear(fate)
