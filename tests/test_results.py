"""The ledger keeps what was measured and refuses what is no result; the tables put it beside what is printed."""

import json
import re
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pandas as pd
import pytest

from neuroattr import papers, results
from neuroattr.results import Context, Ledger, LedgerError

CHAPTER = "discovery/4_4_results"
SPEARMAN = "table1.pretrained-random.spearman"


@pytest.fixture
def context():
    return Context(
        corpus="products",
        network="AlexNet with re-learned fc6",
        profile="sample",
        generated=False,
        code="c0de",
        parameters={"seed": 0, "bins": 32},
        assets={"lexical": "ab12"},
    )


@pytest.fixture
def ledger(context):
    return Ledger(CHAPTER, context)


@pytest.fixture
def run(tmp_path, ledger):
    """A folder with the ledgers of two chapters."""
    ledger.record(SPEARMAN, 0.61234567, n=43, interval=(0.4, 0.75), note="norms in place of votes")
    ledger.record("poster:table.pretrained-random.spearman", 0.61, n=43)
    ledger.record("auc-visual", 0.91, n=43, interval=(0.8, 0.97), title="AUC of visual against other words")
    ledger.verdict("resample-over-random", None, "difference 0.02 [-0.01, 0.05]")
    ledger.save(tmp_path / "sample")
    other = Ledger("discovery/3_datasets", replace(ledger.context, code="01d"))
    other.record("duplicate_share", 0.31, n=11_900)
    other.save(tmp_path / "sample")
    return tmp_path / "sample"


# Writing


def test_a_ledger_comes_back_as_it_was_saved(ledger, tmp_path):
    ledger.record(SPEARMAN, np.float32(0.5), n=np.int64(43), interval=np.array([0.25, 0.75]))
    ledger.record("auc-visual", 0.91, n=43, title="AUC", unit="AUC", note="why")
    ledger.record("poster:table.language-prior.pearson", 0.1, n=43)
    ledger.verdict("dataset-purifier", np.bool_(True), "precision 0.8 [0.6, 0.9]")
    path = ledger.save(tmp_path)
    again = Ledger.load(path)
    assert path.name == "discovery.4_4_results.json"
    assert again.measurements == ledger.measurements
    assert (
        again.verdicts
        == ledger.verdicts
        == (results.Verdict("dataset-purifier", "holds", "precision 0.8 [0.6, 0.9]", "discovery"),)
    )
    assert replace(again.context, time=None) == ledger.context
    assert again.context.time.endswith("+00:00")
    assert [m.id for m in again.measurements] == ["auc-visual", SPEARMAN, "table.language-prior.pearson"]
    assert again.measurements[1].unit == "correlation", "the unit of the printed number"
    assert repr(again) == "Ledger('discovery/4_4_results': 3 measurements, 1 verdicts)"


def test_a_ledger_that_says_the_same_is_left_alone(ledger, tmp_path):
    ledger.record(SPEARMAN, 1 / 3, n=43)
    path = ledger.save(tmp_path)
    before = path.read_bytes()
    same = Ledger(CHAPTER, replace(ledger.context, commit="later", time="2030-01-01T00:00:00+00:00"))
    same.record(SPEARMAN, 1 / 3 + 1e-9, n=43)
    same.save(tmp_path)
    assert path.read_bytes() == before
    same.record(SPEARMAN, 0.34, n=43)
    same.save(tmp_path)
    kept = json.loads(path.read_text())
    assert kept["context"]["commit"] == "later"
    assert kept["measurements"][0]["value"] == 0.34


def test_numbers_keep_six_digits_and_stand_in_one_order(ledger, tmp_path):
    ledger.record(SPEARMAN, 0.123456789, n=43, interval=(0.0123456789, 123456.789))
    ledger.record("duplicate_share", 1, n=10)
    kept = json.loads(ledger.save(tmp_path).read_text())["measurements"]
    assert [one["id"] for one in kept] == ["duplicate_share", SPEARMAN]
    assert (kept[1]["value"], kept[1]["interval"]) == (0.123457, [0.0123457, 123457.0])


def test_recording_again_replaces(ledger):
    ledger.record(SPEARMAN, 0.1, n=1)
    ledger.record(SPEARMAN, 0.2, n=2)
    assert [(one.value, one.n) for one in ledger.measurements] == [(0.2, 2)]


def test_an_empty_ledger_leaves_no_file(ledger, tmp_path):
    ledger.record(SPEARMAN, 0.1, n=1)
    path = ledger.save(tmp_path)
    assert Ledger(CHAPTER, ledger.context).save(tmp_path) is None
    assert not path.exists()


def test_a_failed_write_leaves_the_earlier_file(ledger, tmp_path, monkeypatch):
    ledger.record(SPEARMAN, 0.1, n=1)
    path = ledger.save(tmp_path)
    before = path.read_bytes()
    ledger.record(SPEARMAN, 0.2, n=1)
    monkeypatch.setattr("pathlib.Path.write_text", lambda *a, **k: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        ledger.save(tmp_path)
    assert path.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_context_does_not_change(context):
    with pytest.raises(FrozenInstanceError):
        context.corpus = "other"


# Verdicts by their stated test


@pytest.mark.parametrize(
    ("intervals", "bound", "expected"),
    [
        ([(0.1, 0.2)], {"above": 0}, True),
        ([(-0.2, -0.1)], {"above": 0}, False),
        ([(-0.1, 0.1)], {"above": 0}, None),
        ([(0.0, 0.1)], {"above": 0}, None),  # touches the bound
        ([(0.1, 0.2), (-0.1, 0.1)], {"above": 0}, None),
        ([(0.1, 0.2), (-0.2, -0.1)], {"above": 0}, False),
        ([(1.1, 1.9)], {"below": 2}, True),
        ([(2.1, 2.9)], {"below": 2}, False),
        ([(1.9, 2.1)], {"below": 2}, None),
    ],
)
def test_outcome_of_intervals_against_a_bound(intervals, bound, expected):
    assert results.outcome(intervals, **bound) is expected


def test_a_claim_is_decided_by_its_bound_in_every_case(ledger):
    found = ledger.decide("initial-over-random", {"pre-trained": (0.03, 0.01, 0.05), "tuned": (-0.2, -0.3, -0.1)})
    assert found.outcome == "does not hold"
    assert found.evidence == "pre-trained: 0.03 [0.01, 0.05]; tuned: -0.2 [-0.3, -0.1]"
    assert ledger.decide("depth-pretrained-even", {"all": (1.5, 1.4, 1.6)}, note="n = 250").outcome == "holds"
    assert ledger.decide("divergence-separates", {"all": (0.6, 0.4, 0.7)}).outcome == "undecided"


# Reading


def test_read_gives_a_row_for_each_entry_and_marks_what_is_stale(run):
    table = results.read(run)
    assert len(table) == 5
    assert table["stale"].isna().all(), "unknown without the digests of the present code"
    stale = results.read(run, code={CHAPTER: "c0de"}).set_index("id")["stale"]
    assert not stale[SPEARMAN]
    assert stale["duplicate_share"], "the chapter is gone"
    assert results.read(run, code=lambda chapter: "new")["stale"].all()
    assert table.set_index("id").loc[SPEARMAN, "network"] == "AlexNet with re-learned fc6"


def test_a_later_folder_replaces_chapters_and_measurements_of_an_earlier_one(tmp_path, context):
    kept, made = tmp_path / "kept", tmp_path / "made"
    ours = "discovery/4_4_experiments"
    for folder, chapter, id, value in (
        (kept, CHAPTER, SPEARMAN, 0.1),
        (kept, "discovery/3_datasets", "duplicate_share", 0.2),
        (made, ours, SPEARMAN, 0.3),
    ):
        entry = results.Ledger(chapter, context)
        entry.record(id, value, n=10)
        entry.save(folder)
    table = results.read(kept, made).set_index("id")
    assert table["value"].to_dict() == {"duplicate_share": 0.2, SPEARMAN: 0.3}
    assert table.loc[SPEARMAN, "chapter"] == ours
    assert results.read(made, kept).set_index("id")["value"].to_dict() == {"duplicate_share": 0.2, SPEARMAN: 0.1}


def test_a_folder_without_a_run_is_empty(tmp_path):
    assert results.read(tmp_path / "none").empty
    table = results.comparison("discovery", ledgers={"sample": tmp_path / "none"})
    assert len(table) == len(papers.load("discovery").numbers)
    assert table["sample"].isna().all()


def test_the_comparison_joins_print_and_runs(run, tmp_path):
    table = results.comparison("discovery", place="Table 1", ledgers={"sample": run, "embedded": tmp_path / "none"})
    line = table.set_index("id").loc[SPEARMAN]
    assert (line["printed"], line["sample"], line["sample low"], line["sample high"], line["sample n"]) == (
        0.637, 0.612346, 0.4, 0.75, 43,
    )  # fmt: skip
    assert pd.isna(line["embedded"])
    assert line["comparable"] == "stand-in data"
    assert line["reason"].startswith("neither the Etsy photos")
    assert line["sample note"] == "norms in place of votes"
    assert set(table["place"]) == {"Table 1", "Section 4.2; Table 1", "Section 4.2; Section 4.4; Table 1"}
    assert list(table)[:9] == ["id", "place", "table", "row", "column", "unit", "kind", "printed", "decimals"]


def test_the_comparison_takes_ids_in_their_order_with_what_is_not_printed(run):
    ids = ["auc-visual", SPEARMAN]
    table = results.comparison("discovery", ids=ids, ledgers={"sample": results.read(run)})
    assert list(table["id"]) == ids
    assert table.loc[0, ["row", "reason"]].tolist() == ["AUC of visual against other words", "not printed in the paper"]
    assert pd.isna(table.loc[0, "printed"])
    assert table.loc[0, "sample"] == 0.91


def test_a_ledger_that_is_not_saved_yet_is_a_run(ledger):
    ledger.record(SPEARMAN, 0.5, n=43)
    table = results.comparison("discovery", ids=[SPEARMAN], ledgers={"here": ledger})
    assert table["here"].tolist() == [0.5]
    assert results.claims_table("discovery", ledgers={"here": ledger})["here"].isna().all()


def test_a_place_takes_its_subsections_and_no_longer_number():
    table = results.comparison("summarization", place="Table 1", ledgers={})
    assert "table1.random.pck1" in set(table["id"])
    assert "table2.proposed.recall" not in set(table["id"])
    within = results.comparison("discovery", place="Section 3", ledgers={})
    assert {"split.1", "wear_images"} <= set(within["id"])
    assert "prime_units" not in set(within["id"])


def test_claims_come_with_their_verdicts(run):
    table = results.claims_table("discovery", ledgers={"sample": run}).set_index("id")
    assert table.loc["resample-over-random", "sample"] == "undecided"
    assert table.loc["resample-over-random", "sample evidence"] == "difference 0.02 [-0.01, 0.05]"
    assert table["sample"].notna().sum() == 1
    assert list(results.claims_table("discovery", ids=["sparse-responses"], ledgers={})["id"]) == ["sparse-responses"]


def test_the_scoreboard_shows_every_number_and_claim_with_interval_and_n(run):
    board = results.scoreboard("discovery", {"sample": results.read(run, code=lambda chapter: "c0de")})
    paper = papers.load("discovery")
    assert len(board) == len(paper.numbers) + len(paper.claims) + 1  # one measurement that is not printed
    cells = board.set_index("id")
    assert cells.loc[SPEARMAN, ["printed", "sample"]].tolist() == ["0.637", "0.612 [0.400, 0.750], n = 43"]
    assert cells.loc["duplicate_share", "sample"] == "0.31, n = 11,900 (stale)"
    assert cells.loc["resample-over-random", "sample"] == "undecided: difference 0.02 [-0.01, 0.05]"
    assert set(results.scoreboard()["paper"]) == set(papers.keys())


def test_what_was_measured_is_counted_by_paper_and_run(run):
    line = results.counts({"sample": run}).set_index("paper").loc["discovery"]
    assert (line["measured"], line["undecided"], line["holds"]) == (2, 1, 0)
    assert line["untested"] == len(papers.load("discovery").claims) - 1


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"value": 0.5}, "0.5"),
        ({"value": 9568.0, "n": 3}, "9,568, n = 3"),
        ({"value": 0.9, "decimals": 3, "low": 0.85, "high": 0.95, "n": 1000}, "0.900 [0.850, 0.950], n = 1,000"),
        ({"value": 0.123456, "low": np.nan, "high": np.nan, "decimals": pd.NA}, "0.1235"),
        ({"value": np.nan}, ""),
    ],
)
def test_numbers_as_they_are_read(given, text):
    assert results.shown(**given) == text


@pytest.mark.parametrize(
    ("real", "drawn", "group"),
    [
        ("holds", "holds", "stands"),
        ("holds", "undecided", "stands"),
        ("holds", None, "stands"),
        ("undecided", "holds", "on drawings only"),
        (None, "holds", "on drawings only"),
        ("holds", "does not hold", "divided"),
        ("does not hold", "holds", "divided"),
        ("does not hold", "undecided", "falls"),
        (None, "does not hold", "falls"),
        ("undecided", "undecided", "open"),
        ("undecided", None, "open"),
        (None, None, "untested"),
    ],
)
def test_a_claim_stands_by_photographs_not_by_drawings(real, drawn, group):
    outcomes = pd.DataFrame({"real": [real], "drawn": [drawn]}, index=["claim"], dtype=object)
    assert results.standing(outcomes, decisive="real").tolist() == [group]


def test_where_there_is_one_run_its_own_verdicts_decide():
    outcomes = pd.DataFrame({"real": ["holds", "does not hold", "undecided", None]}, dtype=object)
    assert results.standing(outcomes).tolist() == ["stands", "falls", "open", "untested"]


def test_what_is_no_outcome_and_no_run_is_refused():
    outcomes = pd.DataFrame({"real": ["holds", "perhaps"]})
    with pytest.raises(LedgerError, match=r"^an outcome is one of .*, or missing; got \['perhaps'\]$"):
        results.standing(outcomes)
    with pytest.raises(LedgerError, match=r"^decisive names one of the runs \['real'\]; got 'drawn'$"):
        results.standing(outcomes, decisive="drawn")


# Errors


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"value": float("nan")}, "nan is not finite; record what can be measured, or leave it out and say why"),
        ({"value": np.inf}, "inf is not finite"),
        ({"value": "0.5"}, "wanted a number, got '0.5'"),
        ({"value": True}, "wanted a number, got True"),
        ({"n": 0}, "n must be a count of at least 1, got 0"),
        ({"n": 4.5}, "n must be a count of at least 1, got 4.5"),
        ({"interval": (0.2, 0.1)}, "the interval is upside down: 0.2 > 0.1"),
        ({"interval": (0.1, np.nan)}, "nan is not finite"),
        ({"interval": (0.1,)}, "wanted an interval (low, high), got (0.1,)"),
        (
            {"id": "table1.pretrained-random.sperman"},
            "prints no such number (did you mean 'table1.pretrained-random.spear",
        ),
        ({"id": "my-own"}, "for a number that is not printed, give a title"),
        ({"title": "mine"}, "this number is printed in 'discovery'; leave the title away or choose another id"),
    ],
)
def test_what_is_no_result_is_refused(ledger, arguments, message):
    with pytest.raises(LedgerError, match=re.escape(message)):
        ledger.record(**{"id": SPEARMAN, "value": 0.5, "n": 43, **arguments})


def test_verdicts_need_a_claim_an_outcome_and_evidence(ledger, context):
    with pytest.raises(LedgerError, match=r"'discovery' makes no such claim \(did you mean 'dataset-purifier'"):
        ledger.verdict("dataset-purifer", True, "x")
    with pytest.raises(LedgerError, match=r"wanted True, False or None \(undecided\), got 'holds'"):
        ledger.verdict("dataset-purifier", "holds", "x")
    with pytest.raises(LedgerError, match="a verdict needs its evidence"):
        ledger.verdict("dataset-purifier", True, " ")
    with pytest.raises(LedgerError, match="decided in words, not by an interval; use verdict: Rank the methods"):
        ledger.decide("accuracy-is-not-proximity", {"all": (1, 1, 1)})
    with pytest.raises(LedgerError, match="which paper's\\? name it like 'discovery:dataset-purifier'"):
        Ledger("explorer", context).verdict("dataset-purifier", True, "x")


def test_a_chapter_outside_the_papers_names_the_paper_with_the_id(context):
    ledger = Ledger("explorer", context)
    assert ledger.record(f"discovery:{SPEARMAN}", 0.5, n=43).paper == "discovery"
    assert ledger.record("clicks", 3, n=3, title="clicks").paper is None


def test_a_bound_is_one_and_an_interval_is_needed():
    with pytest.raises(LedgerError, match="wanted one bound, above or below; got above=None and below=None"):
        results.outcome([(0, 1)])
    with pytest.raises(LedgerError, match="wanted at least one interval, got none"):
        results.outcome([], above=0)


def test_a_chapter_has_a_name_that_makes_a_file(context):
    with pytest.raises(LedgerError, match=r"wanted a chapter like 'discovery/4_1_divergence', got '\.\./secret'"):
        Ledger("../secret", context)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not JSON"),
        ("[]", "not a ledger: list"),
        ("{}", "not a ledger of this version (KeyError: 'chapter')"),
    ],
)
def test_a_file_that_is_no_ledger_is_named(tmp_path, content, message):
    path = tmp_path / "bad.json"
    path.write_text(content)
    with pytest.raises(LedgerError, match=re.escape(f"{path}: {message}")):
        results.read(tmp_path)


def test_a_kept_id_that_the_papers_no_longer_have_is_named(run):
    path = run / "discovery.3_datasets.json"
    path.write_text(path.read_text().replace("duplicate_share", "duplicates_share"))
    with pytest.raises(LedgerError, match=r"3_datasets\.json: .*'duplicates_share': 'discovery' prints no such number"):
        results.read(run)


def test_two_chapters_cannot_measure_the_same_number(run, context):
    other = Ledger("discovery/4_1_divergence", context)
    other.record(SPEARMAN, 0.5, n=43)
    other.save(run)
    message = f"run 'sample': measurement '{SPEARMAN}' of 'discovery' stands in discovery.4_1_divergence.json and"
    with pytest.raises(LedgerError, match=re.escape(message)):
        results.comparison("discovery", ledgers={"sample": run})


def test_unknown_ids_and_places_are_named():
    with pytest.raises(LedgerError, match=r"'tabel1' is neither printed in 'poster' nor measured"):
        results.comparison("poster", ids=["tabel1"], ledgers={})
    with pytest.raises(LedgerError, match="'poster' prints no number at 'Table 9'; places: panel Correlation"):
        results.comparison("poster", place="Table 9", ledgers={})


def test_a_ledger_is_the_same_from_its_content_as_from_its_file(tmp_path):
    context = Context(corpus="atelier-shop", network="caffenet-mini", profile="embedded", generated=True, code="")
    ledger = Ledger("discovery/04_1_divergence", context)
    assert ledger.content() is None
    ledger.record("a", 1 / 3, n=9, interval=(0.1, 0.5), title="a number")
    content = ledger.content()
    assert json.loads(json.dumps(content)) == content and content["context"]["time"]
    path = Ledger.of(content, where="here").save(tmp_path)
    assert json.loads(path.read_text(encoding="utf-8")) == content == Ledger.load(path).content()
    with pytest.raises(LedgerError, match=r"^here: not a ledger of this version \(KeyError: 'paper'\)$"):
        Ledger.of({"chapter": "discovery/1", "context": content["context"]}, where="here")
