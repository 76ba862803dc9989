"""A nursery loads libraries once and forks kernels that have them; none outlives those who asked for it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import papermill
import pytest

from neuroattr.execution import Project, digests, kernels
from neuroattr.execution.nursery import AVAILABLE, Process, nursery

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
    """Whether a process has ended, waiting for that up to ten seconds."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def asleep(monkeypatch):
    """Arguments with which a kernel starts and waits for connections that never come."""
    return {"argv": ["--IPKernelApp.log_level=50"], "env": dict(os.environ), "cwd": str(Path.cwd())}


@linux
def test_a_kernel_starts_with_the_libraries_loaded_and_the_settings_of_its_client(tmp_path, monkeypatch):
    monkeypatch.setenv("ASKED", "yes")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    with nursery(["colorsys", "numpy", "no_such_library", "threadpoolctl"]) as address:
        loaded, parent, place, asked = executed(LOOKS, tmp_path, address).splitlines()[0].split()
        threads = executed(LOOKS, tmp_path, address).splitlines()[1]
    assert (loaded, place, asked) == ("True", str(tmp_path), "yes")
    assert int(parent) != os.getpid()
    assert threads == "{1}"
    assert executed(LOOKS, tmp_path, None).split()[:2] == ["False", str(os.getpid())]


@linux
def test_a_notebook_gives_the_same_from_a_nursery_as_from_a_kernel_of_its_own(tmp_path):
    source = "import numpy as np\nprint(np.random.default_rng(1).normal(size=3), hash('a') == hash('a'))"
    with nursery(["numpy"]) as address:
        assert executed(source, tmp_path, address) == executed(source, tmp_path, None)


@linux
def test_how_a_kernel_ended_is_told(asleep):
    with nursery(["ipykernel.kernelapp"]) as address:
        one = Process(address, **asleep)
        assert one.poll() is None
        one.kill()
        assert one.wait() == one.poll() == -signal.SIGKILL
        one.terminate()  # nothing left to end, and no error
        wrong = Process(address, **{**asleep, "cwd": "/no/such/folder"})
        assert wrong.wait() == 1


@linux
def test_kernels_end_with_their_client_however_that_ends(asleep):
    with nursery(["ipykernel.kernelapp"]) as address:
        code = f"""
import time
from neuroattr.execution.nursery import Process
print(Process({address!r}, **{asleep!r}).pid, flush=True)
time.sleep(60)
"""
        client = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        kernel = int(client.stdout.readline())
        assert Path(f"/proc/{kernel}").exists()
        client.kill()
        client.wait()
        client.stdout.close()
        assert gone(kernel)


@linux
def test_kernels_end_with_a_run_that_is_killed(tmp_path):
    files = {
        "_toc.yml": "format: jb-book\nroot: index\n",
        "notebooks/profiles/plain.toml": "",
        "notebooks/long.py": (
            "# %% [markdown]\n# # Long\n\n# %% tags=['parameters']\nk = 1\n\n# %%\n"
            "import os, pathlib, time\npathlib.Path('pid').write_text(str(os.getpid()))\ntime.sleep(120)\n"
        ).replace("['parameters']", '["parameters"]'),
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    code = "from neuroattr import execution; execution.run(profile='plain')"
    run = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path)
    for _ in range(600):
        if (tmp_path / "pid").exists() and (tmp_path / "pid").read_text():
            break
        time.sleep(0.1)
    kernel = int((tmp_path / "pid").read_text())
    run.kill()
    run.wait()
    assert gone(kernel)


def test_an_address_without_a_nursery_is_named(asleep, tmp_path):
    with pytest.raises(ConnectionError, match=rf"^no kernel came from the nursery at {tmp_path}/none: FileNotFound"):
        Process(f"{tmp_path}/none", **asleep)


def test_where_forks_are_not_safe_there_is_no_nursery(monkeypatch):
    monkeypatch.setattr("neuroattr.execution.nursery.AVAILABLE", False)
    with nursery(["numpy"]) as address:
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
