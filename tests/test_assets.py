"""Assets: verified files from cache, mirrors, npm and a web server that misbehaves in every way we could think of."""

import errno
import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tarfile
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from neuroattr import assets
from neuroattr.assets import archives, files, paths, sources

PAYLOAD = bytes(range(256)) * 512  # 128 KiB
DIGEST = hashlib.sha256(PAYLOAD).hexdigest()


class Misbehaving(BaseHTTPRequestHandler):
    """Serves the payload in the manner that the path names."""

    def do_GET(self):
        self.server.asked.append(self.path)
        getattr(self, self.path.strip("/").split(".")[0])()

    def _send(self, body, announced=None):
        self.send_response(200)
        if announced is not None:
            self.send_header("Content-Length", str(announced))
        self.end_headers()
        self.wfile.write(body)

    def right(self):
        self._send(PAYLOAD, len(PAYLOAD))

    def truncated(self):  # fewer bytes than announced
        self._send(PAYLOAD[:5000], len(PAYLOAD))

    def short(self):  # fewer bytes, and the length was not announced, so that only the digest can tell
        self._send(PAYLOAD[:5000])

    def corrupt(self):  # one bit is wrong
        self._send(bytes([PAYLOAD[0] ^ 1]) + PAYLOAD[1:], len(PAYLOAD))

    def absent(self):
        self.send_error(404)

    def broken(self):
        self.send_error(500)

    def closed(self):  # the connection ends without an answer
        self.connection.close()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Misbehaving) as server:
        server.asked = []
        server.address = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A cache and one mirror folder of the test's own; no npm."""
    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NEUROATTR_MIRRORS", str(tmp_path / "mirror"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    (tmp_path / "mirror").mkdir()
    return tmp_path


def shelved(monkeypatch, *records, npm="", name="thing"):
    """Let the manifest hold one asset with these files."""
    asset = assets.Asset(name, "A thing", "https://example.org", "CC0", "Nobody", ("tests",), "", tuple(records), npm)
    monkeypatch.setattr(paths, "manifest", lambda: {name: asset})
    return asset


def thing(url="", name="thing.bin", payload=PAYLOAD):
    return assets.File(name, hashlib.sha256(payload).hexdigest(), len(payload), url)


def everything_below(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")


# --- resolution ---------------------------------------------------------------------------------------------------


def test_the_cache_comes_before_the_mirror_and_the_mirror_before_the_address(place, server, monkeypatch):
    shelved(monkeypatch, thing(f"{server.address}/right.bin"))
    server.asked.clear()
    mirrored = place / "mirror" / "thing.bin"
    mirrored.write_bytes(PAYLOAD)
    assert assets.path("thing") == mirrored, "a mirror's file is used in place"
    cached = place / "cache" / "assets" / "thing" / "thing.bin"
    cached.parent.mkdir(parents=True, exist_ok=True)
    cached.write_bytes(PAYLOAD)
    assert assets.path("thing") == cached
    assert server.asked == []


@pytest.mark.parametrize("below", ["", "networks", "thing"])
def test_a_mirror_is_searched_flat_in_networks_and_by_asset(place, monkeypatch, below):
    shelved(monkeypatch, thing())
    (place / "second" / below).mkdir(parents=True)
    (place / "second" / below / "thing.bin").write_bytes(PAYLOAD)
    monkeypatch.setenv("NEUROATTR_MIRRORS", os.pathsep.join([str(place / "mirror"), str(place / "second")]))
    assert assets.path("thing") == place / "second" / below / "thing.bin"


def test_the_right_file_is_fetched_once_into_the_cache(place, server, monkeypatch):
    shelved(monkeypatch, thing(f"{server.address}/right.bin"))
    server.asked.clear()
    found = assets.path("thing")
    assert found == place / "cache" / "assets" / "thing" / "thing.bin"
    assert found.read_bytes() == PAYLOAD
    assert assets.path("thing") == found
    assert server.asked == ["/right.bin"]
    assert assets.opened()["thing.bin"] == DIGEST


@pytest.mark.parametrize("manner", ["truncated", "short", "corrupt", "absent", "broken", "closed"])
def test_nothing_half_written_or_wrong_is_ever_taken_for_whole(place, server, monkeypatch, manner):
    shelved(monkeypatch, thing(f"{server.address}/{manner}.bin"))
    with pytest.raises(assets.MissingAsset, match=re.escape(f"{server.address}/{manner}.bin: ")):
        assets.path("thing")
    assert everything_below(place / "cache") == []


def test_a_server_that_nobody_runs_is_a_missing_asset(place, monkeypatch):
    shelved(monkeypatch, thing("http://127.0.0.1:9/thing.bin"))
    with pytest.raises(assets.MissingAsset, match=r"http://127\.0\.0\.1:9/thing\.bin: .*refused"):
        assets.path("thing")


def test_a_bad_copy_in_the_cache_is_replaced_by_a_whole_one(place, server, monkeypatch):
    shelved(monkeypatch, thing(f"{server.address}/right.bin"))
    cached = place / "cache" / "assets" / "thing" / "thing.bin"
    cached.parent.mkdir(parents=True)
    cached.write_bytes(PAYLOAD[:-1])
    assert assets.path("thing") == cached
    assert cached.read_bytes() == PAYLOAD


def test_two_threads_that_want_one_asset_fetch_it_once(place, server, monkeypatch):
    shelved(monkeypatch, thing(f"{server.address}/right.bin"))
    server.asked.clear()
    found = []
    threads = [threading.Thread(target=lambda: found.append(assets.path("thing"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1 and len(found) == 4
    assert server.asked == ["/right.bin"]


# --- npm ----------------------------------------------------------------------------------------------------------


def fake_npm(folder, monkeypatch, package=None):
    """A program called npm that packs `package` = {member: bytes}, or fails."""
    programs = folder / "programs"
    programs.mkdir()
    if package is None:
        script = "import sys; sys.exit('npm error 404 Not Found')"
    else:
        with tarfile.open(folder / "package.tgz", "w:gz") as archive:
            for member, contents in package.items():
                (folder / "member").write_bytes(contents)
                archive.add(folder / "member", f"package/{member}")
        script = f"import shutil; shutil.copy({str(folder / 'package.tgz')!r}, 'thing-1.0.tgz')"
    (programs / "npm").write_text(f"#!{sys.executable}\n{script}\n")
    (programs / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))


def scripts():
    return [assets.File(name, hashlib.sha256(body).hexdigest(), len(body), "", f"dist/{name}") for name, body in BODIES]


BODIES = [("a.js", b"let a = 1;"), ("b.woff2", b"font")]


def test_an_npm_package_gives_all_its_files_at_once(place, monkeypatch):
    shelved(monkeypatch, *scripts(), npm="thing@1.0")
    fake_npm(place, monkeypatch, {f"dist/{name}": body for name, body in BODIES})
    assert assets.path("thing", "b.woff2").read_bytes() == b"font"
    monkeypatch.setenv("PATH", "")
    assert assets.path("thing").read_bytes() == b"let a = 1;"


def test_an_npm_package_with_other_bytes_is_refused(place, monkeypatch):
    shelved(monkeypatch, *scripts(), npm="thing@1.0")
    fake_npm(place, monkeypatch, {"dist/a.js": b"let a = 2;", "dist/b.woff2": b"font"})
    message = "npm package thing@1.0: 10 bytes came that are not the 10 bytes wanted"
    with pytest.raises(assets.MissingAsset, match=message):
        assets.path("thing")
    assert everything_below(place / "cache") == []


@pytest.mark.parametrize(
    ("package", "message"),
    [(None, "npm package thing@1.0: npm error 404"), ({"other.js": b""}, "npm package thing@1.0 has no dist/a.js")],
)
def test_an_npm_that_fails_says_why(place, monkeypatch, package, message):
    shelved(monkeypatch, *scripts(), npm="thing@1.0")
    fake_npm(place, monkeypatch, package)
    with pytest.raises(assets.MissingAsset, match=message):
        assets.path("thing")


def test_without_npm_the_address_serves(place, server, monkeypatch):
    shelved(monkeypatch, thing(f"{server.address}/right.bin"), npm="thing@1.0")
    monkeypatch.setenv("PATH", "")
    assert assets.path("thing").read_bytes() == PAYLOAD


# --- what is said when it fails -----------------------------------------------------------------------------------


def test_a_missing_asset_says_the_three_ways_to_provide_it(place, monkeypatch):
    shelved(monkeypatch, thing())
    with pytest.raises(assets.MissingAsset) as caught:
        assets.path("thing")
    assert str(caught.value) == (
        f"thing.bin of asset 'thing' (131,072 bytes, sha256 {DIGEST}) is not at hand.\n"
        "Tried:\n"
        f"  - mirror folders: {place / 'mirror'}\n"
        "  - no public address of exactly these bytes is known\n"
        "Three ways to provide it:\n"
        "  1. put a folder that holds thing.bin into the environment variable NEUROATTR_MIRRORS;\n"
        f"  2. copy the file to {place / 'cache' / 'assets' / 'thing' / 'thing.bin'};\n"
        "  3. run `neuroattr assets fetch thing` where its address can be reached.\n"
        "     The original is described at https://example.org"
    )


def test_a_corrupt_mirror_is_named_and_never_served(place, monkeypatch):
    shelved(monkeypatch, thing())
    bad = place / "mirror" / "thing.bin"
    bad.write_bytes(PAYLOAD[::-1])
    with pytest.raises(assets.CorruptAsset, match=re.escape(f"{bad} has other bytes (sha256 differs)")):
        assets.path("thing")


def test_an_unknown_asset_is_refused_with_the_nearest_name():
    with pytest.raises(
        ValueError, match=r"^no asset is called 'lexicon'\. Did you mean 'lexical'\? The manifest has: "
    ):
        assets.path("lexicon")


# --- verification is remembered -----------------------------------------------------------------------------------


def test_an_unchanged_file_is_hashed_once_and_a_changed_one_again(place, monkeypatch):
    target = place / "thing.bin"
    target.write_bytes(PAYLOAD)
    hashed = []
    monkeypatch.setattr(files, "sha256", lambda path: hashed.append(path) or assets.sha256(path))
    assert files.is_whole(target, DIGEST) and files.is_whole(target, DIGEST)
    assert hashed == [target]
    assert files.is_whole(target, DIGEST, trust_memory=False)
    assert len(hashed) == 2
    target.write_bytes(PAYLOAD[::-1])  # the same size
    os.utime(target, ns=(1, 1))
    assert not files.is_whole(target, DIGEST)
    assert not files.is_whole(target, DIGEST)


def test_verify_reports_present_missing_and_corrupt_and_fetches_nothing(place, server, monkeypatch):
    records = [thing(f"{server.address}/right.bin", name) for name in ("whole", "nowhere", "bad")]
    shelved(monkeypatch, *records)
    server.asked.clear()
    (place / "mirror" / "whole").write_bytes(PAYLOAD)
    (place / "mirror" / "bad").write_bytes(b"")
    assert assets.verify() == [
        assets.Status("thing", "whole", "present", place / "mirror" / "whole"),
        assets.Status("thing", "nowhere", "missing", None),
        assets.Status("thing", "bad", "corrupt", place / "mirror" / "bad"),
    ]
    assert server.asked == []


def test_verify_sees_damage_that_kept_size_and_time(place, monkeypatch):
    shelved(monkeypatch, thing())
    target = place / "mirror" / "thing.bin"
    target.write_bytes(PAYLOAD)
    assert assets.path("thing") == target
    before = target.stat()
    target.write_bytes(PAYLOAD[::-1])
    os.utime(target, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert [status.state for status in assets.verify()] == ["corrupt"]


# --- whole files --------------------------------------------------------------------------------------------------


def test_write_whole_moves_a_finished_file_into_place_under_its_own_suffix(tmp_path):
    with assets.write_whole(tmp_path / "deep" / "a.json") as temporary:
        assert temporary.name == "a.json"
        temporary.write_text("1")
        assert list((tmp_path / "deep").glob("*.json")) == []
    assert (tmp_path / "deep" / "a.json").read_text() == "1"
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["a.json"]


def test_write_whole_keeps_the_old_file_when_the_writer_fails(tmp_path):
    (tmp_path / "a").write_text("old")
    with pytest.raises(RuntimeError, match="stop"), assets.write_whole(tmp_path / "a") as temporary:
        temporary.write_text("ne")
        raise RuntimeError("stop")
    assert (tmp_path / "a").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_write_whole_refuses_a_writer_that_wrote_nothing(tmp_path):
    message = r"^wanted a file to move to .*a, but nothing was written to "
    with pytest.raises(FileNotFoundError, match=message), assets.write_whole(tmp_path / "a"):
        pass


def test_the_cache_folder_is_the_users_where_none_is_named(monkeypatch, tmp_path):
    monkeypatch.delenv("NEUROATTR_CACHE", raising=False)
    monkeypatch.setattr(files.platformdirs, "user_cache_path", lambda name: tmp_path / name)
    assert assets.cache_folder() == tmp_path / "neuroattr"
    assert assets.cache_folder().is_dir()


# --- archives -----------------------------------------------------------------------------------------------------


def zipped(path, members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, contents in members.items():
            archive.writestr(name, contents)
    return path


MEMBERS = {"photos/": "", **{f"photos/{i}.txt": f"photo {i}" for i in range(40)}, "labels.csv": "id,label"}


def test_an_archive_is_unpacked_once_beside_its_marker(place, monkeypatch):
    archive = zipped(place / "mirror" / "thing.zip", MEMBERS)
    shelved(monkeypatch, thing(name="thing.zip", payload=archive.read_bytes()))
    folder = assets.folder("thing")
    assert (folder / "photos" / "7.txt").read_text() == "photo 7"
    assert len(everything_below(folder)) == 42
    times = {path: path.stat().st_mtime_ns for path in everything_below(folder)}
    assert assets.folder("thing") == folder
    assert times == {path: path.stat().st_mtime_ns for path in everything_below(folder)}


def test_unpacking_goes_on_where_it_was_cut_off(tmp_path):
    archive = zipped(tmp_path / "a.zip", MEMBERS)
    folder = assets.unpack(archive, tmp_path / "a", digest="1")
    kept, cut, damaged, lost = (folder / "photos" / f"{i}.txt" for i in range(4))
    (folder / ".complete.json").unlink()
    cut.write_text("pho")
    damaged.write_text("Photo 2")  # the right size, other bytes
    lost.unlink()
    os.utime(kept, ns=(1, 1))
    assets.unpack(archive, folder, digest="1")
    assert [path.read_text() for path in (kept, cut, damaged, lost)] == [f"photo {i}" for i in range(4)]
    assert kept.stat().st_mtime_ns == 1, "what was whole was not written again"
    assert json.loads((folder / ".complete.json").read_text()) == {"archive": "a.zip", "sha256": "1"}


def test_unpacking_survives_kill_9(tmp_path):
    archive = zipped(tmp_path / "a.zip", {f"{i}.txt": "x" * 1000 for i in range(200)})
    program = (
        "import os, sys, pathlib; from neuroattr.assets import archives\n"
        "replace = pathlib.Path.replace\n"
        "def dying(self, target):\n"
        "    if target.name == '100.txt': os.kill(os.getpid(), 9)\n"
        "    return replace(self, target)\n"
        "pathlib.Path.replace = dying\n"
        "archives.unpack(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), digest='1')"
    )
    killed = subprocess.run([sys.executable, "-c", program, archive, tmp_path / "a"], cwd=Path.cwd(), check=False)
    assert killed.returncode == -9
    assert not (tmp_path / "a" / ".complete.json").exists()
    assets.unpack(archive, tmp_path / "a", digest="1")
    assert [path.read_text() for path in (tmp_path / "a").glob("*.txt")] == ["x" * 1000] * 200
    assert not (tmp_path / "a" / ".part").exists()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../evil.txt", "climbs out of the folder"),
        ("photos/../../evil.txt", "climbs out of the folder"),
        ("..\\evil.txt", "climbs out of the folder"),
        ("/evil.txt", "has an absolute path"),
        ("C:\\evil.txt", "has an absolute path"),
        (".complete.json", "has a name that unpacking uses itself"),
    ],
)
def test_a_member_that_escapes_the_folder_is_refused_before_anything_is_written(tmp_path, name, reason):
    archive = zipped(tmp_path / "a.zip", {"fine.txt": "fine", name: "evil"})
    with pytest.raises(assets.UnsafeArchive, match=f"^a.zip was not unpacked: its member .* {reason}. Do not use"):
        assets.unpack(archive, tmp_path / "out" / "a", digest="1")
    assert [path for path in everything_below(tmp_path) if path.suffix != ".lock"] == [archive]


def test_a_symbolic_link_in_an_archive_is_refused(tmp_path):
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(assets.UnsafeArchive, match="its member 'link' is a symbolic link"):
        assets.unpack(tmp_path / "a.zip", tmp_path / "a", digest="1")


def test_only_zip_assets_have_a_folder():
    message = "asset 'squeezenet1_1' is the file squeezenet1_1.safetensors, not a zip archive: use assets.path"
    with pytest.raises(ValueError, match=message):
        assets.folder("squeezenet1_1")


def test_mirrors_are_read_in_their_order(monkeypatch):
    monkeypatch.setenv("NEUROATTR_MIRRORS", os.pathsep.join(["a", "", "b"]))
    assert assets.mirrors() == (Path("a"), Path("b"))
    assert sources.mirrors is assets.mirrors


# --- folders that cannot be written -------------------------------------------------------------------------------


@pytest.fixture
def sealed(tmp_path, monkeypatch):
    """A cache with a whole asset and an unpacked archive, whose folders and files nobody else may write."""
    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path / "Zwischenspeicher für alle"))
    monkeypatch.delenv("NEUROATTR_MIRRORS", raising=False)
    monkeypatch.setattr(files, "_verified", {})
    cache = assets.cache_folder()
    archive = zipped(tmp_path / "thing.zip", MEMBERS)
    shelved(monkeypatch, thing(name="thing.zip", payload=archive.read_bytes()))
    place = cache / "assets" / "thing" / "thing.zip"
    place.parent.mkdir(parents=True)
    archive.rename(place)
    assets.folder("thing")
    for path in (cache, *cache.rglob("*")):
        path.chmod(path.stat().st_mode & 0o555)
    yield cache
    monkeypatch.undo()
    for path in (cache, *cache.rglob("*")):
        path.chmod(path.stat().st_mode | 0o200)


def refusing(monkeypatch, folder, *, error=errno.EACCES):
    """Let the system refuse every write below `folder`, also to root, whom no permission stops."""

    def refuse(path, *rest):
        if Path(path).absolute().is_relative_to(folder):
            raise OSError(error, os.strerror(error), str(path))

    def guarded(function, *, writes=lambda *rest, **options: True):
        def call(path, *rest, **options):
            if writes(*rest, **options):
                refuse(path)
            return function(path, *rest, **options)

        return call

    def opens_to_write(flags=0, *rest, **options):
        return bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))

    monkeypatch.setattr(os, "open", guarded(os.open, writes=opens_to_write))
    for name in ("mkdir", "unlink", "rmdir", "replace", "rename", "chmod"):
        monkeypatch.setattr(os, name, guarded(getattr(os, name)))


def test_what_is_whole_in_a_cache_that_cannot_be_written_is_read(sealed, monkeypatch):
    shutil.rmtree(sealed / "verified")  # nobody had asked for it before
    refusing(monkeypatch, sealed)
    assert assets.path("thing") == sealed / "assets" / "thing" / "thing.zip"
    assert (assets.folder("thing") / "photos" / "7.txt").read_text() == "photo 7"
    assert [status.state for status in assets.verify()] == ["present"]
    assert not (sealed / "verified").exists()


def test_what_cannot_be_written_down_is_remembered_by_the_process(sealed, monkeypatch):
    shutil.rmtree(sealed / "verified")
    monkeypatch.setattr(files, "_verified", {})
    refusing(monkeypatch, sealed)
    hashed = []
    monkeypatch.setattr(files, "sha256", lambda path: hashed.append(path) or assets.sha256(path))
    assert assets.path("thing") == assets.path("thing")
    assert len(hashed) == 1


def test_damage_is_not_forgotten_where_it_cannot_be_written_down(sealed, monkeypatch):
    place = assets.path("thing")
    before = place.stat()
    place.chmod(0o644)
    place.write_bytes(bytes(before.st_size))
    os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))
    refusing(monkeypatch, sealed)
    assert [status.state for status in assets.verify()] == ["corrupt"]
    with pytest.raises(assets.CorruptAsset, match="has other bytes"):
        assets.path("thing")


def test_a_mirror_that_cannot_be_written_is_read(place, monkeypatch):
    shelved(monkeypatch, thing())
    (place / "mirror" / "thing.bin").write_bytes(PAYLOAD)
    refusing(monkeypatch, place)
    assert assets.path("thing") == place / "mirror" / "thing.bin"


@pytest.mark.parametrize(
    ("error", "said", "mend"),
    [
        (errno.EACCES, "Permission denied", "Make that folder writable for this user"),
        (errno.EROFS, "Read-only file system", "Make that folder writable for this user"),
        (errno.ENOSPC, "No space left on device", "Make room there"),
    ],
)
def test_what_must_be_written_and_cannot_names_the_folder_and_the_setting(
    place, server, monkeypatch, error, said, mend
):
    shelved(monkeypatch, thing(f"{server.address}/right.bin"))
    cache = assets.cache_folder()
    refusing(monkeypatch, cache, error=error)
    with pytest.raises(assets.UnwritableFolder) as caught:
        assets.path("thing")
    assert str(caught.value) == (
        f"wanted to write .lock in the folder {cache / 'assets' / 'thing'}, but: {said}. {mend}, "
        f"or name another cache in the environment variable NEUROATTR_CACHE (now {cache})"
    )


def test_an_archive_that_must_be_unpacked_and_cannot_names_the_folder(tmp_path, monkeypatch):
    archive = zipped(tmp_path / "a.zip", MEMBERS)
    refusing(monkeypatch, tmp_path / "b")
    with pytest.raises(
        assets.UnwritableFolder, match=r"^wanted to write .*\. Make that folder writable .* another folder$"
    ):
        assets.unpack(archive, tmp_path / "b" / "a", digest="1")


def test_a_folder_whose_unpacking_was_cut_off_and_cannot_go_on_is_named(tmp_path, monkeypatch):
    archive = zipped(tmp_path / "a.zip", MEMBERS)
    monkeypatch.setattr(archives, "_unpack", lambda *_: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    with pytest.raises(assets.UnwritableFolder, match=f"^wanted to write a in the folder {tmp_path}, but: Permission"):
        assets.unpack(archive, tmp_path / "a", digest="1")


def test_a_disk_that_fills_while_a_file_is_written_is_named(tmp_path):
    message = f"^wanted to write a in the folder {tmp_path}, but: No space left on device. Make room there, or name"
    with pytest.raises(assets.UnwritableFolder, match=message), assets.write_whole(tmp_path / "a"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_a_file_where_a_folder_is_wanted_is_named(tmp_path):
    (tmp_path / "a").write_text("")
    message = r"^wanted to write b in the folder .*/a, but: (Not a directory|File exists)"
    with pytest.raises(assets.UnwritableFolder, match=message), assets.write_whole(tmp_path / "a" / "b"):
        pass


def test_a_missing_asset_that_nobody_can_bring_is_missing_though_the_cache_cannot_be_written(place, monkeypatch):
    shelved(monkeypatch, thing())
    refusing(monkeypatch, assets.cache_folder())
    with pytest.raises(assets.MissingAsset, match="no public address of exactly these bytes is known"):
        assets.path("thing")


def test_a_lock_waits_for_the_other_and_makes_its_folder(tmp_path):
    order = []

    def second():
        with assets.locked(tmp_path / "deep" / ".lock"):
            order.append("second")

    with assets.locked(tmp_path / "deep" / ".lock"):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.3)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


@pytest.mark.parametrize("below", ["", "deeper/still"])
def test_a_cache_that_is_a_file_is_refused(tmp_path, monkeypatch, below):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path / "file" / below))
    message = f"^the cache must be a folder, but {tmp_path}/file is none .* Name another in .* NEUROATTR_CACHE$"
    with pytest.raises(NotADirectoryError, match=message):
        assets.cache_folder()


def test_a_cache_that_cannot_be_made_holds_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path / "no" / "cache"))
    refusing(monkeypatch, tmp_path)
    assert assets.cache_folder() == tmp_path / "no" / "cache"
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("name", ["with spaces", "Größe 大", "a'b\"c", "100%", "a#b?c"])
def test_a_cache_of_any_name_works(tmp_path, server, monkeypatch, name):
    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path / name))
    monkeypatch.setenv("NEUROATTR_MIRRORS", "")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    shelved(monkeypatch, thing(f"{server.address}/right.bin"))
    assert assets.path("thing") == assets.path("thing") == tmp_path / name / "assets" / "thing" / "thing.bin"
    assert len(list((tmp_path / name / "verified").iterdir())) == 1


def test_a_name_that_is_no_text_works(tmp_path, monkeypatch):
    monkeypatch.setenv("NEUROATTR_CACHE", os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    monkeypatch.setenv("NEUROATTR_MIRRORS", os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    shelved(monkeypatch, thing())
    (assets.cache_folder() / "thing.bin").write_bytes(PAYLOAD)
    assert assets.path("thing").read_bytes() == PAYLOAD


def test_a_blank_cache_setting_is_none(monkeypatch, tmp_path):
    monkeypatch.setenv("NEUROATTR_CACHE", " ")
    monkeypatch.setattr(files.platformdirs, "user_cache_path", lambda name: tmp_path / name)
    assert assets.cache_folder() == tmp_path / "neuroattr"


@pytest.mark.parametrize("variable", ["NEUROATTR_CACHE", "NEUROATTR_MIRRORS"])
def test_without_a_home_folder_none_is_guessed(monkeypatch, tmp_path, variable):
    """Python leaves the ~ where the user has neither HOME nor an entry in the system's list, as in containers."""
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(variable, "~/data")
    message = f"^wanted the folder ~/data, but no home folder of this user is known .* without ~ in .* {variable}$"
    with pytest.raises(FileNotFoundError, match=message):
        assets.cache_folder() if variable == "NEUROATTR_CACHE" else assets.mirrors()
    monkeypatch.delenv("NEUROATTR_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    with pytest.raises(
        FileNotFoundError, match=r"^wanted the folder .*cache.*, but no home folder .* NEUROATTR_CACHE$"
    ):
        assets.cache_folder()
    assert list(tmp_path.iterdir()) == []


def test_a_mirror_that_is_not_there_is_said(place, monkeypatch):
    shelved(monkeypatch, thing())
    monkeypatch.setenv("NEUROATTR_MIRRORS", str(place / "miror"))
    message = re.escape(f"mirror folders: {place / 'miror'} (there is no such folder, or this user may not see it)\n")
    with pytest.raises(assets.MissingAsset, match=message):
        assets.path("thing")


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"[]", b"{}"])
def test_a_damaged_marker_or_memory_is_made_again(tmp_path, place, monkeypatch, damage):
    archive = zipped(place / "mirror" / "thing.zip", MEMBERS)
    shelved(monkeypatch, thing(name="thing.zip", payload=archive.read_bytes()))
    folder = assets.folder("thing")
    (memory,) = (place / "cache" / "verified").iterdir()
    for path in (memory, folder / ".complete.json"):
        path.write_bytes(damage)
    monkeypatch.setattr(files, "_verified", {})
    assert assets.folder("thing") == folder
    assert json.loads((folder / ".complete.json").read_text())["archive"] == "thing.zip"
    assert json.loads(memory.read_text())["bytes"] == archive.stat().st_size
