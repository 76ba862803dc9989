import dataclasses
import re
import string

import numpy as np
import pytest
import scipy.stats

from neuroattr import atelier, text
from neuroattr.atelier import chunks, listings, vocabulary, wording
from neuroattr.atelier.items import Item, recalled, record
from neuroattr.corpus.votes import ANSWERS, COLUMNS

ROMANTIC = Item(
    "dress", "red", "green", "flowers", "sleeveless", "halter", "mini", frozenset({"lace", "belt"}), "romantic", 5
)


@pytest.fixture(scope="module")
def market():
    """A catalogue of 3,000 listings, and what its texts mention."""
    made = listings.catalogue(3000, seed=1)
    documents = [text.tokens(f"{row.title}\n{row.description}") for row in made.table.itertuples()]
    found = text.mentions(documents, [word.word for word in vocabulary.words()]).toarray()
    first = np.unique(made.table["look"], return_index=True)[1]
    return made, found, first


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path))
    return tmp_path


# worked examples by hand


def test_the_words_that_are_true_of_a_dress_are_those_its_record_says():
    true = {word.word for word in vocabulary.words() if word.applies(ROMANTIC)}
    assert {
        "red",
        "green",
        "crimson",
        "floral",
        "printed",
        "sleeveless",
        "halter",
        "mini",
        "short",
        "lace",
        "belted",
    } < true
    assert {"romantic", "feminine", "delicate", "chic", "sexy", "flirty", "lined"} < true
    assert not true & {"blue", "striped", "plain", "long", "hooded", "sporty", "formal", "genuine", "free", "new"}


def test_a_pattern_colour_counts_only_where_the_texture_is_sure_to_show_it():
    plain = dataclasses.replace(ROMANTIC, texture="basic")
    assert vocabulary.facts(ROMANTIC)["shows"] == {"red", "green"}
    assert vocabulary.facts(plain)["shows"] == {"red"}


def test_a_listing_says_what_is_not_true_of_something_else():
    said = [word for word in vocabulary.words() if word.word in {"red", "navy", "striped", "romantic", "free"}]
    style = wording.Voice(" | ", True, 0.0, ("Dry clean only.",))
    title, description = wording.written(ROMANTIC, said, style, np.random.default_rng(3))
    sentences = re.split(r"(?<=[.!?])\s", description)
    assert not {"navy", "striped"} & set(text.tokens(title))
    navy = next(sentence for sentence in sentences if "navy" in sentence)
    assert not {"red", "romantic", "free"} & set(text.tokens(navy))


# the texts against the stated rates


def test_there_are_enough_words_of_each_kind():
    kinds = [word.kind for word in vocabulary.words()]
    assert len(kinds) >= 120
    assert {kind: kinds.count(kind) >= 20 for kind in kinds} == dict.fromkeys(
        ("visual", "abstract", "context", "non-visual"), True
    )


def test_fixed_sentences_hold_no_candidate_word():
    candidates = {word.word for word in vocabulary.words()}

    def texts(value):
        if isinstance(value, str):
            yield value
        else:
            for inner in value.values() if isinstance(value, dict) else value:
                yield from texts(inner)

    fixed = list(texts(wording.phrases()))
    for word in vocabulary.words():
        fixed += [*word.says, *word.other, *texts(word.phrase), word.as_.replace(word.word, "")]
    slots = re.compile(r"\{\w+\}")
    assert {line for line in fixed if candidates & set(text.tokens(slots.sub(" ", line)))} == set()


def test_every_slot_of_a_sentence_is_one_the_writer_fills():
    known = {"it", "it_object", "its", "is", "has", "this", "s", "name", "np", "a_np", "list", "w"}
    wordings = [line for word in vocabulary.words() for line in word.says]
    wordings += [line for part in wording.phrases()["look"].values() for line in part]
    slots = {slot.lower() for line in wordings for _, slot, _, _ in string.Formatter().parse(line) if slot}
    assert slots <= known


def test_texts_mention_exactly_the_words_that_were_drawn_for_them(market):
    made, found, first = market
    order = np.argsort(made.table["look"].to_numpy()[first])
    products = [made.items[i] for i in first[order]]
    drawn = vocabulary.mentioned(vocabulary.applicability(products), seed=listings._stream(1, listings._ERRORS))
    assert np.array_equal(found[first[order]], drawn)


def test_mention_rates_among_looks_are_the_stated_ones(market):
    made, found, first = market
    true = vocabulary.applicability(made.items)
    for w, word in enumerate(vocabulary.words()):
        for applies, stated in ((True, 1 - word.miss), (False, word.invent)):
            said = found[first, w][true[first, w] == applies]
            if len(said):  # 400 comparisons at 1e-5: one seed in 250 would fail
                assert scipy.stats.binomtest(int(said.sum()), len(said), stated).pvalue > 1e-5, (word.word, applies)


def test_words_that_follow_nothing_are_as_frequent_in_each_style(market):
    made, found, first = market
    styles = np.array([made.items[i].style for i in first])
    services = [w for w, word in enumerate(vocabulary.words()) if word.kind == "non-visual" and word.invent > 0.05]
    for w in services:
        table = [
            [(found[first, w] & (styles == s)).sum(), (~found[first, w] & (styles == s)).sum()] for s in set(styles)
        ]
        assert scipy.stats.chi2_contingency(table).pvalue > 1e-4, vocabulary.words()[w].word


def test_context_words_follow_the_kind_of_item_only():
    fields = {name for word in vocabulary.words() if word.kind == "context" for table in word.follows for name in table}
    assert fields == {"kind"}
    assert not any(word.follows for word in vocabulary.words() if word.kind == "non-visual")
    assert {word.visible for word in vocabulary.words() if word.kind in ("context", "non-visual")} == {0.0}


def test_word_frequencies_have_a_long_tail(market):
    counts = np.sort(market[1].sum(axis=0))[::-1]
    assert counts[: len(counts) // 5].sum() > 0.45 * counts.sum()
    assert counts[0] > 40 * counts[-1] > 0


# shops and near-duplicates


def test_shop_sizes_add_up_and_have_a_long_tail():
    sizes = listings.shop_sizes(6000, np.random.default_rng(0))
    assert sizes.sum() == 6000
    assert sizes.min() >= 1
    assert np.median(sizes) <= 3
    assert sizes.max() > 100


def test_the_removal_of_the_paper_finds_the_near_duplicates_and_nothing_else(market):
    table = market[0].table
    texts = (table["title"] + "\n" + table["description"]).tolist()
    found = text.near_duplicates(texts, table["group"], threshold=0.1, seed=0)
    pairs = set(zip(found.labels, table["look"], strict=True))
    assert len(found.keep) / len(table) == pytest.approx(1 - listings.NEAR_DUPLICATES, abs=0.03)
    assert abs(len(pairs) - table["look"].nunique()) <= 2


def test_near_duplicates_differ_in_a_proper_noun_and_in_their_pose(market):
    made = market[0]
    rows = np.flatnonzero(made.table["look"] == made.table["look"].value_counts().index[0])[:2]
    one, two = ([made.table[name].iloc[i] for name in ("title", "description")] for i in rows)
    names = set(wording.phrases()["names"])
    bags = [set(re.findall(r"\w+", " ".join(texts))) for texts in (one, two)]
    assert (bags[0] ^ bags[1]) <= names
    assert bags[0] != bags[1]
    first, second = (made.items[i] for i in rows)
    assert first.seed != second.seed
    assert dataclasses.replace(first, seed=0) == dataclasses.replace(second, seed=0)


def test_a_seed_fixes_every_text_and_another_changes_them():
    one, two, other = (listings.catalogue(60, seed=seed) for seed in (4, 4, 5))
    assert one.table.equals(two.table)
    assert one.items == two.items
    assert not one.table["title"].equals(other.table["title"])


@pytest.mark.parametrize("n", [1, 2, 7])
def test_tiny_shops_are_made(n):
    assert len(listings.catalogue(n, seed=0).items) == n


# annotators


def test_votes_have_a_row_for_each_word_pair_and_annotator(shop):
    votes, words = shop.annotations.votes, shop.words[:100]
    assert tuple(votes.columns) == COLUMNS
    assert len(votes) == 100 * 50 * 5
    assert set(votes["word"]) == set(words)
    assert set(votes["answer"]) == set(ANSWERS)
    assert (votes.groupby(["word", "pair"])["annotator"].nunique() == 5).all()
    one = votes.iloc[0]
    assert shop.mention(one["word"])[shop.ids.get_loc(one["positive_id"])]
    assert not shop.mention(one["word"])[shop.ids.get_loc(one["negative_id"])]


def test_visible_words_get_more_positive_votes(shop):
    votes = shop.annotations.votes
    positive = (votes["answer"] == "positive").groupby(votes["word"]).mean()
    kind = shop.annotations.kinds[positive.index]
    means = positive.groupby(kind).mean()
    assert means["visual"] > means["abstract"] > means["non-visual"] + 0.05
    assert np.corrcoef(positive, shop.annotations.visibility[positive.index])[0, 1] > 0.8


# the corpus


def test_a_shop_is_a_corpus_with_all_its_truth(shop):
    assert len(shop) == 240
    assert shop.generated
    assert shop.image(0).size == (64, 64)
    assert list(shop.frequency) == sorted(shop.frequency, reverse=True)
    assert set(shop.words) == set(shop.annotations.visibility.index) == set(shop.annotations.kinds.index)
    assert shop.table["category"].equals(shop.annotations.attributes["kind"].astype(shop.table["category"].dtype))
    parts = shop.annotations.regions(shop.ids[3])
    assert parts["garment"].shape == (64, 64)
    assert parts["garment"].any()


def test_applies_is_true_of_each_picture_of_a_part(shop):
    part = shop.subset([5, 17, 100])
    true = atelier.applies(part)
    assert true.shape == (3, len(shop.words))
    recalled = vocabulary.applicability([part.annotations.regions.items[id] for id in part.ids])
    column = [[word.word for word in vocabulary.words()].index(word) for word in part.words]
    np.testing.assert_array_equal(true, recalled[:, column])
    red = part.annotations.attributes["colour"] == "red"
    assert (true["burgundy"] == red).all()
    assert (true["striped"] == (part.annotations.attributes["texture"] == "striped")).all()


def test_an_interrupted_run_goes_on_and_ends_with_the_same_pictures(own_cache, monkeypatch):
    whole = atelier.shop(110, size=32, seed=2, deduplicate=False)
    digests = [whole.source.digest(id) for id in whole.ids]
    folder = whole.source.root
    for name in ("0001", "0002"):
        (folder / "images" / name).rename(folder / "images" / f".part-{name}")
    (folder / "whole.json").unlink()
    kept = (folder / "images/0000").stat().st_mtime_ns
    printed = []
    monkeypatch.setattr(chunks, "draw_chunk", _failing_after(1, chunks.draw_chunk, printed))
    with pytest.raises(KeyboardInterrupt):
        atelier.shop(110, size=32, seed=2, deduplicate=False)
    assert not (folder / "whole.json").exists()
    again = atelier.shop(110, size=32, seed=2, deduplicate=False)
    assert printed == ["0001", "0002"]
    assert (folder / "images/0000").stat().st_mtime_ns == kept
    assert [again.source.digest(id) for id in again.ids] == digests
    assert not list(folder.glob("images/.part-*"))


def _failing_after(count, work, printed):
    """`work` that is interrupted once, after so many jobs."""
    interrupted = []

    def failing(job):
        if len(printed) == count and not interrupted:
            interrupted.append(job)
            raise KeyboardInterrupt
        work(job)
        printed.append(job.folder.name)

    return failing


def test_workers_print_the_same_bytes_as_one_process(tmp_path):
    drawn = atelier.items(6, seed=9)
    jobs = {
        name: [
            chunks.Chunk(tmp_path / name / str(k), ("a", "b"), tuple(drawn[2 * k : 2 * k + 2]), 32) for k in range(3)
        ]
        for name in ("one", "two")
    }
    assert list(chunks.draw_chunks(jobs["one"], workers=1)) == [2, 2, 2]
    assert sorted(chunks.draw_chunks(jobs["two"], workers=2)) == [2, 2, 2]
    one, two = (sorted((tmp_path / name).rglob("*.jpg")) for name in jobs)
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]
    assert len(one) == 6


def test_an_item_comes_back_from_its_record():
    assert recalled(record(ROMANTIC)) == ROMANTIC


# errors


def test_a_worker_that_fails_says_why(tmp_path):
    job = chunks.Chunk(tmp_path / "0000", ("a",), (ROMANTIC,), 4)
    with pytest.raises(RuntimeError, match=r"pictures of .*0000 could not be printed: ValueError: .*16"):
        list(chunks.draw_chunks([job, job], workers=2))


def test_a_shop_without_listings_is_refused():
    with pytest.raises(ValueError, match=r"^a shop needs at least 1 listing, got n=0$"):
        atelier.shop(0, seed=0)
    with pytest.raises(ValueError, match=r"^a shop needs at least 1 listing, got n=-1$"):
        listings.catalogue(-1, seed=0)


def test_a_size_too_small_to_draw_is_refused():
    with pytest.raises(ValueError, match=r"^pictures need a size of at least 16 pixels, got size=8$"):
        atelier.shop(10, size=8, seed=0)


def test_a_word_that_follows_an_unknown_field_or_has_a_wrong_rate_is_refused():
    with pytest.raises(
        ValueError, match=r"^'odd' follows unknown fields \['smell'\]; choose from kind, colour, .*style$"
    ):
        vocabulary.Word("odd", "visual", "tone", ({"smell": ("sweet",)},))
    with pytest.raises(ValueError, match=r"^miss of 'odd' must lie in \[0, 1\], got 1.5$"):
        vocabulary.Word("odd", "visual", "tone", miss=1.5)


def test_applies_refuses_a_corpus_that_is_not_generated(shop):
    real = dataclasses.replace(shop, name="products", generated=False)
    with pytest.raises(
        ValueError,
        match=r"^what is true of a picture is known for generated corpora with words only, got .* 'products'$",
    ):
        atelier.applies(real)


def test_regions_refuse_an_unknown_id(shop):
    with pytest.raises(KeyError, match="no picture has the id 'nobody'; ids are the index of the corpus table"):
        shop.annotations.regions("nobody")
