"""`neuroattr cache` says what is kept, and removes what was asked for and nothing else."""

import pytest
from filelock import FileLock
from typer.testing import CliRunner

from neuroattr import cli, provenance
from neuroattr.cli import terminal
from neuroattr.provenance import Kind, kept


@pytest.fixture
def kinds(tmp_path, monkeypatch):
    """A cache with one kind of which all is of use, and one whose code has changed since."""
    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path))
    monkeypatch.setattr(terminal, "screen", terminal.Console(width=300))
    names = dict(kept.NAMES)
    sums, maps = Kind("sums", (provenance.key,)), Kind("maps", (provenance.plain,))
    kept.NAMES.clear()
    kept.NAMES.update(names)
    for kind, size, record in (
        (sums, 1500, sums.record(seed=1)),
        (sums, 20, sums.record(seed=2)),
        (maps, 3000, {**maps.record(word="red"), "code": {"by": ["neuroattr.gone"]}}),
    ):
        kind.kept(record).made(lambda folder, size=size: (folder / "values").write_bytes(b"x" * size))
    return tmp_path


def said(*words, answer=None):
    result = CliRunner().invoke(cli.app, ["cache", *words], input=answer)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, [" ".join(line.replace("│", " ").split()) for line in result.output.splitlines()]


def there(folder):
    """How many results of each kind are kept."""
    return {path.name: sum(each.is_dir() for each in path.iterdir()) for path in sorted(folder.iterdir())}


def row(lines, *beginnings):
    return [line for line in lines if line.startswith(beginnings)]


def test_the_list_says_what_each_result_was_made_from_and_whether_it_is_of_use(kinds):
    code, lines = said("list")
    assert code == 0
    shown = row(lines, "maps", "sums")
    assert [line.split(" whole ")[1] for line in shown] == ["no word red", "yes seed 1", "yes seed 2"]
    assert lines[-1].startswith("3 results, ") and lines[-1].endswith(str(kinds))


def test_the_list_of_one_kind_has_no_other(kinds):
    assert row(said("list", "--kind", "sums")[1], "maps") == []


def test_sizes_are_summed_by_kind(kinds):
    shown = row(said("size")[1], "maps", "sums")
    (maps, sums) = (line.split() for line in shown)
    assert maps[:2] == ["maps", "1"] and maps[2:4] == maps[4:6]
    assert sums[:2] == ["sums", "2"] and sums[4:] == ["0", "bytes"]


def test_clear_removes_what_no_current_code_can_use_and_says_what_was_freed(kinds):
    code, lines = said("clear")
    assert code == 0 and there(kinds) == {"maps": 0, "sums": 2}
    assert lines[0].startswith("removed maps/")
    assert lines[-1].endswith(" freed, 1 result removed")
    assert said("clear") == (0, ["0 bytes freed, 0 results removed"])


def test_clear_of_a_kind_leaves_the_others(kinds):
    assert said("clear", "--kind", "sums")[0] == 0
    assert there(kinds) == {"maps": 1, "sums": 2}


@pytest.mark.parametrize("answer", ["n\n", None])
def test_everything_goes_only_where_somebody_says_yes(kinds, answer):
    code, lines = said("clear", "--all", answer=answer)
    assert code == 1
    assert lines[0].startswith("Remove 3 results, ")
    assert lines[-1].endswith("nothing was removed; without a question: neuroattr cache clear --all --yes")
    assert there(kinds) == {"maps": 1, "sums": 2}


@pytest.mark.parametrize(("words", "answer"), [(("--yes",), None), ((), "y\n")])
def test_everything_of_a_kind_goes_when_that_is_agreed_to(kinds, words, answer):
    assert said("clear", "--all", "--kind", "sums", *words, answer=answer)[0] == 0
    assert there(kinds) == {"maps": 1, "sums": 0}


def test_what_a_running_process_makes_is_left_and_told(kinds):
    (entry,) = [entry for entry in provenance.entries() if entry.kind == "maps"]
    with FileLock(entry.path.with_name(f"{entry.path.name}.lock")):
        code, lines = said("clear")
    assert code == 0 and there(kinds)["maps"] == 1
    assert lines == ["0 bytes freed, 0 results removed", "1 left, because a running process is using them"]


def test_a_kind_of_which_there_is_nothing_is_refused_with_those_that_there_are(kinds):
    code, lines = said("clear", "--kind", "sum", "--all", "--yes")
    assert code == 1
    assert " ".join(lines) == (
        "neuroattr: nothing of kind 'sum' is kept; of these kinds there is something: maps, sums"
    )


def test_an_empty_cache_is_no_error(tmp_path, monkeypatch):
    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path))
    for command in ("list", "size"):
        code, lines = said(command)
        assert code == 0 and lines[0].startswith("0 results, 0 bytes, in ")
