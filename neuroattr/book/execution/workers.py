"""Tasks done side by side, by processes that end with the run, and each of which may end without the others."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from multiprocessing import connection, get_context, parent_process
from typing import Any, TypeAlias

Task: TypeAlias = tuple[Any, ...]
Done: TypeAlias = tuple[Task, bool, Any]


def side_by_side(
    work: Callable[..., Any], tasks: Sequence[Task], *, workers: int, folder: str | None = None
) -> Generator[Done, None, None]:
    """Each task as it is done, with whether it went well, and what ``work(*task)`` returned, else what went wrong.

    Parameters
    ----------
    work : callable
        A function at the top of a module: it is called in other processes.
    tasks : arguments of each call
    workers : int
        Processes at the same time. One that is ended from outside fails its own task only.
    folder : str, optional
        Where the workers put their temporary files.

    Notes
    -----
    Whoever stops asking, be it by an error or an interrupt, ends the workers at once.
    """
    waiting: queue.SimpleQueue[Task] = queue.SimpleQueue()
    done: queue.SimpleQueue[Done] = queue.SimpleQueue()
    for task in tasks:
        waiting.put(task)
    crew = [_Worker(work, folder) for _ in range(min(workers, len(tasks)))]
    threads = [threading.Thread(target=_fed, args=(worker, waiting, done), daemon=True) for worker in crew]
    try:
        for thread in threads:
            thread.start()
        for _ in tasks:
            yield done.get()
    except BaseException:
        for worker in crew:
            worker.kill()
        raise
    finally:
        for thread in threads:
            thread.join()


def _fed(worker: _Worker, waiting: queue.SimpleQueue[Task], done: queue.SimpleQueue[Done]) -> None:
    """In a thread for each worker: hand it one task after another until none waits."""
    with contextlib.suppress(queue.Empty):
        while not worker.killed:
            task = waiting.get_nowait()
            try:
                done.put((task, *worker.result(task)))
            except Exception as error:  # such as: no process could be started
                done.put((task, False, f"{type(error).__name__}: {error}"))
    worker.close()


class _Worker:
    """A process that does tasks as long as this one wants that; when it was ended from outside, another follows it."""

    def __init__(self, work: Callable[..., Any], folder: str | None):
        self._of = work, folder
        self._process: Any = None
        self._lock = threading.Lock()
        self.killed = False

    def result(self, task: Task) -> tuple[bool, Any]:
        """Whether the task went well, and what came of it."""
        if self._process is None:
            self._start()
        if self.killed:
            return False, "the run was ended"
        try:
            self._pipe.send(task)
            well, what = self._pipe.recv()
            return well, what
        except (EOFError, OSError):
            self._process.join()
            code, self._process = self._process.exitcode or 0, None
            cause = signal.Signals(-code).name if code < 0 else f"exit code {code}"
            return False, (
                f"the process that executed it was ended from outside ({cause}), by hand or for lack of memory; "
                "run it again, with a smaller number of --jobs if memory was short"
            )

    def _start(self) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, *self._of), daemon=True)
        with _interrupts_blocked(), self._lock:
            if not self.killed:
                process.start()
                self._process = process
        theirs.close()

    def kill(self) -> None:
        """End its process in the midst of whatever it does, and for good."""
        with self._lock:
            self.killed = True
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        """End its process, which has nothing to do."""
        if self._process is not None:
            self._pipe.close()
            self._process.join()


@contextlib.contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Processes started here never see Ctrl-C, which goes to all of a terminal: the command decides."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: connection.Connection[Any, Any], work: Callable[..., Any], folder: str | None) -> None:
    """In a worker: do tasks until the pipe ends, and end in the midst of one when the run was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tempfile.tempdir = folder or tempfile.tempdir

    def watch() -> None:
        if parent := parent_process():
            connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    while True:
        try:
            task = pipe.recv()
        except EOFError:
            return
        try:
            answer = True, work(*task)
        except (RuntimeError, ValueError) as error:  # their words are for the reader
            answer = False, str(error)
        except Exception as error:
            answer = False, f"{type(error).__name__}: {error}"
        pipe.send(answer)
