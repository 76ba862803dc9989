"""`neuroattr report --compare` says what moved between two runs, by words, a file and the exit code."""

import pandas as pd
import pytest
from typer.testing import CliRunner

from neuroattr import cli
from neuroattr.cli import terminal
from neuroattr.results import Context, Ledger


def run(folder, value, n=9):
    context = Context(corpus="atelier-shop", network="caffenet-mini", profile="embedded", generated=True, code="")
    ledger = Ledger("discovery/04_1_divergence", context)
    ledger.record("a", value, n=n, interval=(1, 3), title="the [first] number")
    ledger.record("b", 2, n=9, interval=(1, 3), title="the second number")
    ledger.save(folder)
    return str(folder)


def said(*words):
    result = CliRunner().invoke(cli.app, ["report", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, " ".join(result.output.replace("│", " ").split())


@pytest.fixture(autouse=True)
def wide(monkeypatch, tmp_path):
    """A wide terminal, outside any checkout."""
    monkeypatch.setattr(terminal, "screen", terminal.Console(width=300))
    monkeypatch.setattr(terminal, "complaints", terminal.Console(stderr=True, width=500))
    monkeypatch.chdir(tmp_path)


def test_what_moved_is_shown_and_the_exit_code_says_so(tmp_path):
    before, after = run(tmp_path / "1", 2), run(tmp_path / "2", 2.5)
    code, words = said("--compare", before, after)
    assert code == 1
    assert "discovery a discovery/04_1_divergence moved value 2 2.5 0.5 0.5" in words
    assert "discovery b" not in words
    assert words.endswith(
        "1 moved, 0 only before, 0 only after, 1 same; 0 verdicts changed, 0 values left their interval"
    )


def test_two_equal_runs_are_said_to_be_so_with_exit_code_0(tmp_path):
    before, after = run(tmp_path / "1", 2), run(tmp_path / "2", 2)
    assert said("--compare", before, after) == (
        0,
        f"from {before} to {after}: 0 moved, 0 only before, 0 only after, 2 same; 0 verdicts changed, "
        "0 values left their interval",
    )


def test_all_rows_go_into_the_file_and_a_paper_can_be_named(tmp_path):
    before, after = run(tmp_path / "1", 2), run(tmp_path / "2", 2, n=8)
    assert said("--compare", before, after, "--csv", "moved.csv")[0] == 1
    table = pd.read_csv("moved.csv").set_index("id")
    assert dict(table["state"]) == {"a": "moved", "b": "same"} and table.loc["a", "what"] == "n"
    code, words = said("hidden_layers", "--compare", before, after)
    assert code == 0 and "0 moved, 0 only before, 0 only after, 0 same" in words
    assert said("hiden_layers", "--compare", before, after)[0] == 1


def test_a_profile_is_compared_by_its_name_with_a_folder(tmp_path):
    before = run(tmp_path / "1", 2)
    (tmp_path / "_toc.yml").write_text("", encoding="utf-8")
    (tmp_path / "notebooks").mkdir()
    run(tmp_path / "book" / "generated" / "ledger" / "embedded", 3)
    assert "moved value 2 3 1 1" in said("--compare", before, "embedded")[1]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("sampel", "neuroattr: wanted a folder of ledgers, or a profile that has some (none); got 'sampel'"),
        (
            "empty",
            "neuroattr: wanted ledgers to compare; empty holds none (*.json); a run writes them",
        ),
    ],
)
def test_two_runs_without_a_number_are_not_taken_for_equal(tmp_path, name, message):
    (tmp_path / "empty").mkdir()
    code, words = said("--compare", run(tmp_path / "1", 2), name)
    assert code == 1 and words.startswith(message)
