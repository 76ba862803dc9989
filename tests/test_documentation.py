"""What README and how-to tell a reader to type runs: the command line takes every command, every block executes."""

import ast
import contextlib
import io
import re
import shlex
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from neuroattr import annotation, backbone, cli, corpus, papers, provenance, results
from neuroattr.book import execution
from neuroattr.book.execution import Project, runs

ROOT = Path(__file__).parents[1]
PROJECT = Project(ROOT)
PAGES = ["README.md", "book/howto.md", "book/index.md"]
WITH_COMMANDS = [
    *PAGES,
    "CONTRIBUTING.md",
    "book/architecture.md",
    *(f"notebooks/{name}.py" for name in PROJECT.chapters()),
]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"`((?:[A-Z_]+=\S+ )*(?:neuroattr|make)(?: [^`]*)?)`")
SMALL = {'corpus.load("atelier-shop", n=600, seed=0)': 'corpus.load("atelier-shop", n=160, size=96, seed=0)'}


def text_of(page):
    return (ROOT / page).read_text(encoding="utf-8")


def prose_of(chapter):
    """The text of a chapter without the ends of its lines."""
    return text_of(f"notebooks/{chapter}.py").replace("\n# ", " ")


def blocks(page, language):
    """The blocks of a page in a language; the block after which no language stands is one of commands."""
    return [body for name, body in BLOCK.findall(text_of(page)) if name == language]


def commands(text):
    """The command lines of a text: of its blocks without code, and those in the middle of a sentence."""
    found = []
    for name, body in BLOCK.findall(text):
        if name in ("", "console"):
            lines = (line.partition("#")[0].removeprefix("$ ").strip() for line in body.splitlines())
            found += [line for line in lines if line]
    return found + [" ".join(span.split()) for span in SPAN.findall(BLOCK.sub("", text)) if span != "neuroattr"]


def looked_up(chapters=None, *, profile="embedded", parameters=None, jobs=2, force=False, first=None):
    """In place of ``execution.run``: the same chapters, profile and parameters, looked up and not executed."""
    names = PROJECT.named(chapters)
    runs._settings(PROJECT, names, profile, parameters or {})
    return runs.Report(tuple(runs.Outcome(name, "up to date") for name in names))


def complaint(command):
    """Why a command does not do what the page says it does; nothing if it does.

    ``make`` says what it would do; ``neuroattr`` is called, with chapters looked up instead of executed, nothing
    removed, and runs compared that are the kept one.
    """
    words = [word for word in shlex.split(command) if not word.startswith("NEUROATTR_")]
    if words[0] == "make":
        done = subprocess.run(["make", "-n", *words[1:]], cwd=ROOT, capture_output=True, text=True)
        return done.stderr.strip() if done.returncode else ""
    replaced = {"run": looked_up, "build": lambda **_: ROOT / "index.html"}
    with pytest.MonkeyPatch.context() as patch:
        for name, function in replaced.items():
            patch.setattr(execution, name, function)
        patch.setattr(provenance, "clear", lambda **_: [])
        patch.setattr(cli.report, "_run", lambda _: results.read(ROOT / "book" / "ledger" / "sample"))
        done = CliRunner().invoke(cli.app, words[1:])
    return (
        "" if done.exit_code == 0 else " ".join(re.sub(r"[^\w\s'/-]", " ", done.output).split()) or str(done.exception)
    )


def executed(block, space):
    """What a block prints, and the value of its last expression where there is one."""
    for whole, small in SMALL.items():
        block = block.replace(whole, small)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        *rest, last = ast.parse(block).body
        exec(compile(ast.Module(rest, []), "block", "exec"), space)
        if not isinstance(last, ast.Expr):
            raise ValueError(f"the last line of a block shows something; got {ast.unparse(last)}")
        value = eval(compile(ast.Expression(last.value), "block", "eval"), space)
    return printed.getvalue(), value


# --- the tools of this file can fail
@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("neuroattr run discovery/04_1 -p wrod=floral", "discovery/04_1_divergence has no parameter 'wrod'"),
        ("neuroattr run --profil sample", "No such option"),
        ("neuroattr bok", "No such command 'bok'"),
        ("neuroattr book -p nobody=1", "none of these chapters has a parameter 'nobody'"),
        ("make boko", "No rule to make target"),
    ],
)
def test_a_command_that_does_not_work_is_found(command, said):
    assert said in complaint(command)


def test_commands_are_found_in_blocks_and_in_sentences():
    text = "```console\n$ make book  # all\n```\n\nor `neuroattr run x -p\na=1`, see `neuroattr.cli`\n"
    assert commands(text) == ["make book", "neuroattr run x -p a=1"]


# --- what stands in the pages
@pytest.mark.parametrize("page", WITH_COMMANDS)
def test_every_command_of_a_page_is_taken(page):
    text = text_of(page)
    text = text if page.endswith(".md") else re.sub(r"(?m)^# ?", "", text)
    told = [command for command in commands(text) if "NAME" not in command]
    assert {command: said for command in told if (said := complaint(command))} == {}


def test_the_pages_tell_commands_and_code():
    told = [command for page in WITH_COMMANDS for command in commands(text_of(page))]
    assert {"make book", "make test", "make lab", "neuroattr assets list"} <= set(told) and len(told) > 10
    assert [len(blocks(page, "python")) for page in PAGES[:2]] == [1, 3]


def test_values_that_exercises_name_are_there(shop):
    assert "new" in shop.words and "floral" in shop.words
    assert "leopard" in papers.load("hidden_layers").constants.textures


def test_the_list_of_assets_is_printed_and_an_unknown_one_is_refused():
    assert CliRunner().invoke(cli.app, ["assets", "list"]).exit_code == 0
    assert "missing NAME" in complaint("neuroattr assets fetch NAME")


def test_what_code_and_commands_of_the_pages_load_comes_with_the_package():
    for page in ("README.md", "book/howto.md"):
        for block in blocks(page, "python"):
            assert set(re.findall(r'^[^#\n]*backbone\.load\("([\w-]+)"', block, re.MULTILINE)) <= {"caffenet-mini"}
    told = [command for page in WITH_COMMANDS for command in commands(text_of(page))]
    assert [command for command in told if re.search(r"backbone=(?!caffenet-mini)", command)] == []
    assert backbone.load("caffenet-mini").units.columns.tolist() == ["layer", "channel"]


def test_the_example_of_readme_prints_layer_and_channel_of_each_unit(cache):
    (block,) = blocks("README.md", "python")
    space = {}
    printed, _ = executed(block, space)
    heading, *lines = [line.split() for line in printed.splitlines()]
    assert heading == ["word", "layer", "channel", "divergence"] and len(lines) == 5
    known = {tuple(map(str, unit)) for unit in space["network"].units[["layer", "channel"]].itertuples(index=False)}
    assert {(layer, channel) for _, layer, channel, _ in lines} <= known
    values = [float(line[3]) for line in lines]
    assert values == sorted(values, reverse=True)
    assert values[0] == pytest.approx(float(space["divergence"].sel(word=space["words"][0]).max()), abs=1e-5)


def test_the_example_of_readme_goes_on_when_a_picture_cannot_be_read(cache, tmp_path):
    """The same lines with a table of one's own, one of whose pictures is damaged after the table was read."""
    (block,) = blocks("README.md", "python")
    mine = own_pictures(tmp_path)
    lost = mine.ids[3]
    (tmp_path / lost).write_bytes(b"no picture any more")
    first = next(line for line in block.splitlines() if line.startswith("listings = corpus.load"))
    space = {"mine": mine}
    printed, _ = executed(block.replace(first, "listings = mine"), space)
    assert lost not in space["listings"].ids and len(space["listings"]) == len(mine) - 1
    assert len(printed.splitlines()) == 6


def test_the_blocks_of_the_how_to_run_one_after_the_other(cache, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    form, votes, own = blocks("book/howto.md", "python")
    space = {}
    _, shown = executed(form, space)
    assert isinstance(shown, annotation.Form)
    Path("votes").mkdir()
    for name in ("Ann", "Bob", "Cyd"):
        poll = annotation.Poll(space["asked"], f"votes/{name}.csv", annotator=name, seed=0)
        while poll.current:
            poll.answer("left" if poll.pictures[0] == poll.current.positive_id else "right")
    _, judged = executed(votes, space)
    assert judged["visualness"].eq(1).all() and len(judged) == 3, "all three chose the picture whose text has the word"
    assert "<html" in annotation.page(space["asked"], space["shop"], title="Which?")
    own_pictures(tmp_path)
    _, units = executed(own, space)
    assert units.columns.tolist() == ["word", "layer", "channel", "divergence"] and len(units) == 10
    assert units["word"].unique().tolist() == [space["mine"].words[0]]


# --- sentences that were typed by hand about the kept run on real photographs
def kept(chapter):
    """The measurements of the kept run, by id."""
    rows = results.read(ROOT / "book" / "ledger" / "sample")
    return rows[rows["chapter"] == chapter].set_index("id")


def test_what_section_6_says_of_real_photographs_is_what_was_measured_on_them():
    text = prose_of("discovery/06_saliency")
    assert "On real photographs the maps stay *below* the gradient" in text
    assert "silencing prime units costs a little more accuracy than silencing units like them" in text
    rows = kept("discovery/06_saliency")
    for network in ("pre-trained", "attribute-tuned"):
        assert rows.loc[f"ahead_{network}_gradient", "high"] < 0
        assert rows.loc[f"silence_{network}_matched_accuracy", "low"] > 0
    widths = rows.loc[["map_width_0.125", "map_width_0.5", "map_width_1", "map_peaks"], "value"]
    assert widths.max() < rows.loc["map_gradient", "value"], "it is not the width of the Gaussian"


def test_no_page_says_of_blocks_what_the_kept_run_contradicts():
    """Blocks two and three, four and five, were told apart on real photographs; two pages said that they cannot be."""
    rows = kept("hidden_layers/4_2_quantitative")
    assert rows.loc[["block2-colours", "block4-textures"], "outcome"].tolist() == ["holds", "holds"]
    for name in ("4_2_quantitative", "5_conclusion"):
        text = prose_of(f"hidden_layers/{name}")
        assert "usually not beaten" not in text and "not established" not in text


def own_pictures(folder, n=60):
    """A folder of pictures and ``products.csv``, as the how-to assumes it, and the corpus of them."""
    shop = corpus.load("atelier-shop", n=n, size=64, seed=1)
    for id in shop.ids:
        shop.image(id).save(folder / f"{id}.png")
    table = pd.DataFrame(shop.table[["title", "description"]]).assign(photo=[f"{id}.png" for id in shop.ids])
    table.to_csv(folder / "products.csv", index=False)
    return corpus.Corpus.from_table(
        folder / "products.csv", image_column="photo", text_columns=["title", "description"]
    )
