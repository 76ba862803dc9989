"""Digests of sources: what changes them, what does not, and that they stay the same from one Python to the next."""

import os

import pytest

from neuroattr.provenance.meaning import digest, joint_digest

SOURCE = '''
class Scale(list[float]):
    """Factors."""

    factor: float = 2.5

    async def doubled(self, *rest, sign=None, **more):
        """Each twice."""
        if self is rest:
            pass
        return {**more, "×": [f"{x!r:>{sign}}" for x in self if x], 1: ("a" "b", b"c", ..., 1j)}
'''


def test_the_digest_is_the_same_for_all_versions_of_python():
    """Computed with Python 3.11.7, 3.12.1 and 3.13.0; a version that gives another makes kept values stale."""
    assert digest(SOURCE) == "578928b0dbb7e53ea0e98f5fdf6eb9bc6195a9f2472875e9aca1fbbde5414047"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Each twice.", "Each one twice."),
        ('        """Each twice."""\n', ""),
        ("2.5", "2.5  # half of five"),
        ("\n\n", "\n\n\n\n"),
        ('"a" "b"', "'ab'"),
        ("class", '"""Scales."""\n\nclass'),
        ("        if self", "        pass\n        if self"),
    ],
)
def test_comments_layout_and_docstrings_are_not_in_it(old, new):
    changed = SOURCE.replace(old, new)
    assert changed != SOURCE
    assert digest(changed) == digest(SOURCE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2.5", "2.25"),
        ("×", "*"),
        ("doubled", "twice"),
        ("sign=None", "sign"),
        ("async def", "def"),
        ("if x]", "if not x]"),
        ("!r", "!s"),
        ("            pass", '            "a text that is no docstring"'),
    ],
)
def test_what_a_source_does_is_in_it(old, new):
    changed = SOURCE.replace(old, new)
    assert changed != SOURCE
    assert digest(changed) != digest(SOURCE)


def test_a_docstring_may_be_all_that_is_in_a_function():
    assert digest('def f():\n    "Nothing."') == digest("def f(): pass")


@pytest.fixture
def files(tmp_path):
    for name, source in {"a.py": "a = 1", "b.py": "b = 2"}.items():
        (tmp_path / name).write_text(source, encoding="utf-8")
    return [tmp_path / "a.py", tmp_path / "b.py"]


def test_files_together_count_in_their_order(files):
    assert joint_digest(files) == joint_digest(iter(files))
    assert len({joint_digest(files), joint_digest(files[::-1]), joint_digest(files[:1]), joint_digest([])}) == 4


def test_a_file_is_read_again_when_it_has_changed(files):
    before = joint_digest(files)
    files[0].write_text("a = 1  # the same", encoding="utf-8")
    os.utime(files[0], (7, 7))
    assert joint_digest(files) == before
    files[0].write_text("a = 3", encoding="utf-8")
    os.utime(files[0], (8, 8))
    assert joint_digest(files) != before
