"""A process that has the chapters' libraries loaded and forks their kernels: importing them costs each page seconds.

The nursery imports what the chapters import, once, and then forks for each request. Between it and each kernel stands
a keeper, a fork as well, that waits for the kernel, tells how it ended, and ends it when nobody asks for it any more::

    client (a worker that executes a chapter) <-- socket --> keeper <-- parent of --> kernel

Messages are JSON: the request ``{"argv": [...], "env": {...}, "cwd": "..."}``, then the kernel's process id, then its
exit code.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from multiprocessing import connection
from pathlib import Path

AVAILABLE = sys.platform == "linux"
"""Whether processes can be forked after libraries with threads of their own were loaded: elsewhere that is not safe."""


@contextlib.contextmanager
def nursery(libraries: Iterable[str]) -> Iterator[str | None]:
    """The address at which kernels that have the libraries loaded can be asked for; None where it cannot be done.

    Requests may be made at once: they wait until everything is loaded. A kernel ends with the client that asked for it.
    """
    if not AVAILABLE:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="nursery-") as folder, socket.socket(socket.AF_UNIX) as listener:
        address = f"{folder}/socket"
        listener.bind(address)
        listener.listen()
        code = f"from {__name__} import main; main({listener.fileno()}, {list(libraries)!r})"
        process = subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, pass_fds=[listener.fileno()],
            env={"PYTHONHASHSEED": "0", **os.environ},
        )  # fmt: skip
        try:
            yield address
        finally:
            process.stdin.close()
            process.wait()


def main(listener: int, libraries: list[str]) -> None:
    """Load, and fork until standard input ends; returns in the nursery, and in each kernel when that has ended."""
    sys.path[:] = filter(None, sys.path)  # nothing from the working folder; a kernel adds its own
    for name in libraries:
        with contextlib.suppress(Exception):  # a chapter that needs it will say what is wrong
            importlib.import_module(name)
    gc.freeze()  # the collector would write to pages that the kernels share
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command, whose end is the nursery's too
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers need no burial
    with socket.socket(fileno=listener) as door:
        client = _next_client(door)
    if client:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        request = json.loads(client.recv_bytes())
        if _kept(client):
            _kernel(request)


def _next_client(door: socket.socket) -> connection.Connection | None:
    """Returns once in each keeper with its client, and in the nursery, with nothing, when it is not needed any more."""
    while True:
        ready = connection.wait([door, sys.stdin.fileno()])
        if sys.stdin.fileno() in ready:
            return None
        client = connection.Connection(door.accept()[0].detach())
        if os.fork() == 0:
            return client
        client.close()


def _kept(client: connection.Connection) -> bool:
    """Fork the kernel: True there, in a session of its own; False in the keeper, when the kernel has ended."""
    kernel = os.fork()
    if kernel == 0:
        os.setsid()
        client.send_bytes(str(os.getpid()).encode())
        client.close()
        return True

    def watch() -> None:
        with contextlib.suppress(EOFError, OSError):
            client.recv_bytes()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(kernel, signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()
    code = os.waitstatus_to_exitcode(os.waitpid(kernel, 0)[1])
    with contextlib.suppress(OSError):
        client.send_bytes(str(code).encode())
    return False


def _kernel(request: dict) -> None:
    """Be the kernel that was asked for, until it is told to stop."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(request["env"], JPY_PARENT_PID=str(os.getppid()))
    os.chdir(request["cwd"])
    _limit_threads(int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1))
    from ipykernel import kernelapp

    kernelapp.launch_new_instance(argv=request["argv"])


def _limit_threads(count: int) -> None:
    """Libraries that are loaded read the environment no more, so they are told."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(count)
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(count)
    if numba := sys.modules.get("numba"):
        numba.core.config.reload_config()


class Process:
    """A kernel forked by a nursery, with the methods of `subprocess.Popen` that Jupyter's clients use.

    Raises
    ------
    ConnectionError
        There is no nursery at the address.
    """

    stdin = stdout = stderr = None

    def __init__(self, address: str, argv: list[str], *, env: dict[str, str], cwd: str | Path):
        try:
            self._keeper = connection.Client(address, "AF_UNIX")
            self._keeper.send_bytes(json.dumps({"argv": argv, "env": dict(env), "cwd": str(cwd)}).encode())
            self.pid = int(self._keeper.recv_bytes())
        except (OSError, EOFError) as error:
            raise ConnectionError(f"no kernel came from the nursery at {address}: {error!r}") from error
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Exit code, the negative number of the signal that ended it, or None while it runs."""
        if self.returncode is None and self._keeper.poll():
            return self.wait()
        return self.returncode

    def wait(self) -> int:
        """Exit code, once there is one."""
        if self.returncode is None:
            try:
                self.returncode = int(self._keeper.recv_bytes())
            except (EOFError, OSError):  # the keeper was killed, and its kernel ends with it
                self.returncode = -signal.SIGKILL
            self._keeper.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)
