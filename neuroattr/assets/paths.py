"""The verified local path of an asset, wherever its bytes come from."""

import difflib
import os
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from neuroattr.assets import sources
from neuroattr.assets.archives import unpack
from neuroattr.assets.catalogue import Asset, File, manifest
from neuroattr.assets.files import cache_folder, is_readable, is_whole

_opened: dict[str, str] = {}


class MissingAsset(FileNotFoundError):
    """No source has the file."""


class CorruptAsset(MissingAsset):
    """A file of that name was found or came, but with other bytes, and no source has the right ones."""


@dataclass(frozen=True)
class Status:
    """What `verify` found of one file; `where` is the place of a present or corrupt one."""

    asset: str
    file: str
    state: Literal["present", "missing", "corrupt"]
    where: Path | None


def path(name: str, member: str | None = None) -> Path:
    """Verified local file of the asset `name`.

    Parameters
    ----------
    name
        Name of the asset in the manifest.
    member
        File name, for an asset of several files; without it the main one (the first listed).

    Notes
    -----
    Looked up in the cache, each mirror folder of ``NEUROATTR_MIRRORS`` (used in place, not copied), the asset's npm
    package, its address; always verified by SHA-256. A copy with other bytes is passed over, never returned.

    Raises
    ------
    ValueError
        If the manifest has no such asset or file.
    MissingAsset
        If no source has it; the message says the three ways to provide it.
    CorruptAsset
        If the only copies found have other bytes.
    UnwritableFolder
        If it has to be fetched and the cache cannot be written; what is at hand is read where it lies.
    """
    asset = _asset(name)
    file = asset.file(member)
    found = _local(asset, file)
    if not found:
        with sources.lock(asset) if asset.npm or file.url else nullcontext():  # what nobody can bring needs no lock
            found = _local(asset, file) or _fetched(asset, file)  # another process may have brought it meanwhile
    _opened[file.name] = file.sha256
    return found


def opened() -> dict[str, str]:
    """SHA-256 of every file that this process was given, by file name: what its results were made from."""
    return dict(sorted(_opened.items()))


def folder(name: str) -> Path:
    """Unpacked folder of the zip asset `name`, in the cache.

    Raises
    ------
    ValueError
        If the asset is not a zip archive.
    MissingAsset, CorruptAsset
        As `path`.
    UnsafeArchive
        If a member of the archive would be written outside the folder.
    """
    file = _asset(name).file()
    if not file.name.endswith(".zip"):
        raise ValueError(f"asset {name!r} is the file {file.name}, not a zip archive: use assets.path({name!r})")
    return unpack(path(name), cache_folder() / "unpacked" / f"{name}-{file.sha256[:12]}", digest=file.sha256)


def verify() -> list[Status]:
    """State of every file of the manifest on this machine, each hashed anew; nothing is fetched."""
    return [_status(asset, file) for asset in manifest().values() for file in asset.files]


def _asset(name: str) -> Asset:
    known = manifest()
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        meant = f" Did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"no asset is called {name!r}.{meant} The manifest has: {', '.join(known)}")
    return known[name]


def _local(asset: Asset, file: File) -> Path | None:
    places = sources.local_places(asset, file)
    return next((place for place in places if is_whole(place, file.sha256)), None)


def _fetched(asset: Asset, file: File) -> Path:
    reasons = []
    for source in (sources.from_npm, sources.from_url) if asset.npm else (sources.from_url,):
        try:
            return source(asset, file)
        except sources.Unavailable as reason:
            reasons.append(str(reason))
    corrupt = [place for place in sources.local_places(asset, file) if is_readable(place)]
    raise _failure(asset, file, corrupt, reasons)


def _failure(asset: Asset, file: File, corrupt: list[Path], reasons: list[str]) -> MissingAsset:
    kind = CorruptAsset if corrupt else MissingAsset
    found = [f"{place} has other bytes (sha256 differs): delete or replace it" for place in corrupt]
    closed = [place for place in sources.local_places(asset, file) if os.path.lexists(place) and place not in corrupt]
    found += [f"{place} may not be read by this user: make it readable" for place in closed]
    mirrors = ", ".join(map(_described, sources.mirrors())) or "none named"
    tried = "\n".join(f"  - {reason}" for reason in [*found, f"mirror folders: {mirrors}", *reasons])
    where = f"\n     The original is described at {asset.homepage}" if asset.homepage else ""
    return kind(
        f"{file.name} of asset {asset.name!r} ({file.bytes:,} bytes, sha256 {file.sha256}) is not at hand.\n"
        f"Tried:\n{tried}\n"
        "Three ways to provide it:\n"
        f"  1. put a folder that holds {file.name} into the environment variable NEUROATTR_MIRRORS;\n"
        f"  2. copy the file to {sources.cached_place(asset, file)};\n"
        f"  3. run `neuroattr assets fetch {asset.name}` where its address can be reached.{where}"
    )


def _described(mirror: Path) -> str:
    """A mirror folder, with what keeps it from being one."""
    if not os.path.isdir(mirror):  # noqa: PTH112  (a folder above it may be closed to this user)
        return f"{mirror} (there is no such folder, or this user may not see it)"
    return str(mirror) if os.access(mirror, os.R_OK | os.X_OK) else f"{mirror} (this user may not read it)"


def _status(asset: Asset, file: File) -> Status:
    places = [place for place in sources.local_places(asset, file) if is_readable(place)]
    for place in places:
        if is_whole(place, file.sha256, trust_memory=False):
            return Status(asset.name, file.name, "present", place)
    return Status(asset.name, file.name, "corrupt" if places else "missing", places[0] if places else None)
