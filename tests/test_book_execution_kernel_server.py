"""A kernel server loads libraries once and forks kernels that have them; none outlives those who asked for it."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest

from neuroattr.book.execution import Project, digests, kernels, processes
from neuroattr.book.execution.kernel_server import AVAILABLE, ForkedProcess, kernel_server

linux = pytest.mark.skipif(not AVAILABLE, reason="forks after loading libraries are safe on Linux only")

LOOKS = """
import os, sys, threadpoolctl
print("colorsys" in sys.modules, os.getppid(), os.getcwd(), os.environ.get("ASKED"))
import numpy
print({one["num_threads"] for one in threadpoolctl.threadpool_info()})
"""


def executed(source, folder, address):
    """What a notebook of one cell prints, run by papermill as the runner does."""
    before, after = folder / "before.ipynb", folder / "after.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)]), before)
    done = papermill.execute_notebook(
        before, after, {}, kernel_name="python3", cwd=folder, progress_bar=False, log_output=False,
        **kernels.settings(str(folder), address),
    )  # fmt: skip
    return "".join(out["text"] for out in done.cells[-1].outputs if out.output_type == "stream")


def gone(pid):
    """Whether a process has ended, waiting for that as long as it takes on a busy machine."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 240)[0])
    finally:
        os.close(handle)


@pytest.fixture
def asleep(monkeypatch):
    """Arguments with which a kernel starts and waits for connections that never come."""
    return {"argv": ["--IPKernelApp.log_level=50"], "env": dict(os.environ), "cwd": str(Path.cwd())}


@linux
def test_a_kernel_starts_with_the_libraries_loaded_and_the_settings_of_its_client(tmp_path, monkeypatch):
    monkeypatch.setenv("ASKED", "yes")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    with kernel_server(["colorsys", "numpy", "no_such_library", "threadpoolctl"]) as address:
        loaded, parent, place, asked = executed(LOOKS, tmp_path, address).splitlines()[0].split()
        threads = executed(LOOKS, tmp_path, address).splitlines()[1]
    assert (loaded, place, asked) == ("True", str(tmp_path), "yes")
    assert int(parent) != os.getpid()
    assert threads == "{1}"
    assert executed(LOOKS, tmp_path, None).split()[:2] == ["False", str(os.getpid())]


@linux
def test_a_notebook_gives_the_same_from_a_kernel_server_as_from_a_kernel_of_its_own(tmp_path):
    source = "import numpy as np\nprint(np.random.default_rng(1).normal(size=3), hash('a') == hash('a'))"
    with kernel_server(["numpy"]) as address:
        assert executed(source, tmp_path, address) == executed(source, tmp_path, None)


@linux
def test_how_a_kernel_ended_is_told(asleep):
    with kernel_server(["ipykernel.kernelapp"]) as address:
        one = ForkedProcess(address, **asleep)
        assert one.poll() is None
        one.kill()
        assert one.wait() == one.poll() == -signal.SIGKILL
        one.terminate()  # nothing left to end, and no error
        wrong = ForkedProcess(address, **{**asleep, "cwd": "/no/such/folder"})
        assert wrong.wait() == 1


@linux
def test_kernels_end_with_their_client_however_that_ends(asleep):
    with kernel_server(["ipykernel.kernelapp"]) as address:
        code = f"""
import time
from neuroattr.book.execution.kernel_server import ForkedProcess
print(ForkedProcess({address!r}, **{asleep!r}).pid, flush=True)
time.sleep(3600)
"""
        client = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        kernel = int(client.stdout.readline())
        assert Path(f"/proc/{kernel}").exists()
        client.kill()
        client.wait()
        client.stdout.close()
        assert gone(kernel)


@linux
def test_kernels_end_with_the_block_even_if_their_client_lives(asleep):
    with kernel_server(["ipykernel.kernelapp"]) as address:
        one = ForkedProcess(address, **asleep)
        assert one.poll() is None
    assert gone(one.pid)
    assert one.wait() == -signal.SIGKILL
    assert not Path(address).parent.exists()


@linux
def test_what_a_kernel_says_before_it_dies_is_told(tmp_path):
    source = "import ctypes\nctypes.string_at(0)"
    with kernel_server(["ipykernel.kernelapp"]) as address, pytest.raises(Exception, match="Kernel died") as death:
        executed(source, tmp_path, address)
    assert type(death.value).__name__ == "DeadKernelError"
    said = processes.last_words(tmp_path / kernels.LOG)
    assert said == "; it said: Fatal Python error: Segmentation fault"


@linux
def test_a_folder_for_temporary_files_that_is_too_long_for_sockets_is_named(tmp_path, monkeypatch):
    long = tmp_path / ("x" * 100)
    monkeypatch.setattr("tempfile.tempdir", str(long))
    words = rf"^kernels are reached by sockets in the folder for temporary files, .*; got {long}\. Set TMPDIR to a fold"
    with pytest.raises(ValueError, match=words), kernel_server([]):
        pass


@linux
def test_folders_of_runs_that_were_killed_as_a_whole_are_removed_by_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folders = {name: tmp_path / f"kernels-{name}" for name in ("dead", "alive", "new")}
    for name, folder in folders.items():
        folder.mkdir()
        (folder / "log").touch()
        os.utime(folder, None if name == "new" else (1, 1))
    with (folders["alive"] / "log").open("rb") as held:
        processes.hold(held)
        processes.remove_abandoned(tmp_path.glob("kernels-*"), "log")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kernels-alive", "kernels-new"]


def test_an_address_without_a_kernel_server_is_named(asleep, tmp_path):
    with pytest.raises(ConnectionError, match=rf"^no kernel came from the kernel server at {tmp_path}/none: "):
        ForkedProcess(f"{tmp_path}/none", **asleep)


def test_where_forks_are_not_safe_there_is_no_kernel_server(monkeypatch):
    monkeypatch.setattr("neuroattr.book.execution.kernel_server.AVAILABLE", False)
    with kernel_server(["numpy"]) as address:
        assert address is None
    assert "kernel_manager_class" not in kernels.settings("/x", None)


def test_what_chapters_load_is_what_they_and_their_modules_import_at_the_top(tmp_path):
    files = {
        "toy/__init__.py": "",
        "toy/a.py": "import json\nimport numpy as np\nfrom scipy import sparse\n\n\ndef later():\n    import umap\n",
        "notebooks/x.py": "import pandas as pd\nfrom toy import a\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    project = Project(tmp_path, package="toy")
    assert digests.libraries(project, ["x"]) == ["numpy", "pandas", "scipy", "scipy.sparse"]
