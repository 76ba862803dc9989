"""Pictures of items as files, drawn in parallel: chunk by chunk, each a folder that is either whole or not there."""

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
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

QUALITY = 92  # of the JPEG files
RENDERING = "neuroattr.atelier.rendering"  # the renderer of single products
SIZE = 48  # pictures in a folder: about half a second of work
_WORTH_A_WORKER = 4  # chunks; a worker takes about half a second to start

# Workers are plain children that read chunks from their standard input: unlike multiprocessing's, they never import the
# caller's main module again (a script without a guard, a notebook and a prompt all work), and nothing is pickled.
_WORKER = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from neuroattr.atelier import chunks; chunks.serve()"
)


@dataclass(frozen=True)
class Chunk:
    """Pictures of `items`, `size` pixels wide and high, called `names`, to be put into `folder`.

    `renderer` is the module that knows what the items are: its ``draw(item, size)`` makes a picture, its
    ``record(item)`` JSON-able values and its ``recalled(values)`` the item again.
    """

    folder: Path
    names: tuple[str, ...]
    items: tuple[object, ...]
    size: int
    renderer: str = RENDERING


def draw_chunk(chunk: Chunk) -> None:
    """Draw the pictures of a chunk and put its folder in place, whole."""
    draw = importlib.import_module(chunk.renderer).draw  # here, because the parent needs no renderer
    chunk.folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=".part-", dir=chunk.folder.parent))
    try:
        for name, item in zip(chunk.names, chunk.items, strict=True):
            picture = Image.fromarray(draw(item, chunk.size))
            picture.save(unfinished / f"{name}.jpg", quality=QUALITY, subsampling=0)
        if not chunk.folder.exists():  # a child that outlived a killed run may have been faster
            unfinished.replace(chunk.folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def draw_chunks(chunks: Sequence[Chunk], *, workers: int | None = None) -> Generator[int, None, None]:
    """Draw all chunks, on several processors where that pays; yields the number of pictures of each as it is done.

    Raises
    ------
    RuntimeError
        If a worker fails; what it had to say is in the message. Chunks that are done stay.
    """
    if workers is None:
        workers = min(_processors(), len(chunks) // _WORTH_A_WORKER)
    if workers <= 1:
        for chunk in chunks:
            draw_chunk(chunk)
            yield len(chunk.items)
        return
    waiting: queue.SimpleQueue[Chunk] = queue.SimpleQueue()
    done: queue.SimpleQueue[int | RuntimeError] = queue.SimpleQueue()
    for chunk in chunks:
        waiting.put(chunk)
    children = [_started() for _ in range(workers)]
    threads = [threading.Thread(target=_feed, args=(child, waiting, done), daemon=True) for child in children]
    try:
        for thread in threads:
            thread.start()
        for _ in chunks:
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
            _close(child)


def serve() -> None:
    """Work of a child: a chunk a line from standard input, an answer a line to standard output."""
    for line in sys.stdin:
        values = json.loads(line)
        answer: dict[str, object]
        try:
            items = tuple(map(importlib.import_module(values["renderer"]).recalled, values["items"]))
            draw_chunk(Chunk(Path(values["folder"]), tuple(values["names"]), items, values["size"], values["renderer"]))
            answer = {"done": len(items)}
        except Exception as error:  # told to the parent, which raises it
            answer = {"error": f"{type(error).__name__}: {error}"}
        try:
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()
        except BrokenPipeError:  # the parent was killed; its next run will find this chunk
            os._exit(1)


def _started() -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _WORKER, json.dumps([entry or str(Path.cwd()) for entry in sys.path])]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,  # an interrupt at the prompt is the parent's to handle
    )


def _feed(
    child: subprocess.Popen[str], waiting: queue.SimpleQueue[Chunk], done: queue.SimpleQueue[int | RuntimeError]
) -> None:
    """Hand a child one chunk after another until none waits, and pass on how each went."""
    assert child.stdin is not None and child.stdout is not None
    while True:
        try:
            chunk = waiting.get_nowait()
        except queue.Empty:
            return
        try:
            record = importlib.import_module(chunk.renderer).record
            order = {**vars(chunk), "folder": str(chunk.folder), "items": [record(item) for item in chunk.items]}
            child.stdin.write(json.dumps(order) + "\n")
            child.stdin.flush()
            answer = json.loads(child.stdout.readline() or '{"error": "the worker ended without an answer"}')
        except (OSError, ValueError) as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        if "error" in answer:
            done.put(RuntimeError(f"pictures of {chunk.folder} could not be printed: {answer['error']}"))
            return
        done.put(answer["done"])


def _close(child: subprocess.Popen[str]) -> None:
    child.wait()
    for pipe in (child.stdin, child.stdout):
        with suppress(OSError):
            if pipe is not None:
                pipe.close()


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
