"""The command says in words what is wrong, with an exit code, and never by a traceback."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from neuroattr import __version__, cli
from neuroattr.book import execution
from neuroattr.book.execution import Report
from neuroattr.book.execution.processes import ending_by_signals
from neuroattr.cli import terminal

ROOT = Path(__file__).parents[1]


def said(*words):
    """Exit code and what the command said, on one line and without frames and colours."""
    result = CliRunner().invoke(cli.app, list(words))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, " ".join(result.output.replace("│", " ").split())


@pytest.fixture
def here(monkeypatch):
    """The command inside this checkout, with nothing that it would execute."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(terminal, "complaints", terminal.Console(stderr=True, width=500))


@pytest.mark.parametrize("words", [("run",), ("book",), ("report",), ("run", "discovery/04_1")])
def test_outside_a_checkout_it_says_what_is_needed(here, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, words = said(*words)
    assert code == 1
    assert words.startswith(
        "neuroattr: chapters run inside a checkout of the repository, a folder with _toc.yml and no"
    )
    assert words.endswith("Change to the checkout and run the command again.")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("-p", "profile=sample"), "Leave it out and choose it by --profile, in Python by run(profile=...)"),
        (("-p", "book=false"), "'book' is none of the parameters to be given: the command sets it; parameters has bo"),
        (("-p", "word"), "-p wants NAME=VALUE, without spaces around the sign; got 'word'. For example: -p backbone="),
        (("-p", "seed=1", "-p", "seed=2"), "-p wants a parameter once; got seed twice, as '1' and as '2'. Leave one"),
        (
            ("-p", "seed="),
            "discovery/04_1_divergence wants a whole number as seed; got nothing. Its own value is 0; on",
        ),
        (("-p", "rarest=many"), "discovery/04_1_divergence wants a whole number as rarest; got 'many'. Its own value"),
        (("-p", "backbone=alexnot"), "wants the name of a network as backbone; got 'alexnot'; did you mean 'alexnet'"),
        (("-p", "corpus=shop"), "wants the name of a corpus as corpus; got 'shop'"),
        (("-p", "wrd=red"), "has no parameter 'wrd'; it has: profile, corpus, backbone, seed, book, word, rarest,"),
        (("--profile", "sampel"), "no profile 'sampel'; there are: embedded, sample. A profile is a file profiles/NA"),
        (("discovery/4_9",), "no chapter begins with 'discovery/4_9'; there are: discovery/01_introduction, discovery"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_starts(here, monkeypatch, words, message):
    monkeypatch.setattr(execution.runs, "_together", lambda *_: pytest.fail("something started"))
    chapters = () if words[0].startswith("discovery/") else ("discovery/04_1",)
    code, found = said("run", "--force", *chapters, *words)
    assert code == 1
    assert message in found


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("-p", "profile=sample"), "Leave it out and choose it by --profile"),
        (("-p", "wrd=red"), "none of these chapters has a parameter 'wrd': discovery/01_introduction, "),
        (("-p", "rarest=many"), "discovery/02_related_work wants a whole number as rarest; got 'many'."),
        (("--profile", "sampel"), "no profile 'sampel'; there are: embedded, sample."),
    ],
)
def test_the_book_refuses_what_a_run_does(here, monkeypatch, words, message):
    monkeypatch.setattr(execution.runs, "_together", lambda *_: pytest.fail("something started"))
    code, found = said("book", *words)
    assert code == 1
    assert message in found


def test_what_pages_need_from_elsewhere_is_fetched_before_chapters_take_their_time(here, monkeypatch):
    def missing(project):
        raise OSError("mathjax cannot be fetched")

    monkeypatch.setattr(execution, "vendor", missing)
    monkeypatch.setattr(execution.runs, "_together", lambda *_: pytest.fail("something started"))
    assert said("book", "--force") == (1, "neuroattr: mathjax cannot be fetched")


def test_no_job_at_all_is_refused_as_a_wrong_option(here):
    code, found = said("run", "--jobs", "0")
    assert code == 2
    assert "'--jobs'" in found and "greater than or equal to 1" in found


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("report", "discovry"), "neuroattr: "),
        (("assets", "fetch", "caffenet-min"), "no asset is called 'caffenet-min'."),
    ],
)
def test_names_that_there_are_not_are_refused_in_words(here, words, message):
    code, found = said(*words)
    assert code == 1
    assert message in found and "Error" not in found


def test_a_table_that_cannot_be_written_is_told(here, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, found = said("report", "--csv", str(tmp_path / "file" / "table.csv"))
    assert code == 1
    assert found.startswith("neuroattr: [Errno 20] Not a directory") or "File exists" in found


@pytest.mark.parametrize(
    "error", [PermissionError(13, "Permission denied", "/x"), ValueError("no"), RuntimeError("no")]
)
def test_an_error_of_the_machine_is_told_without_traceback(here, monkeypatch, error):
    def fails(*_, **__):
        raise error

    monkeypatch.setattr(execution, "run", fails)
    assert said("run") == (1, f"neuroattr: {error}")


def test_an_interrupt_says_what_it_leaves(here, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(execution, "run", interrupted)
    words = "neuroattr: interrupted; what was done by then is kept, and the same command does the rest"
    assert said("run") == (130, words)


def test_parameters_reach_the_run_as_they_were_written(here, monkeypatch):
    seen = {}
    monkeypatch.setattr(execution, "run", lambda chapters, **options: seen.update(options) or Report(()))
    assert said("run", "-p", "word=a=b", "-p", "rarest=5", "-j", "3")[0] == 0
    assert seen == {"profile": "embedded", "parameters": {"word": "a=b", "rarest": "5"}, "jobs": 3, "force": False}


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="signals that Windows does not have")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_ends_the_block_in_order_and_one_that_was_ignored_stays_so(name):
    number = getattr(signal, name)
    before = signal.signal(number, signal.SIG_DFL)  # behind nohup it is ignored
    try:
        with pytest.raises(SystemExit) as ended, ending_by_signals():
            signal.raise_signal(number)
        assert ended.value.code == 128 + number
        assert signal.getsignal(number) == signal.SIG_DFL
        signal.signal(number, signal.SIG_IGN)
        with ending_by_signals():
            signal.raise_signal(number)
    finally:
        signal.signal(number, before)


@pytest.mark.parametrize("first", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
def test_what_is_being_put_in_order_is_not_interrupted_by_another_signal(first, second):
    done, ends = [], {signal.SIGINT: KeyboardInterrupt, signal.SIGTERM: SystemExit}
    before = {number: signal.getsignal(number) for number in ends}
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with pytest.raises(ends[first]), ending_by_signals():
            try:
                signal.raise_signal(first)
            finally:
                signal.raise_signal(second)
                done.append("in order")
        assert done == ["in order"]
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_the_command_is_there_as_a_module_too():
    done = subprocess.run([sys.executable, "-m", "neuroattr", "--version"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == __version__
