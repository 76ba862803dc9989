"""Texts in many scripts and spellings: one spelling of the same, and different words that stay different."""

import re
import unicodedata
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neuroattr import text
from neuroattr.corpus import translation
from neuroattr.text.candidates import Phrases

# --- by hand
TOKENS = {
    "नीली साड़ी, नाला": ["नीली", unicodedata.normalize("NFC", "साड़ी"), "नाला"],
    "নীল জামা।": ["নীল", "জামা"],
    "நீலம் புடவை": ["நீலம்", "புடவை"],
    "nai\u0308ve cafe\u0301": ["naïve", "café"],
    "Синяя юбка, м’яч": ["синяя", "юбка", "м'яч"],
    "ΛΟΓΟΣ λογος": ["λογοσ", "λογοσ"],
    "كِتَاب كـــتاب": ["كِتَاب", "كتاب"],
    "שָׁלוֹם בית־ספר": ["שָׁלוֹם", "בית-ספר"],
    "می\u200cخواهم": ["میخواهم"],
    "ቀይ፡ቀሚስ።": ["ቀይ", "ቀሚስ"],
    unicodedata.normalize("NFD", "파란색 셔츠"): ["파란색", "셔츠"],
    "İPEK i\u0307pek ışık": ["ipek", "ipek", "ışık"],
    "ผ้าไหมสีแดง ไซส์40": ["ผ้าไหมสีแดง", "ไซส์", "40"],
    "红色连衣裙，很好！": ["红色连衣裙", "很好"],
    "赤いTシャツ ｶﾞｰﾈｯﾄ": ["赤い", "t", "シャツ", "ガーネット"],
    "cotton素材 2023新款": ["cotton", "素材", "2023", "新款"],
    "T-shirt T‐shirt T‑shirt t\u00ad-shirt": ["t-shirt"] * 4,
    "Women's women’s womenʼs women＇s": ["women"] * 4,
    "cot\u00adton sil\u200bky ผ้า\u200bไหม \ufeffred": ["cotton", "silky", "ผ้า", "ไหม", "red"],
    "Ｒｅｄ　Ｔ－ｓｈｉｒｔ ４０": ["red", "t-shirt", "40"],
    "ﬁne o\ufb03ce Straße STRASSE 𝐑𝐞𝐝": ["fine", "office", "strasse", "strasse", "red"],
    "👩\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3 👍🏽 🇫🇷 red": ["1", "red"],
    "४० ٤٠ 40": ["४०", "٤٠", "40"],
    "\u0301 \u093e -\u0301 \ufe0f \u200d": [],
    "10² m² 30ºC 3¼ ½ adiPRENE® Nike™ 5㎏": ["10²", "m²", "30ºc", "3¼", "½", "adiprene", "nike", "5kg"],
    "col·lecció soft·warm snake_case": ["col·lecció", "soft", "warm", "snake", "case"],
    "red\x00hat\ud800blue \ud835\udc11": ["red", "hat", "blue", "r"],
}


@pytest.mark.parametrize("said", TOKENS, ids=ascii)
def test_words_are_whole_in_every_script(said):
    assert text.tokens(said) == TOKENS[said]


@pytest.mark.parametrize(
    ("one", "other"),
    [("नीली", "नाला"), ("কালো", "কিলো"), ("பட்டு", "பாட்டு"), ("ผ้า", "ผา"), ("كَتَبَ", "كُتُب"), ("ılık", "ilik"), ("は", "ば")],
)  # fmt: skip
def test_words_that_differ_in_marks_are_different(one, other):
    assert text.tokens(one) != text.tokens(other)
    assert len(text.tokens(one)) == len(text.tokens(other)) == 1
    found = text.mentions([text.tokens(one), text.tokens(other)], [one, other])
    assert found.toarray().tolist() == [[True, False], [False, True]]


SPELLINGS = [
    ("naïve", "nai\u0308ve"), ("T-shirt", "t‑shirt"), ("Straße", "STRASSE"), ("İpek", "ipek"),
    ("cotton", "cot\u00adton"), ("Ｓｉｌｋ", "silk"), ("fine", "ﬁne"), ("ガーネット", "ｶﾞｰﾈｯﾄ"),
    ("파란", unicodedata.normalize("NFD", "파란")),
    ("کتاب‌ها", "کتابها"), ("كتاب", "كـتاب"), ("λόγος", "ΛΌΓΟΣ"), ("м’яч", "м'яч"), ("क़लम", "क\u093cलम"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SPELLINGS, ids=ascii)
def test_mentions_duplicates_boilerplate_and_tags_agree_on_what_is_the_same(one, other):
    for word, said in ((one, other), (other, one)):
        assert text.mentions([text.tokens(f"a {said} thing")], [word]).toarray().tolist() == [[True]]
    pair = [f"{said} something, lovely" for said in (one, other)]
    assert text.near_duplicates(pair, "ss", threshold=0.01, seed=0).labels.tolist() == [0, 0]
    assert text.boilerplate(pair, "ss", least=2).texts == ("", "")
    assert translation.normalised(f"#{one}") == translation.normalised(other)
    assert text.Rule(lexicon=frozenset({one})) == text.Rule(lexicon=frozenset({other}))
    assert text.bags([one], stop_words=[other])[1] == []


def test_words_are_found_inside_runs_of_scripts_without_blanks():
    documents = [text.tokens(said) for said in ("赤いTシャツを着る", "红色连衣裙", "ผ้าไหมสีแดง", "パンツ", "silk red")]
    words = ["Tシャツ", "シャツ", "红色", "สีแดง", "ส", "パン", "Oシャツ", "red"]
    assert text.mentions(documents, words).toarray().astype(int).tolist() == [
        [1, 1, 0, 0, 0, 0, 0, 0],
        [0, 0, 1, 0, 0, 0, 0, 0],
        [0, 0, 0, 1, 0, 0, 0, 0],  # not ส, which has a mark wherever it stands
        [0, 0, 0, 0, 0, 1, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 1],
    ]


def test_a_word_without_points_is_found_with_them_but_not_the_other_way_round():
    documents = [text.tokens(said) for said in ("كِتَاب جديد", "كتاب", "שָׁלוֹם רב", "שלום רב")]
    words = ["كتاب", "كِتَاب", "שלום", "שלום רב", "שָׁלוֹם"]
    assert text.mentions(documents, words).toarray().astype(int).tolist() == [
        [1, 1, 0, 0, 0],
        [1, 0, 0, 0, 0],
        [0, 0, 1, 1, 1],
        [0, 0, 1, 1, 0],
    ]


def test_sentences_end_at_the_marks_of_their_script():
    assert text.sentences("红色，很好！真的？是。3．5｡") == [("红色", ",", "很好"), ("真的",), ("是",), ("3", "5")]
    for said in (
        "एक लाल। दो",
        "ቀይ። ሁለት",
        "أحمر؟ اثنان",
        "سرخ۔ دو",
        "ក្រហម។ ពីរ",
        "red\u2028two",
        "red\rtwo",
        "red\x85two",
    ):
        assert len(text.sentences(said)) == 2, said
    assert text.sentences("أحمر، أزرق؛ أبيض") == [("أحمر", ",", "أزرق", ";", "أبيض")]


def test_near_duplicates_in_scripts_without_blanks_share_pairs_of_characters():
    base = "这件红色连衣裙采用柔软的棉质面料制成适合夏季穿着而且非常舒适透气还有两个口袋以及一条可拆卸的腰带"
    found = text.near_duplicates([base + "好", base + "美", "蓝色牛仔裤"], "sss", threshold=0.1, seed=0)
    assert found.labels.tolist() == [0, 0, 1]
    counts, vocabulary = text.bags(["红红红色", "红", "ผ้าไหม"])
    assert vocabulary == ["ผ้า", "หม", "าไ", "ไห", "红", "红红", "红色"]
    assert counts.toarray().tolist() == [[0, 0, 0, 0, 0, 2, 1], [0, 0, 0, 0, 1, 0, 0], [1, 1, 1, 1, 0, 0, 0]]


def test_words_with_marks_can_be_adjectives():
    def tagger(sentences):
        return [["JJ"] * len(sentence) for sentence in sentences]

    assert text.adjectives([text.sentences("नीली, naïve x-y 10")], tagger) == {"naïve": 1, "x-y": 1, "नीली": 1}


# --- invariants
characters = st.text(
    st.one_of(st.characters(), st.sampled_from("aisſßİıΣ\u0301\u0307\u0345\u0640\u200b\u200d\u00ad\ufe0f-'.。กา赤ー"))
)


@given(characters)
def test_the_spelling_is_its_own_spelling_and_that_of_all_equivalents(said):
    once = text.normalised(said)
    assert text.normalised(once) == once
    for form in ("NFC", "NFD"):
        assert text.tokens(unicodedata.normalize(form, said)) == text.tokens(said)
    assert text.tokens(" ".join(text.tokens(said))) == text.tokens(said)
    "".join(text.tokens(said)).encode()  # no half characters


@given(st.text(st.characters(max_codepoint=126)))
def test_ascii_is_read_as_it_was_before_other_scripts_were(said):
    lowered = re.sub(r"'s\b|(?<=s)'(?=\s|$)", "", said.lower())
    assert text.tokens(said) == re.findall(r"[^\W_]+(?:[-'][^\W_]+)*", lowered)


@given(st.lists(st.lists(st.sampled_from("ab"), max_size=9), min_size=2, max_size=2))
def test_a_phrase_is_taken_out_as_by_a_loop(rows):
    document, phrase = rows[0], rows[1][:3]
    left, i = [], 0
    while i < len(document):
        found = bool(phrase) and document[i : i + len(phrase)] == phrase
        left += [] if found else [document[i]]
        i += len(phrase) if found else 1
    assert text.without_phrase(document, phrase) == left


@given(st.lists(st.lists(st.sampled_from(["red", "hat", "赤い", "い"]), max_size=6), max_size=5))
def test_words_are_found_as_by_a_loop(documents):
    words = ["red", "red hat", "い", "赤い red"]
    found = text.mentions(documents, words).toarray().tolist()
    joined = [f" {' '.join(document)} " for document in documents]
    assert found == [[" red " in each, " red hat " in each, "い" in each, "赤い red " in each] for each in joined]


def test_documents_and_words_that_are_none_give_an_empty_table():
    assert text.mentions([], ["red"]).shape == (0, 1)
    assert text.mentions([["red"]], []).shape == (1, 0)
    assert Phrases.of_words(["red", "T-Shirt"], text.tokens).names == ("red", "T-Shirt")


# --- errors
@pytest.mark.parametrize(
    ("error", "call", "message"),
    [
        (ValueError, lambda: text.mentions([], ["naïve", "NAI\u0308VE"]),
         "candidate words differ from each other in one spelling, whatever their case; got 'naïve' and 'NAI\u0308VE', "
         "both 'naïve'. Keep one of them"),
        (ValueError, lambda: text.mentions([], ["red", "-\u0301"]),
         "candidate words have letters or digits; got '-\u0301'. Leave it out"),
        (ValueError, lambda: text.mentions([], ["re\ud800d"]),
         "candidate words are whole characters; 're\\ud800d' holds half of one. Type it anew"),
        (TypeError, lambda: text.mentions([], "red"),
         "candidate words are several; got the one string 'red'. Put it into a list"),
        (TypeError, lambda: text.mentions([], ["red", 5]),
         "candidate words are strings; got int 5. Write it as a string"),
        (TypeError, lambda: text.tokens(None),
         'a text is a string; got NoneType None. Use "" where there is no text'),
        (TypeError, lambda: text.plain(float("nan")),
         'a text is a string; got float nan. Use "" where there is no text'),
    ],
)  # fmt: skip
def test_an_error_says_what_was_wanted_and_what_came(error, call, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        call()


def test_a_word_said_a_hundred_thousand_times_is_counted_without_overflow():
    often = ["red " * 60_000 + "hat " * n for n in (0, 1, 60_000)]
    assert text.near_duplicates(often, "sss", threshold=0.1, seed=0).labels.tolist() == [0, 0, 1]
    assert text.boilerplate(["red! " * 100_000] * 2, "ss", least=2).lost.tolist() == [100_000] * 2
    assert Counter(text.tokens("red " * 100_000)) == {"red": 100_000}


@pytest.mark.parametrize("threshold", [1e-20, 1e-9, 1 / 3, 0.1 + 0.2])
def test_thresholds_of_many_digits_merge_the_same_texts(threshold):
    found = text.near_duplicates(["red hat", "red hat", "red blue", ""], "ssss", threshold=threshold, seed=0)
    assert found.labels.tolist() == [0, 0, 1, 2]


def test_the_same_text_a_thousand_times_is_one_and_texts_without_words_are_many():
    found = text.near_duplicates(["soft red hat"] * 1000 + [""] * 3, ["s"] * 1003, threshold=0.1, seed=0)
    assert found.labels.tolist() == [0] * 1000 + [1, 2, 3]
    assert len(found.keep) == 4 and found.labels.dtype == np.int64


def test_no_pattern_repeats_a_group_possessively():
    """``(ab)*+`` matches wrongly before Python 3.11.5 (CPython issue 106052); Debian 12 ships 3.11.2."""
    pattern = re.compile(r"\)(?:[*+?]|\{\d*,?\d*\})\+")
    sources = Path(text.__file__).parents[1].rglob("*.py")
    assert [path.name for path in sources if pattern.search(path.read_text(encoding="utf-8"))] == []
