"""Pictures of items as files, in parallel: chunk by chunk, each a folder that is either whole or not there."""

from __future__ import annotations

import importlib
import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

QUALITY = 92  # of the JPEG files
RENDERING = "neuroattr.atelier.rendering"  # the studio of single products
CHUNK = 48  # pictures in a folder: about half a second of work
_WORTH_A_WORKER = 4  # chunks; a worker takes about half a second to start

# Workers are plain children that read jobs from their standard input: unlike multiprocessing's, they never import the
# caller's main module again (a script without a guard, a notebook and a prompt all work), and nothing is pickled.
_WORKER = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from neuroattr.atelier import press; press.serve()"


@dataclass(frozen=True)
class Job:
    """One chunk: pictures `items` of `size` pixels, called `names`, to be put into `folder`.

    `studio` is the module that knows what the items are: its ``draw(item, size)`` makes a picture, its
    ``record(item)`` JSON-able values and its ``recalled(values)`` the item again.
    """

    folder: Path
    names: tuple[str, ...]
    items: tuple
    size: int
    studio: str = RENDERING


def print_chunk(job: Job) -> None:
    """Draw the pictures of a chunk and put its folder in place, whole."""
    draw = importlib.import_module(job.studio).draw  # here, because the parent needs no renderer
    job.folder.parent.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix=".part-", dir=job.folder.parent))
    try:
        for name, item in zip(job.names, job.items, strict=True):
            picture = Image.fromarray(draw(item, job.size))
            picture.save(workshop / f"{name}.jpg", quality=QUALITY, subsampling=0)
        if not job.folder.exists():  # a child that outlived a killed run may have been faster
            workshop.replace(job.folder)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def print_chunks(jobs: Sequence[Job], *, workers: int | None = None) -> Iterator[int]:
    """Print all chunks, on several processors where that pays; yields the number of pictures of each as it is done.

    Raises
    ------
    RuntimeError
        If a worker fails; what it had to say is in the message. Chunks that are done stay.
    """
    if workers is None:
        workers = min(_processors(), len(jobs) // _WORTH_A_WORKER)
    if workers <= 1:
        for job in jobs:
            print_chunk(job)
            yield len(job.items)
        return
    waiting: queue.SimpleQueue = queue.SimpleQueue()
    done: queue.SimpleQueue = queue.SimpleQueue()
    for job in jobs:
        waiting.put(job)
    children = [_started() for _ in range(workers)]
    threads = [threading.Thread(target=_fed, args=(child, waiting, done), daemon=True) for child in children]
    try:
        for thread in threads:
            thread.start()
        for _ in jobs:
            count = done.get()
            if isinstance(count, Exception):
                raise count
            yield count
    finally:
        for child in children:
            child.kill()
        for thread in threads:
            thread.join()
        for child in children:
            _ended(child)


def serve() -> None:
    """Work of a child: a job a line from standard input, an answer a line to standard output."""
    for line in sys.stdin:
        values = json.loads(line)
        try:
            items = tuple(map(importlib.import_module(values["studio"]).recalled, values["items"]))
            job = Job(Path(values["folder"]), tuple(values["names"]), items, values["size"], values["studio"])
            print_chunk(job)
            answer = {"done": len(job.items)}
        except Exception as error:  # told to the parent, which raises it
            answer = {"error": f"{type(error).__name__}: {error}"}
        try:
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()
        except BrokenPipeError:  # the parent was killed; its next run will find this chunk
            os._exit(1)


def _started() -> subprocess.Popen:
    command = [sys.executable, "-c", _WORKER, json.dumps([entry or str(Path.cwd()) for entry in sys.path])]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,  # an interrupt at the prompt is the parent's to handle
    )


def _fed(child: subprocess.Popen, waiting: queue.SimpleQueue, done: queue.SimpleQueue) -> None:
    """Hand a child one job after another until none waits, and pass on how each went."""
    while True:
        try:
            job = waiting.get_nowait()
        except queue.Empty:
            return
        try:
            record = importlib.import_module(job.studio).record
            order = {**vars(job), "folder": str(job.folder), "items": [record(item) for item in job.items]}
            child.stdin.write(json.dumps(order) + "\n")
            child.stdin.flush()
            answer = json.loads(child.stdout.readline() or '{"error": "the worker ended without an answer"}')
        except (OSError, ValueError) as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        if "error" in answer:
            done.put(RuntimeError(f"pictures of {job.folder} could not be printed: {answer['error']}"))
            return
        done.put(answer["done"])


def _ended(child: subprocess.Popen) -> None:
    child.wait()
    for pipe in (child.stdin, child.stdout):
        with suppress(OSError):
            pipe.close()


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
