"""What each asset is: one TOML file for one asset, read into frozen records."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType


@dataclass(frozen=True)
class File:
    """One file of an asset. `url` is empty where no public address of exactly these bytes is known."""

    name: str
    sha256: str
    bytes: int
    url: str = ""
    member: str = ""  # path inside the npm package, where the asset comes from one


@dataclass(frozen=True)
class Asset:
    """One asset: its files, what may be done with them, who uses them, and what they stand for."""

    name: str
    title: str
    homepage: str
    licence: str
    citation: str
    used_by: tuple[str, ...]
    substitute_for: str  # what the paper used, and why this is not it; empty where it is the very thing
    files: tuple[File, ...]
    npm: str = ""  # "package@version" of a public JavaScript package that holds the files

    @property
    def bytes(self) -> int:
        """Size of all files, in bytes."""
        return sum(file.bytes for file in self.files)

    def file(self, member: str | None = None) -> File:
        """The file named `member`; without a name the first one listed, which is the main one.

        Raises
        ------
        ValueError
            If the asset has no file of that name.
        """
        if member is None:
            return self.files[0]
        for file in self.files:
            if file.name == member:
                return file
        names = ", ".join(file.name for file in self.files)
        raise ValueError(f"asset {self.name!r} has no file {member!r}; its files are: {names}")


def manifest_folder() -> Path:
    """Folder of the manifest: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "data_manifest", package.parent / "data_manifest"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"no data_manifest folder in {package} or beside it: install the package again")


def read(path: Path) -> Asset:
    """The asset that one TOML file describes.

    Raises
    ------
    ValueError
        If a field is missing or unknown, or the name is not the file's own.
    """
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    _check_fields(Asset, table, path)
    for file in table["files"]:
        _check_fields(File, file, path)
    if table["name"] != path.stem:
        raise ValueError(f"{path.name}: the asset's name is {table['name']!r}, but its file is called {path.stem!r}")
    if not table["files"]:
        raise ValueError(f"{path.name}: an asset needs at least one file")
    table["used_by"] = tuple(table["used_by"])
    table["files"] = tuple(File(**file) for file in table["files"])
    return Asset(**table)


def manifest() -> Mapping[str, Asset]:
    """Every asset by its name, in alphabetical order."""
    return _manifest(manifest_folder())


@lru_cache
def _manifest(folder: Path) -> Mapping[str, Asset]:
    return MappingProxyType({path.stem: read(path) for path in sorted(folder.glob("*.toml"))})


def _check_fields(record: type, table: Mapping[str, object], path: Path) -> None:
    known = {field.name for field in fields(record)}
    needed = known - {"url", "member", "npm"}
    missing, unknown = sorted(needed - table.keys()), sorted(table.keys() - known)
    if missing or unknown:
        raise ValueError(f"{path.name}: {record.__name__} lacks {missing} and does not know {unknown}")
