"""A process that has the chapters' libraries loaded and forks their kernels: importing them costs each page seconds.

The server imports what the chapters import, once, and then forks for each request. Between it and each kernel stands
a supervisor, a fork as well, that waits for the kernel, tells how it ended, and ends it when nobody asks for it::

    client (a worker that executes a chapter) <-- socket --> supervisor <-- parent of --> kernel

Messages are JSON: the request ``{"argv": [...], "env": {...}, "cwd": "...", "log": "..."}``, then the kernel's process
id, then its exit code.

However a run ends, its processes do. None of this asks a process to do something when it ends, because one that is
killed cannot: the system tells the others, by the end of a pipe or a socket that only the ended one held open.

===========  =======================  ==========================================================================
ends         learns it from           and then
===========  =======================  ==========================================================================
the command  standard input ends      the server waits for its supervisors, ends the rest, and removes the folder
a client     its socket ends          the supervisor ends its kernel, and what that started
the server   the lifeline, a pipe     each supervisor ends its kernel
a supervisor the system's own signal  the kernel ends
===========  =======================  ==========================================================================

Server and supervisors are in a session of their own, so signals to the command's group or terminal are not for them.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import importlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from multiprocessing import connection
from pathlib import Path
from typing import Any, NoReturn

from neuroattr.book.execution import processes

AVAILABLE = sys.platform == "linux"
"""Whether processes can be forked after libraries with threads of their own were loaded: elsewhere that is not safe."""
LOG = "log"  # in the kernel server's folder: what it and its supervisors have to complain of
LONGEST = 107  # bytes in the path of a socket
BELOW = len("/kernels-12345678/c12345678/kernel-10")  # what is added to the folder for temporary files


@contextlib.contextmanager
def kernel_server(libraries: Iterable[str]) -> Iterator[str | None]:
    """The address at which kernels that have the libraries loaded can be asked for; None where it cannot be done.

    Requests may be made at once: they wait until everything is loaded. A kernel ends with the client that asked for
    it, and all end with the block. Everything that lies in the folder of the address goes with it.

    Raises
    ------
    ValueError
        If the path of the folder for temporary files is too long for sockets to lie there.
    """
    if not AVAILABLE:
        yield None
        return
    place = Path(tempfile.gettempdir())
    _check_length(place)
    processes.remove_abandoned(place.glob("kernels-*"), LOG)
    with (
        tempfile.TemporaryDirectory(prefix="kernels-", ignore_cleanup_errors=True) as folder,
        socket.socket(socket.AF_UNIX) as listener,
        Path(folder, LOG).open("wb") as log,
    ):
        processes.hold(log)
        address = f"{folder}/socket"
        listener.bind(address)
        listener.listen()
        code = f"from {__name__} import main; main({listener.fileno()}, {list(libraries)!r}, {folder!r})"
        process = subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=log, stderr=log, pass_fds=[listener.fileno()],
            env={"PYTHONHASHSEED": "0", **os.environ}, start_new_session=True,
        )  # fmt: skip
        try:
            yield address
        finally:
            if process.stdin:
                process.stdin.close()
            process.wait()


def _check_length(folder: Path) -> None:
    if len(os.fsencode(folder)) + BELOW > LONGEST:
        raise ValueError(
            f"kernels are reached by sockets in the folder for temporary files, whose path has to have at most "
            f"{LONGEST - BELOW} bytes; got {folder}. Set TMPDIR to a folder with a shorter path, such as /tmp"
        )


def main(listener: int, libraries: list[str], folder: str) -> None:
    """Load, and fork until standard input ends; returns in each kernel when that has ended."""
    sys.path[:] = filter(None, sys.path)  # nothing from the working folder; a kernel adds its own
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command decides, and its end is the kernel server's too
    processes.adopt_orphans()
    _load(libraries, folder)
    gc.freeze()  # the collector would write to pages that the kernels share
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for supervisors
    lifeline, held = os.pipe()
    supervisors: list[int] = []
    with socket.socket(fileno=listener) as door:
        client = _next_client(door, supervisors)
    if client is None:
        _leave(folder, supervisors)
    os.close(held)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    request = _request(client, [sys.stdin.fileno(), lifeline])
    _keep(client, [sys.stdin.fileno(), lifeline], request)
    _kernel(request)


def _load(libraries: list[str], folder: str) -> None:
    """Import them, and leave in the midst of that if the command ends. No thread is left: forks follow."""
    stopped, stop = os.pipe()

    def watch() -> None:
        if sys.stdin.fileno() in connection.wait([sys.stdin.fileno(), stopped]):
            _leave(folder)

    watcher = threading.Thread(target=watch)
    watcher.start()
    for name in libraries:
        with contextlib.suppress(Exception):  # a chapter that needs it will say what is wrong
            importlib.import_module(name)
    os.close(stop)
    watcher.join()
    os.close(stopped)


def _leave(folder: str, supervisors: Iterable[int] = ()) -> NoReturn:
    """End, once the supervisors have, and leave nothing: whoever wrote into the folder is ending as well."""
    for supervisor in supervisors:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(supervisor, 0)
    processes.kill_children()  # of kernels whose supervisor was killed
    for _ in range(600):
        shutil.rmtree(folder, ignore_errors=True)
        if not Path(folder).exists():
            break
        time.sleep(0.1)
    os._exit(0)


def _next_client(door: socket.socket, supervisors: list[int]) -> connection.Connection | None:
    """Returns once in each supervisor with its client, and in the server, with nothing, when it is needed no more."""
    while True:
        ready = connection.wait([door, sys.stdin.fileno()])
        if sys.stdin.fileno() in ready:
            return None
        client = connection.Connection(door.accept()[0].detach())
        if (supervisor := os.fork()) == 0:
            return client
        supervisors.append(supervisor)
        client.close()


def _request(client: connection.Connection, others: list[int]) -> dict[str, Any]:
    """What the client wants; the supervisor ends if that, or the run, ends before it was said."""
    try:
        if connection.wait([client, *others]) == [client]:
            request: dict[str, Any] = json.loads(client.recv_bytes())
            return request
    except (EOFError, OSError):
        pass
    os._exit(0)


def _keep(client: connection.Connection, others: list[int], request: dict[str, Any]) -> None:
    """Fork the kernel, and return there, in a session of its own; the supervisor ends here, after its kernel."""
    processes.adopt_orphans()
    supervisor, kernel = os.getpid(), os.fork()
    if kernel == 0:
        os.setsid()
        processes.end_with_parent(supervisor)
        client.send_bytes(str(os.getpid()).encode())
        client.close()
        return

    def watch() -> None:
        with contextlib.suppress(EOFError, OSError):
            while connection.wait([client, *others]) == [client]:
                client.recv_bytes()
        processes.kill_group(kernel)

    threading.Thread(target=watch, daemon=True).start()
    os.waitid(os.P_PID, kernel, os.WEXITED | os.WNOWAIT)  # it keeps its number, which is its group's, until waitpid
    processes.kill_group(kernel)  # what it started and left
    code = os.waitstatus_to_exitcode(os.waitpid(kernel, 0)[1])
    processes.kill_children()  # what it started in a session of its own
    with contextlib.suppress(OSError):
        client.send_bytes(str(code).encode())
    os._exit(0)


def _kernel(request: dict[str, Any]) -> None:
    """Be the kernel that was asked for, until it is told to stop."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for stream in (1, 2):
        os.dup2(os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND), stream)
    faulthandler.enable(os.dup(2), all_threads=False)  # a copy: ipykernel turns 2 into a pipe
    os.environ.clear()
    os.environ.update(request["env"], JPY_PARENT_PID=str(os.getppid()))
    os.chdir(request["cwd"])
    tempfile.tempdir = None  # a library may have asked for it before the fork
    _limit_threads(int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1))
    from ipykernel import kernelapp

    # ipykernel read its parent from the environment when it was imported, which was before the fork
    kernelapp.launch_new_instance(argv=[*request["argv"], f"--IPKernelApp.parent_handle={os.getppid()}"])


def _limit_threads(count: int) -> None:
    """Libraries that are loaded read the environment no more, so they are told."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(count)
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(count)
    if numba := sys.modules.get("numba"):
        numba.core.config.reload_config()


class ForkedProcess:
    """A kernel forked by a kernel server, with the methods of `subprocess.Popen` that Jupyter's clients use.

    Raises
    ------
    ConnectionError
        There is no kernel server at the address, or none any more.

    Notes
    -----
    What the kernel writes to its standard streams, past the notebook, is added to the file `log`.
    """

    stdin = stdout = stderr = None

    def __init__(
        self, address: str, argv: list[str], *, env: dict[str, str], cwd: str | Path, log: str | Path = os.devnull
    ):
        request = {"argv": argv, "env": dict(env), "cwd": str(cwd), "log": str(log)}
        try:
            self._supervisor = connection.Client(address, "AF_UNIX")
            self._supervisor.send_bytes(json.dumps(request).encode())
            self.pid = int(self._supervisor.recv_bytes())
        except (OSError, EOFError) as error:
            said = processes.last_words(Path(address).with_name(LOG))
            raise ConnectionError(f"no kernel came from the kernel server at {address}: {error!r}{said}") from error
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Exit code, the negative number of the signal that ended it, or None while it runs."""
        if self.returncode is None and self._supervisor.poll():
            return self.wait()
        return self.returncode

    def wait(self) -> int:
        """Exit code, once there is one."""
        if self.returncode is None:
            try:
                self.returncode = int(self._supervisor.recv_bytes())
            except (EOFError, OSError):  # the supervisor was killed, and its kernel ends with it
                self.returncode = -signal.SIGKILL
            self._supervisor.close()
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
