"""Processes that end with the one that started them, and what they said before."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import IO

PUTTING_IN_ORDER = 10  # seconds in which another signal says nothing new
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36  # linux/prctl.h


def end_with_parent(parent: int) -> None:
    """Have the system kill this process when its parent, the process of that number, ends; on Linux alone.

    Notes
    -----
    The parent may have ended before the system was asked: this process then ends here.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def adopt_orphans() -> None:
    """Become the parent of what descendants of this process leave behind, so that it can be found; on Linux alone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def kill_children() -> None:
    """Kill the children of this process, then those that it adopts from them, until there is none; on Linux alone."""
    while children := _children():
        for child in children:
            kill_group(child)
        time.sleep(0.01)


def _children() -> list[int]:
    """Process ids of children that have not ended."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, parent, *_ = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            found += [int(path.parent.name)] if int(parent) == os.getpid() and state != "Z" else []
    return found


def kill_group(leader: int) -> None:
    """Kill a process, and the group that it leads, if it has come to that."""
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(leader, signal.SIGKILL)


def remove_abandoned(folders: Iterable[Path], lock: str) -> None:
    """Remove folders of runs of which everything was killed at once, so that nobody was left to remove them.

    Of a run that is alive, a process holds a lock on the file `lock` in its folder; it has it within its first minute.
    """
    import fcntl  # not on Windows

    for folder in folders:
        with contextlib.suppress(OSError):  # somebody else's, or locked, or just removed
            state = folder.stat()
            if state.st_uid == os.getuid() and time.time() - state.st_mtime > 60:
                with (folder / lock).open("rb") as file:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(folder, ignore_errors=True)


def hold(file: IO[bytes]) -> None:
    """Lock a file for this process and those that it hands the file to, until the last of them ends."""
    import fcntl

    fcntl.flock(file, fcntl.LOCK_EX)


def last_words(log: Path, most: int = 3) -> str:
    """The last lines of a log, to be put after a message; nothing, if there are none."""
    with contextlib.suppress(OSError):
        lines = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
        fatal = [line for line in lines if line.startswith("Fatal Python error")]  # and then all that was called
        return f"; it said: {' / '.join(fatal or lines[-most:])}" if lines else ""
    return ""


@contextlib.contextmanager
def ending_by_signals() -> Iterator[None]:
    """Within the block, SIGINT, SIGTERM and SIGHUP end the process as an exception does: with what is under way put in
    order, which a second signal right after the first does not interrupt.

    Notes
    -----
    For the main thread of a program. A signal that is ignored, as nohup has it, stays ignored.
    """
    until = 0.0

    def end(number: int, _: FrameType | None) -> None:
        nonlocal until
        if time.monotonic() >= until:  # not for good: an exception raised in a destructor is lost
            until = time.monotonic() + PUTTING_IN_ORDER
            raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(128 + number)

    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    before = {n: handler for n, handler in before.items() if handler in (signal.SIG_DFL, signal.default_int_handler)}
    for number in before:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
