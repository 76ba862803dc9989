"""The papers' files: they load, say what is printed, and the facts derived from the printed numbers come out."""

import copy
import math
import pickle
import re
from pathlib import Path

import numpy as np
import pytest
import yaml

from neuroattr import papers, statistics

ROOT = Path(__file__).parents[1]
MINIMAL = """
[paper]
title = "A title"
authors = ["A. Uthor"]
year = 2020
venue = "A venue"
bibtex = "uthor2020"
"""


@pytest.fixture(scope="module")
def discovery():
    return papers.load("discovery")


@pytest.fixture(scope="module")
def hidden_layers():
    return papers.load("hidden_layers")


@pytest.fixture(scope="module")
def summarization():
    return papers.load("summarization")


def column(paper, table, name):
    """Return the numbers of one column of a printed table, by row id."""
    ids = paper.numbers["id"]
    chosen = ids.str.startswith(f"{table}.") & ids.str.endswith(f".{name}")
    return {id.split(".")[1]: value for id, value in zip(ids[chosen], paper.numbers["value"][chosen], strict=True)}


def fisher(r, n):
    """Return the 95 % interval of a correlation by Fisher's transformation."""
    half = 1.959964 / math.sqrt(n - 3)
    return math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half)


# What is printed


def test_a_paper_gives_constants_numbers_and_claims(discovery):
    assert discovery.constants.prime_units == 100
    assert discovery.constants.split == (0.5, 0.25, 0.25)
    assert discovery.constants.place("theta") == "Section 4.3, equation 3"
    assert discovery.value("table1.attribute-resample.spearman") == 0.721
    assert discovery.choice("smoothing") == discovery.constants.smoothing == "pooled"
    claim = discovery.claim("initial-over-random")
    assert claim["test"] == (
        "Spearman of initial minus Spearman of random, paired over words: holds where its 95 % interval lies above 0 "
        "for each network; does not hold where it lies below 0 for one of them; undecided otherwise."
    )
    assert list(discovery.words["table3a"]["conv4"])[:2] == ["flattering", "lovely"]
    assert discovery.citation.endswith("European Conference on Computer Vision (ECCV).")


@pytest.mark.parametrize("key", papers.KEYS)
def test_every_document_loads_with_a_place_for_each_entry(key):
    paper = papers.load(key)
    for table in (paper.numbers, paper.claims, paper.choices, paper.errata, paper.sentences):
        assert (table["place"].str.len() > 0).all()
    assert paper.numbers["id"].is_unique
    assert np.isfinite(paper.numbers["value"]).all()
    results = paper.numbers[paper.numbers["kind"] != "setting"]
    undecided = results[(results["comparable"] == "") & (results["table"] != "")]
    assert undecided.empty, "a measured number of a table must say whether it can be compared"


def test_the_documents_print_as_many_numbers_as_were_counted():
    counts = {key: len(papers.load(key).numbers) for key in papers.KEYS}
    assert counts == {"discovery": 67, "poster": 16, "hidden_layers": 56, "summarization": 30, "visual_concepts": 0}


def test_every_document_is_in_the_bibliography_of_the_book():
    entries = re.findall(r"^@\w+\{(\w+),", (ROOT / "book" / "references.bib").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(entries) == len(set(entries))
    assert {papers.load(key).bibtex for key in papers.KEYS} <= set(entries)


def test_the_citation_file_names_the_four_papers():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    cited = {reference["title"]: reference for reference in citation["references"]}
    for paper in (papers.load(key) for key in papers.KEYS if key != "poster"):
        identifier = {"type": "other", "value": f"arXiv:{paper.arxiv}"}
        assert cited[paper.title]["identifiers"] == [identifier]


def test_each_claim_says_where_it_also_stands(discovery):
    for same in papers.load("poster").claims["same_as"]:
        if same:
            key, _, id = same.partition(":")
            assert id in set(papers.load(key).claims["id"])


# Facts derived from the printed numbers


def test_the_layers_of_caffenet_make_the_printed_dimension(discovery):
    constants = discovery.constants
    assert sum(constants.layer_widths) == constants.dimensions == 9568
    assert len(constants.layers) == len(constants.layer_widths) == constants.layer_count
    assert (
        dict(zip(constants.layers, constants.layer_widths, strict=True))["fc7"] == constants.attribute_tuned_dimensions
    )
    fully_connected = sum(constants.layer_widths[-2:])
    assert fully_connected == 8192 > constants.fc_activations


def test_the_etsy_corpus_had_about_288600_listings_before_near_duplicates_went(discovery):
    constants = discovery.constants
    before = constants.etsy_products / (1 - constants.duplicate_share)
    assert round(before, -2) == 288_600
    train, test, validation = (share * constants.etsy_products for share in constants.split)
    assert (int(train), round(test), round(validation)) == (86_587, 43_294, 43_294)


def test_people_gave_25000_judgements_in_steps_of_two_hundredths(discovery):
    constants = discovery.constants
    assert constants.human_words * constants.human_pairs * constants.annotators == 25_000
    assert 1 / constants.human_pairs == 0.02
    assert math.sqrt(0.25 / constants.human_pairs) == pytest.approx(0.07, abs=0.001)


@pytest.mark.parametrize(
    ("row", "low", "high"),
    [
        ("pretrained-random", 0.632, 0.815),
        ("pretrained-initial", 0.662, 0.832),
        ("pretrained-resample", 0.715, 0.860),
        ("attribute-direct", 0.535, 0.760),
        ("attribute-random", 0.605, 0.800),
        ("attribute-initial", 0.605, 0.800),
        ("attribute-resample", 0.692, 0.848),
        ("category-random", 0.662, 0.832),
        ("category-initial", 0.536, 0.760),
        ("category-resample", 0.693, 0.849),
        ("language-prior", -0.059, 0.327),
    ],
)
def test_fisher_intervals_of_table_1(discovery, row, low, high):
    got = fisher(discovery.value(f"table1.{row}.pearson"), discovery.constants.human_words)
    assert got == pytest.approx((low, high), abs=0.0006)


@pytest.mark.parametrize("coefficient", ["pearson", "spearman"])
def test_the_poster_repeats_eight_rows_of_table_1(discovery, coefficient):
    poster = column(papers.load("poster"), "table", coefficient)
    paper = column(discovery, "table1", coefficient)
    assert len(poster) == 8
    assert set(paper) - set(poster) == {"pretrained-initial", "attribute-initial", "category-initial"}
    assert poster == {row: paper[row] for row in poster}


@pytest.mark.parametrize("key", papers.KEYS)
def test_the_printed_verdict_of_a_claim_follows_from_its_pairs_of_numbers(key):
    paper = papers.load(key)
    for _, claim in paper.claims.iterrows():
        values = [paper.value(id) for id in claim["numbers"]]
        if values:
            holds = all(more > less for more, less in zip(values[::2], values[1::2], strict=True))
            assert claim["printed"] == ("holds" if holds else "does not hold"), claim["id"]


def test_lists_of_most_visual_words_share_what_was_counted(discovery):
    table = discovery.words["table2"]
    shared = {
        (method, end): len(set(table[f"{method} {end}"]) & set(table[f"human {end}"]))
        for method in ("pretrained-resample", "attribute-direct", "language-prior")
        for end in ("most", "least")
    }
    assert list(shared.values()) == [7, 2, 6, 2, 1, 1]
    networks = set(table["pretrained-resample most"]) & set(table["attribute-direct most"])
    assert len(networks) == 8


@pytest.mark.parametrize("table", ["table3a", "table3b"])
def test_table_3_has_ten_words_a_layer(discovery, table):
    assert discovery.words[table].shape == (10, 7)
    assert tuple(discovery.words[table].columns) == discovery.constants.layers


def test_a_passage_of_the_occluder_takes_7971_forward_passes(discovery):
    constants = discovery.constants
    steps = [(constants.input_side - side) // constants.stride + 1 for side in constants.occluders]
    assert [count**2 for count in steps] == [3481, 2809, 1681]
    assert sum(count**2 for count in steps) == 7971


def test_eight_dimensions_lose_about_three_points(hidden_layers):
    value = hidden_layers.value
    best = {attribute: max(column(hidden_layers, "table1", attribute).values()) for attribute in ("colour", "texture")}
    lost = {attribute: best[attribute] - value(f"table2.8.{attribute}") for attribute in best}
    assert lost == pytest.approx({"colour": 0.036, "texture": 0.029})
    assert value("table2.1024.texture") == value("table1.block4.texture")  # so not a result of UMAP
    assert value("section44.colour") == value("table2.8.colour")
    assert value("section44.texture") == value("table2.8.texture")
    assert all(accuracy > value("abstract.accuracy") for accuracy in best.values())


def test_the_best_blocks_are_the_second_and_the_fourth(hidden_layers):
    for attribute, block in (("colour", "colour_block"), ("texture", "texture_block")):
        accuracies = list(column(hidden_layers, "table1", attribute).values())
        assert int(np.argmax(accuracies)) + 1 == getattr(hidden_layers.constants, block)


def test_neighbouring_blocks_are_not_established_at_n_1000(hidden_layers):
    constants = hidden_layers.constants
    n = constants.images_a_class * len(constants.colours)
    best = hidden_layers.value("table1.block2.colour")
    half_width = 1.96 * math.sqrt(best * (1 - best) / n)
    assert half_width == pytest.approx(0.015, abs=0.0005)
    assert best - hidden_layers.value("table1.block3.colour") < half_width
    assert hidden_layers.value("table1.block4.texture") - hidden_layers.value("table1.block5.texture") < half_width
    assert len(constants.colours) == len(constants.textures) == constants.texture_count


def test_the_random_location_is_right_on_a_disc_of_pi_alpha_squared(summarization):
    printed = column(summarization, "table1", "pck1")
    for position, alpha in enumerate(summarization.constants.pck_alphas, start=1):
        assert summarization.value(f"table1.random.pck{position}") == round(100 * math.pi * alpha**2, 1)
    assert printed["proposed"] > printed["constant"] > printed["random"]


def test_the_retrieval_numbers_imply_a_base_rate_of_8_2_per_cent(summarization):
    recall, true_negative, precision = (
        summarization.value(f"table2.proposed.{name}") / 100 for name in ("recall", "true-negative", "accuracy")
    )
    # precision = r p / (r p + (1 - t)(1 - p)), solved for the base rate p
    odds = precision * (1 - true_negative) / ((1 - precision) * recall)
    base_rate = odds / (1 + odds)
    assert base_rate == pytest.approx(0.082, abs=0.0005)
    assert base_rate * summarization.constants.split_images[1] == pytest.approx(473, abs=3)
    accuracy = recall * base_rate + true_negative * (1 - base_rate)
    assert accuracy == pytest.approx(0.878, abs=0.001)  # so the printed "Accuracy" of 27.9 % is the precision
    assert precision / base_rate == pytest.approx(3.4, abs=0.05)


def test_the_bleu_numbers_imply_an_error_of_17_6_per_cent(summarization):
    correct, wrong, overall = (
        summarization.value(f"table3.proposed.{name}") for name in ("correct", "wrong", "overall")
    )
    assert (correct - overall) / (correct - wrong) == pytest.approx(0.176, abs=0.0005)
    corners = [(c - o) / (c - w) for c in _rounded(correct) for w in _rounded(wrong) for o in _rounded(overall)]
    assert (min(corners), max(corners)) == pytest.approx((0.147, 0.206), abs=0.003)


def _rounded(value):
    return value - 0.0005, value + 0.0005


def test_the_split_of_the_birds_is_a_slip_of_three_images_on_each_side(summarization):
    constants = summarization.constants
    assert sum(constants.split_images) == 11_788
    assert constants.training_images + constants.testing_images == 11_794
    assert "5994" in summarization.errata.set_index("id").loc["split", "reading"]


def test_golden_sentences_follow_from_their_attributes(summarization):
    sentences = summarization.sentences
    assert len(sentences) == 14
    assert sentences["place"].str.extract(r"^(Figure \d)")[0].value_counts().to_dict() == {
        "Figure 3": 6,
        "Figure 8": 6,
        "Figure 1": 2,
    }
    for _, sentence in sentences.iterrows():
        phrases = {}
        for attribute in sentence["attributes"]:
            noun = "cheek patch" if attribute.endswith("cheek patch") else attribute.split()[-1]
            phrases.setdefault(noun, []).append(attribute.removesuffix(f" {noun}"))
        merged = [f"{' and '.join(adjectives)} {noun}" for noun, adjectives in phrases.items()]
        joined = f"{', '.join(merged[:-1])}, and {merged[-1]}"
        expected = summarization.constants.template.format(class_name=sentence["class_name"], attributes=joined)
        assert sentence["text"].rstrip(".") == expected.rstrip("."), sentence["id"]


def test_sentences_hold_five_attributes_but_for_the_flycatcher(summarization):
    lengths = dict(zip(summarization.sentences["id"], summarization.sentences["attributes"].map(len), strict=True))
    assert {id: length for id, length in lengths.items() if length != summarization.constants.top_attributes} == {
        "yellow-bellied-flycatcher": 3
    }


def test_the_layers_of_vgg_follow_from_its_geometry():
    constants = papers.load("visual_concepts").constants
    field, jump, padding = 1, 1, 0
    for position, convolutions in enumerate((2, 2, 3, 3, 3)):
        field += 2 * jump * convolutions  # 3 x 3 convolutions, each padded by one
        padding += jump * convolutions
        field, jump = field + jump, 2 * jump  # 2 x 2 pooling of stride 2
        assert field == constants.receptive_fields[position]
        assert jump == constants.strides[position]
        assert padding == constants.paddings[position]


def test_open_choices_are_called_as_in_the_library(discovery):
    options = discovery.choices.set_index("name")["options"]
    assert options["bins"] == statistics.KINDS
    assert options["smoothing"] == statistics.SMOOTHINGS


# What cannot be done with a paper


def test_constants_cannot_be_changed(discovery):
    with pytest.raises(AttributeError, match=r"constants of 'discovery' cannot be changed \(theta = 4\)"):
        discovery.constants.theta = 4
    with pytest.raises(AttributeError, match=r"constants of 'discovery' cannot be deleted \(theta\)"):
        del discovery.constants.theta
    assert copy.deepcopy(discovery.constants).theta == pickle.loads(pickle.dumps(discovery.constants)).theta == 3


def test_constants_can_be_listed(discovery):
    constants = discovery.constants
    assert list(constants.table().index) == list(constants)
    assert len(constants) == 37
    assert constants.table().loc["theta", ["value", "unit", "printed"]].tolist() == [3, "votes", True]
    assert repr(constants).startswith("Constants('discovery': crawled_pages, subcategories")


def test_an_unknown_constant_names_the_near_ones_and_lists_all(discovery):
    with pytest.raises(
        AttributeError, match=r"no constant 'prime_unit' \(did you mean 'prime_units'.*there are: crawled_pages"
    ):
        _ = discovery.constants.prime_unit
    assert "prime_units" in discovery.constants
    assert "prime_units" in dir(discovery.constants)


def test_unknown_names_are_refused_with_a_suggestion(discovery):
    with pytest.raises(KeyError, match=r"no paper 'discover' \(did you mean 'discovery'\?\)"):
        papers.load("discover")
    with pytest.raises(
        KeyError, match=r"has no number 'table1.pretrained-random.spearmann' \(did you mean 'table1.pre"
    ):
        discovery.value("table1.pretrained-random.spearmann")
    with pytest.raises(KeyError, match=r"has no claim 'purifier'"):
        discovery.claim("purifier")
    with pytest.raises(KeyError, match=r"has no choice 'smothing' \(did you mean 'smoothing'"):
        discovery.choice("smothing")


@pytest.mark.parametrize(
    ("added", "message"),
    [
        ("[constants.x]\nplace = 'S 1'\nwhat = 'w'\n", "p.toml, [constants.x], value: missing"),
        ("[constants.x]\nvalue = 1\nplace = ''\nwhat = 'w'\n", "p.toml, [constants.x], place: empty"),
        (
            "[constants.x]\nvalue = true\nplace = 'S'\nwhat = 'w'\n",
            "value: wanted int or float or str or list, got True",
        ),
        ("[constants.x]\nvalue = 1\nplace = 'S'\nwhat = 'w'\nplcae = 'S'\n", "[constants.x]: unknown field 'plcae'"),
        (
            "[[numbers]]\nid = 'a'\nplace = 'S'\nwhat = 'w'\nvalue = '3'\n",
            "[[numbers]] 'a', value: wanted int or float, got '3'",
        ),
        (
            2 * "[[numbers]]\nid = 'a'\nplace = 'S'\nwhat = 'w'\nvalue = 3\n",
            "p.toml, [[numbers]]: 'a' stands more than once",
        ),
        (
            "[[numbers]]\nid = 'a'\nplace = 'S'\nwhat = 'w'\nvalue = 3\ncomparable = 'claim only'\n",
            "p.toml, number 'a': comparable = 'claim only' needs a reason",
        ),
        (
            "[[tables]]\nid = 't'\nplace = 'T'\ntitle = 't'\ncolumns = [{id = 'c', name = 'C'}]\n"
            "rows = [{id = 'r', name = 'R', values = [1, 2]}]\n",
            "p.toml, [[tables]] 't', row 'r': 1 columns, but 2 values",
        ),
        (
            "[[claims]]\nid = 'c'\nplace = 'S'\nsentence = 's'\nstatistic = 'd'\n",
            "p.toml, [[claims]] 'c': wanted either a statistic with above or below, or a test in words",
        ),
        (
            "[[claims]]\nid = 'c'\nplace = 'S'\nsentence = 's'\ntest = 't'\nnumbers = ['none']\n",
            "p.toml, [[claims]] 'c': no printed number 'none'",
        ),
        (
            "[[claims]]\nid = 'c'\nplace = 'S'\nsentence = 's'\ntest = 't'\nprinted = 'yes'\n",
            "printed: wanted one of 'holds', 'does not hold', 'undecided', '', got 'yes'",
        ),
        (
            "[[choices]]\nname = 'c'\nplace = 'S'\nquestion = 'q'\noptions = ['a']\ndefault = 'b'\n",
            "p.toml, [[choices]] 'c': default 'b' is none of its options",
        ),
        (
            "[words.w]\nplace = 'T'\ntitle = 't'\ncolumns = {a = ['x'], b = ['y', 'z']}\n",
            "p.toml, [words.w]: lists of different length: {'a': 1, 'b': 2}",
        ),
        ("[extras]\n", "p.toml: unknown table 'extras'; wanted: paper, constants"),
        ("[[claims\n", "p.toml: not valid TOML"),
    ],
)
def test_an_error_names_the_file_and_the_entry(added, message):
    with pytest.raises(papers.PaperError, match=re.escape(message)):
        papers.parsed("p", MINIMAL + added)


def test_the_least_file_is_a_paper_without_numbers():
    paper = papers.parsed("p", MINIMAL)
    assert paper.numbers.empty
    assert paper.citation == "A. Uthor (2020). A title. A venue."
    assert repr(paper) == "Paper('p': 0 numbers, 0 claims, 0 choices, 0 errata)"
