"""Names of pictures that came as files: short where that tells them apart, else with the folders that do."""

import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from neuroattr.corpus.faults import printable


def file_names(paths: Sequence[Path]) -> list[str]:
    """Names of files; where two files have the same one, of all their path below the common folder.

    >>> file_names([Path("shop/hats/0.jpg"), Path("shop/hats/1.jpg")])
    ['0.jpg', '1.jpg']
    >>> file_names([Path("shop/hats/0.jpg"), Path("shop/coats/0.jpg")])
    ['hats/0.jpg', 'coats/0.jpg']
    """
    whole = [_whole(path) for path in paths]
    if len({path.name for path in whole}) == len(set(whole)):
        return [printable(path.name) for path in whole]
    common = os.path.commonpath([path.parent for path in whole])
    return [printable(path.relative_to(common).as_posix()) for path in whole]


def settled_all(
    names: Sequence[str],
    paths: Sequence[Path | None],
    digests: Sequence[Collection[str]],
    known: Mapping[str, Collection[str]],
) -> list[str]:
    """The names under which pictures are kept: those they have already, or some that no other picture has.

    Parameters
    ----------
    names
        As they were given, or as `file_names` gave them.
    paths
        Of their files; None where one has none or its name was given: such a name is kept as it is.
    digests
        By which each picture is known again.
    known
        Digests of the pictures that are there, by name.

    Raises
    ------
    ValueError
        A name that is another picture's already.

    Notes
    -----
    A file of a name that is another picture's is named by as many of its folders as tell them apart.
    """
    known, settled = dict(known), []
    for name, path, own in zip(names, paths, digests, strict=True):
        settled.append(name if path is None else _settled(name, path, own, known))
        if set(known.setdefault(settled[-1], own)).isdisjoint(own):
            raise ValueError(f"the name {settled[-1]!r} is already that of another picture; give other ids")
    return settled


def _settled(name: str, path: Path, digests: Collection[str], known: Mapping[str, Collection[str]]) -> str:
    parts = [printable(part) for part in _whole(path).parts[1:]]
    names = ["/".join(parts[-n:]) for n in range(1, len(parts) + 1)]
    same = [each for each in names if not set(digests).isdisjoint(known.get(each, ()))]
    free = [each for each in names if len(each) >= len(name) and each not in known]
    return (*same, *free, name)[0]


def _whole(path: Path) -> Path:
    """From the root, without ".."; links are kept, because their names are what people gave."""
    return Path(os.path.normpath(path.absolute()))
