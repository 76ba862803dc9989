"""Assets: verified files from cache, mirrors, npm and a web server that misbehaves in every way we could think of."""

import hashlib
import json
import os
import re
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
from neuroattr.assets import files, shelf, sources

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
    monkeypatch.setattr(shelf, "manifest", lambda: {name: asset})
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
