"""Verified local files of every asset the companion needs: the only module that knows addresses and digests."""

from neuroattr.assets.archives import UnsafeArchive, unpack
from neuroattr.assets.catalogue import Asset, File, manifest
from neuroattr.assets.files import UnwritableFolder, cache_folder, locked, sha256, write_whole, writing
from neuroattr.assets.paths import CorruptAsset, MissingAsset, Status, folder, opened, path, verify
from neuroattr.assets.sources import mirrors

__all__ = [
    "Asset",
    "CorruptAsset",
    "File",
    "MissingAsset",
    "Status",
    "UnsafeArchive",
    "UnwritableFolder",
    "cache_folder",
    "folder",
    "locked",
    "manifest",
    "mirrors",
    "opened",
    "path",
    "sha256",
    "unpack",
    "verify",
    "write_whole",
    "writing",
]
