"""However a run ends, nothing of it stays: no process, no socket, no folder, nothing that holds its output open."""

import os
import select
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path
from types import SimpleNamespace

import pytest

from neuroattr.book.execution.kernel_server import AVAILABLE

pytestmark = pytest.mark.skipif(not AVAILABLE, reason="processes are looked up in /proc, which only Linux has")

PATIENCE = 240  # seconds: what takes longer is stuck; nothing here waits for time to pass, so it costs nothing
CHAPTER = """# %% [markdown]
# # Endless

# %% tags=["parameters"]
k = 1

# %%
import os, re, subprocess, sys

sleep = [sys.executable, "-c", "import time; time.sleep(3600)"]
child, apart = subprocess.Popen(sleep), subprocess.Popen(sleep, start_new_session=True)
with open("begun", "w") as told:
    told.write(str(os.getpid()))

# %%
re.match("(a+)+$", "a" * 60 + "b")  # for ages, and no other thread of the kernel runs
"""
FILES = {
    "_toc.yml": "format: jb-book\nroot: index\n",
    "notebooks/profiles/plain.toml": "",
    "notebooks/endless.py": CHAPTER,
}


def marked(mark):
    """Process ids of those that have the mark in their environment, as what they started has: the whole tree."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and mark.encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:  # ended while we looked, or of somebody else
            continue
    return found


def field(pid, name):
    """A line of a process's status, such as its parent."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(line.split()[1] for line in lines if line.startswith(f"{name}:"))


def command_line(pid):
    return Path(f"/proc/{pid}/cmdline").read_bytes().decode()


def wait_for_ends(handles):
    """Wait until all processes, given as file descriptors of them, have ended; those that did not in time."""
    end, waiting = time.monotonic() + PATIENCE, dict(handles)
    while waiting and time.monotonic() < end:
        ready = select.select(list(waiting), [], [], max(0, end - time.monotonic()))[0]
        for handle in ready:
            os.close(handle)
            del waiting[handle]
    return list(waiting.values())


@pytest.fixture
def endless(tmp_path):
    """A run of the command whose kernel is in the midst of a cell and has children: its processes by their part."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    os.mkfifo(tmp_path / "begun")
    desk = tmp_path / "t"
    desk.mkdir()
    mark = f"NEUROATTR_TEST_MARK={uuid.uuid4()}"
    environment = {**os.environ, "TMPDIR": str(desk), mark.split("=")[0]: mark.split("=")[1]}
    # Whoever starts the tests in the background may have them ignore signals, and children inherit that.
    heard = "import signal as s; s.signal(s.SIGINT, s.default_int_handler); s.signal(s.SIGHUP, s.SIG_DFL)"
    code = f"{heard}; from neuroattr.cli import app; app()"
    command = subprocess.Popen(
        [sys.executable, "-c", code, "run", "endless", "--profile", "plain", "-j", "1"],
        cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    with (tmp_path / "begun").open(encoding="utf-8") as told:  # opens when the kernel does the same
        kernel = int(told.read())
    supervisor = int(field(kernel, "PPid"))
    worker = next(pid for pid in marked(mark) if "spawn_main" in command_line(pid))
    run = SimpleNamespace(
        process=command, mark=mark, desk=desk, project=tmp_path,
        command=command.pid, kernel=kernel, supervisor=supervisor, server=int(field(supervisor, "PPid")),
        worker=worker,
    )  # fmt: skip
    yield run
    for pid in marked(mark):  # only of a test that failed
        os.kill(pid, signal.SIGKILL)
    command.stdout.close()
    command.wait()


def what_stays(run, send):
    """Processes that still run and files that still lie there, after the run has had time to end; its last words."""
    handles = {os.pidfd_open(pid): f"{pid} {command_line(pid)[:80]}" for pid in marked(run.mark)}
    send(run)
    stayed = wait_for_ends(handles)
    said = "" if stayed else run.process.stdout.read().decode()  # to the end: nobody holds the pipe
    stayed += [f"{pid} {command_line(pid)[:80]}" for pid in marked(run.mark)]
    stayed += [path.relative_to(run.desk).as_posix() for path in run.desk.rglob("*")]
    return stayed, said


TERM, INT, KILL, HUP = signal.SIGTERM, signal.SIGINT, signal.SIGKILL, signal.SIGHUP
ENDINGS = {
    "a terminated command": (lambda run: os.kill(run.command, TERM), {143}),
    "a killed command": (lambda run: os.kill(run.command, KILL), {-9}),
    "an interrupted command": (lambda run: os.kill(run.command, INT), {130}),
    "a command interrupted twice": (lambda run: [os.kill(run.command, INT) for _ in range(2)], {130, 1, -2}),
    "timeout, which ends the group": (lambda run: os.killpg(run.command, TERM), {143}),
    "a closed terminal": (lambda run: os.killpg(run.command, HUP), {129}),
    "Ctrl-C": (lambda run: os.killpg(run.command, INT), {130}),
    "a killed group": (lambda run: os.killpg(run.command, KILL), {-9}),
    "a terminated worker": (lambda run: os.kill(run.worker, TERM), {1}),
    "a killed worker": (lambda run: os.kill(run.worker, KILL), {1}),
    "a terminated kernel server": (lambda run: os.kill(run.server, TERM), {1}),
    "a killed kernel server": (lambda run: os.kill(run.server, KILL), {1}),
    "a killed supervisor": (lambda run: os.kill(run.supervisor, KILL), {1}),
    "a killed kernel": (lambda run: os.kill(run.kernel, KILL), {1}),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_nothing_stays_of_a_run_after(ending, endless):
    send, codes = ENDINGS[ending]
    stayed, said = what_stays(endless, send)
    assert stayed == []
    assert endless.process.wait() in codes
    assert "Traceback" not in said


PARENT = """
import os, subprocess, sys
code = (
    f"from neuroattr.book.execution.processes import end_with_parent; end_with_parent({os.getpid()}); import os, time; "
    "open('begun', 'w').write(str(os.getpid())); time.sleep(3600)"
)
subprocess.run([sys.executable, "-c", code])
"""


def test_what_the_build_of_the_book_starts_ends_with_it(tmp_path):
    os.mkfifo(tmp_path / "begun")
    parent = subprocess.Popen([sys.executable, "-c", PARENT], cwd=tmp_path)
    handle = os.pidfd_open(int((tmp_path / "begun").read_text(encoding="utf-8")))
    parent.kill()
    parent.wait()
    assert wait_for_ends({handle: "child"}) == []


def test_a_process_whose_parent_is_another_by_then_ends_at_once():
    code = "from neuroattr.book.execution.processes import end_with_parent; end_with_parent(1); raise SystemExit(7)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 1
