"""Zip archives unpacked once: resumable, refused as a whole if any member would leave the folder."""

import json
import os
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath, PureWindowsPath

from tqdm import tqdm

from neuroattr.assets.files import locked, write_whole, writing

MARKER = ".complete.json"


class UnsafeArchive(ValueError):
    """An archive with a member that would be written outside its folder."""


def unpack(archive: Path, folder: Path, *, digest: str) -> Path:
    """The folder that holds every member of the zip `archive`; `digest` names the archive's contents.

    Notes
    -----
    The marker is written last, so a folder without it is incomplete: members that are there with the right size and
    checksum are kept, the others written. Processes that want the same folder wait for one another.

    Raises
    ------
    UnsafeArchive
        If a member has an absolute path, a ``..``, a drive, or is a symbolic link; nothing is written then.
    UnwritableFolder
        If something is still to be unpacked and the folder cannot be written.
    """
    if _is_complete(folder, digest):
        return folder
    with locked(folder.with_name(f".{folder.name}.lock")):
        if not _is_complete(folder, digest):
            with writing(folder):
                _unpack(archive, folder)
            getattr(os, "sync", int)()  # the marker must not reach the disk before the members do
            with write_whole(folder / MARKER) as temporary:
                temporary.write_text(json.dumps({"archive": archive.name, "sha256": digest}))
    return folder


def _is_complete(folder: Path, digest: str) -> bool:
    try:
        return bool(json.loads((folder / MARKER).read_text())["sha256"] == digest)
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):  # none, or damaged
        return False


def _unpack(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as source:
        members = source.infolist()
        for member in members:
            _refuse_unsafe(member, archive)
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / ".part"
        for member in tqdm(members, desc=f"unpacking {archive.name}", unit="file", disable=None):
            target = folder / member.filename
            if member.is_dir():
                target.mkdir(parents=True, exist_ok=True)
            elif not _is_unpacked(target, member):
                target.parent.mkdir(parents=True, exist_ok=True)
                temporary.write_bytes(source.read(member))  # read() checks the member's checksum
                temporary.replace(target)
        temporary.unlink(missing_ok=True)


def _refuse_unsafe(member: zipfile.ZipInfo, archive: Path) -> None:
    name = PurePosixPath(member.filename.replace("\\", "/"))
    if stat.S_ISLNK(member.external_attr >> 16):
        reason = "is a symbolic link"
    elif name.is_absolute() or PureWindowsPath(member.filename).drive:
        reason = "has an absolute path"
    elif ".." in name.parts:
        reason = "climbs out of the folder"
    elif name.parts and name.parts[0] in (MARKER, ".part"):
        reason = "has a name that unpacking uses itself"
    else:
        return
    raise UnsafeArchive(
        f"{archive.name} was not unpacked: its member {member.filename!r} {reason}. Do not use this archive."
    )


def _is_unpacked(target: Path, member: zipfile.ZipInfo) -> bool:
    if not target.is_file() or target.stat().st_size != member.file_size:
        return False
    return zlib.crc32(target.read_bytes()) == member.CRC
