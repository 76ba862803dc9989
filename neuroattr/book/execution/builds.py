"""From executed chapters to html that needs no network and no kernel."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from neuroattr import assets, widgets
from neuroattr.book.execution import pages, processes
from neuroattr.book.execution.project import Project

STYLE = Path(widgets.__file__).with_name("choices.css")  # in a live notebook, choices bring it themselves
SPHINX = "from jupyter_book.cli.main import main; main()"
VENDORED = ("mathjax", "html-manager")  # all that a page needs besides what the theme brings


def build(*, profile: str = "embedded", project: Project | None = None) -> Path:
    """The built book's first page.

    Parameters
    ----------
    profile : str
        The profile that every chapter must have been executed with; a book never mixes them.
    project : Project, optional
        Else the one around the working folder.

    Raises
    ------
    FileNotFoundError
        If a page of the table of contents is not there, or was executed with another profile.
    RuntimeError
        If Sphinx warns or fails; the message holds what it said.

    Notes
    -----
    Always clean: an incremental build would keep removed pages and old style sheets, and saves nothing (BOOK.md, 8).
    """
    project = project or Project.here()
    vendor(project)
    with assets.write_whole(project.generated / "static" / "css" / STYLE.name) as part:
        shutil.copyfile(STYLE, part)
    pages.write_build_information(project)
    _check_pages(project, profile)
    shutil.rmtree(project.html.parent, ignore_errors=True)
    code = f"from {processes.__name__} import end_with_parent; end_with_parent({os.getpid()}); {SPHINX}"
    command = [
        sys.executable, "-c", code, "build", str(project.root / "book"),
        "--config", str(project.root / "_config.yml"), "--toc", str(project.root / "_toc.yml"),
        "--path-output", str(project.root), "-W", "-n", "--keep-going", "-q",
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", "NO_COLOR": "1"}
    done = subprocess.run(command, cwd=project.root, capture_output=True, text=True, env=environment)
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-40:])
        raise RuntimeError(f"the book was not built; Sphinx said:\n{said}")
    return project.html / "index.html"


def vendor(project: Project) -> None:
    """Put the scripts that pages load beside the book: verified, and served by the book itself."""
    for name in VENDORED:
        folder = project.root / "book" / "vendor" / name
        for file in assets.manifest()[name].files:
            source, target = assets.path(name, file.name), folder / file.name
            if not target.exists() or assets.sha256(target) != file.sha256:
                with assets.write_whole(target) as part:
                    shutil.copyfile(source, part)


def contents(project: Project) -> list[str]:
    """Pages of the table of contents, in order, as paths below ``book/`` without suffix."""

    def walk(entry: dict[str, Any] | list[Any]) -> list[str]:
        if isinstance(entry, list):
            return [page for one in entry for page in walk(one)]
        own = [entry[key] for key in ("root", "file") if key in entry]
        return own + [page for key in ("parts", "chapters", "sections") for page in walk(entry.get(key, []))]

    return walk(yaml.safe_load((project.root / "_toc.yml").read_text(encoding="utf-8")))


def _check_pages(project: Project, profile: str) -> None:
    """Every page is there and made with this profile."""
    book = project.root / "book"
    missing = [
        page for page in contents(project) if not any((book / f"{page}{end}").exists() for end in (".md", ".ipynb"))
    ]
    if missing:
        raise FileNotFoundError(
            f"pages of _toc.yml that are not there: {', '.join(missing)}; execute their chapters first: "
            f"neuroattr run --profile {profile}"
        )
    others = {
        run["chapter"]: run["parameters"]["profile"]
        for run in pages.records(project)
        if run["parameters"].get("profile", profile) != profile
    }
    if others:
        raise FileNotFoundError(
            f"chapters executed with another profile than {profile!r}: {others}; run: neuroattr run --profile {profile}"
        )


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Requests are not worth a line each."""


def serve(folder: Path, *, port: int = 8000) -> None:
    """Serve a built book on this machine alone, until Ctrl-C."""
    handler = functools.partial(_Quiet, directory=str(folder))
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError:  # taken: any free one does
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}/ (Ctrl-C to stop)\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
