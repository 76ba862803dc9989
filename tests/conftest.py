"""What tests share: a cache of their own, a small generated corpus, and the rule for tests that need real data."""

import os

import pytest


def pytest_collection_modifyitems(items):
    """Skip the tests that need the real data where no mirror folder was named."""
    if os.environ.get("NEUROATTR_MIRRORS"):
        return
    skip = pytest.mark.skip(reason="needs the real data: set NEUROATTR_MIRRORS to the folder that holds them")
    for item in items:
        if "sample" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    """A cache folder of the test session, in force through NEUROATTR_CACHE."""
    folder = tmp_path_factory.mktemp("cache")
    before = os.environ.get("NEUROATTR_CACHE")
    os.environ["NEUROATTR_CACHE"] = str(folder)
    yield folder
    if before is None:
        del os.environ["NEUROATTR_CACHE"]
    else:
        os.environ["NEUROATTR_CACHE"] = before


@pytest.fixture(scope="session")
def shop(cache):
    """A small generated shop: 240 listings of 64 pixels, near-duplicates included."""
    from neuroattr import corpus

    return corpus.load("atelier-shop", n=240, size=64, seed=0, deduplicate=False)
