"""Tasks side by side: what became of each, whatever became of the others."""

import os
import select
import signal
import tempfile
import time
from pathlib import Path

import pytest

from neuroattr.book.execution.workers import side_by_side


def work(what, *values):
    """In a worker; at the top of a module, where other processes find it."""
    if what == "raise":
        raise values[0]
    if what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "exit":
        os._exit(3)
    if what == "sleep":
        Path(values[0]).write_text(str(os.getpid()), encoding="utf-8")
        time.sleep(3600)
    return {"add": sum(values), "folder": tempfile.gettempdir(), "pid": os.getpid()}[what]


def test_each_task_is_told_with_what_it_gave_or_what_went_wrong():
    tasks = [("add", 1, 2), ("raise", ValueError("no such word")), ("raise", KeyError("k")), ("add", 3)]
    found = {str(task): (well, what) for task, well, what in side_by_side(work, tasks, workers=2)}
    assert [found[str(task)] for task in (tasks[0], tasks[3])] == [(True, 3), (True, 3)]
    assert {what for well, what in found.values() if not well} == {"no such word", "KeyError: 'k'"}


def test_workers_put_their_temporary_files_into_the_folder(tmp_path):
    assert [what for *_, what in side_by_side(work, [("folder",)], workers=1, folder=str(tmp_path))] == [str(tmp_path)]


def test_one_worker_does_task_after_task():
    assert len({what for *_, what in side_by_side(work, [("pid",), ("pid", 1)], workers=1)}) == 1


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_worker_that_was_ended_fails_its_own_task_only_and_says_how():
    found = {
        task[0]: (well, what) for task, well, what in side_by_side(work, [("die",), ("exit",), ("add", 2)], workers=1)
    }
    assert found["add"] == (True, 2)
    for name, cause in (("die", "SIGKILL"), ("exit", "exit code 3")):
        assert found[name] == (
            False,
            f"the process that executed it was ended from outside ({cause}), by hand or for lack of memory; "
            "run it again, with a smaller number of --jobs if memory was short",
        )


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="Linux")
def test_whoever_stops_asking_ends_the_workers_at_once(tmp_path):
    os.mkfifo(tmp_path / "pid")
    tasks = side_by_side(work, [("add", 1), ("sleep", str(tmp_path / "pid")), ("add", 2)], workers=1)
    assert next(tasks)[2] == 1
    handle = os.pidfd_open(int((tmp_path / "pid").read_text(encoding="utf-8")))
    tasks.close()
    assert select.select([handle], [], [], 240)[0]
    os.close(handle)
