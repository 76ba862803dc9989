"""What the runner writes into the book itself: the header of each chapter, and the build information."""

from __future__ import annotations

import html
import importlib.metadata
import json
import platform
from collections.abc import Mapping
from typing import Any

import nbformat

from neuroattr.assets import manifest, write_whole
from neuroattr.book import tables
from neuroattr.book.execution.project import Project

LIBRARIES = (
    "numpy", "scipy", "scikit-learn", "numba", "pandas", "xarray", "zarr", "torch", "torchvision", "matplotlib",
    "skia-python", "ipywidgets", "papermill", "jupyter-book", "sphinx",
)  # fmt: skip

KINDS = {
    True: "<strong class='generated'>generated data</strong>",
    False: "real data",
    None: "photographs or drawings: not said",
}


def versions() -> dict[str, str]:
    """Versions of Python and of the libraries that make the numbers and the book."""
    known = {"Python": platform.python_version()}
    for name in LIBRARIES:
        try:
            known[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return known


def insert_header(notebook: nbformat.NotebookNode) -> None:
    """Put the header below the title, which is the first line of the first cell.

    Raises
    ------
    ValueError
        If the notebook does not begin with a title.
    """
    first = notebook.cells[0]
    title, _, rest = first.source.partition("\n")
    if first.cell_type != "markdown" or not title.startswith("# "):
        raise ValueError(
            "a chapter begins with a text cell whose first line is its title: # %% [markdown], then # # Title"
        )
    first.source = f"{title}\n\n{header(notebook.metadata['neuroattr'])}\n\n{rest.strip()}\n"


def header(record: Mapping[str, Any]) -> str:
    """Corpus, network, profile, run time, peak memory, date and commit of a page, as HTML."""
    corpus = html.escape(str(record.get("corpus") or "none"))
    if record.get("images"):
        corpus += f", {record['images']:,} images"
    kind = KINDS[record.get("generated")]
    chapter = record["chapter"]
    up = "../" * (chapter.count("/") + 1)
    entries = [
        ("Corpus", f"{corpus} ({kind})" if record.get("corpus") else corpus),
        ("Network", html.escape(str(record.get("network") or "none"))),
        ("Profile", html.escape(str(record["parameters"].get("profile", "none")))),
        ("Run time", duration(record["seconds"])),
        ("Peak memory", memory(record.get("peak_bytes"))),
        ("Executed", html.escape(_when(record))),
        ("Source", f"<a href='{up}_static/sources/{html.escape(chapter)}.py' download>{html.escape(chapter)}.py</a>"),
    ]
    cells = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in entries)
    return f"<dl class='run-header' aria-label='How this page was made'>{cells}</dl>"


def _when(record: Mapping[str, Any]) -> str:
    day = str(record.get("time", ""))[:10]
    name = str(record.get("commit") or "")
    if not name:
        return day
    return f"{day}, commit {name.rstrip('+')}" + (" with local changes" if name.endswith("+") else "")


def duration(seconds: float) -> str:
    """``"8.3 s"``, ``"2 min 5 s"``."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def memory(size: int | None) -> str:
    """``"512 MB"``, ``"1.4 GB"``, or that it was not measured."""
    if not size:
        return "not measured"
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"


def records(project: Project) -> list[dict[str, Any]]:
    """What each executed chapter says of its run, in reading order."""
    paths = (project.notebook(chapter) for chapter in project.chapters())
    notes = (json.loads(path.read_text(encoding="utf-8"))["metadata"] for path in paths if path.exists())
    return [note["neuroattr"] for note in notes if "neuroattr" in note]


def write_build_information(project: Project) -> None:
    """The page with times, parameters, versions and the digests of the assets, from the executed chapters alone."""
    runs = records(project)
    parts = [
        "# Build information",
        "How every page of this book was made. Nothing here is typed by hand: it is read from the executed chapters. "
        "Where kernels start with the libraries loaded, which is on Linux, the run time of a page leaves the loading "
        "out, and its peak memory contains the libraries (about a gigabyte that the kernels share).",
        "## Chapters",
        tables.table(
            ("Chapter", "Corpus", "Network", "Run time", "Peak memory", "Executed"),
            [
                (
                    run["chapter"], _corpus(run), run.get("network") or "none",
                    duration(run["seconds"]), memory(run.get("peak_bytes")), _when(run),
                )
                for run in runs
            ],
            caption=f"{len(runs)} chapters, {duration(sum(run['seconds'] for run in runs))} in all",
        ),
        "## Parameters",
        tables.table(
            ("Chapter", "Parameters"),
            [(run["chapter"], _settings(run["parameters"])) for run in runs],
            caption="What papermill passed to each chapter",
        ),
        "## Versions",
        tables.table(
            ("Library", "Version"), versions().items(),
            caption=f"Installed on {platform.system()} {platform.machine()}",
        ),
        "## Assets",
        tables.table(
            ("Asset", "File", "MB", "SHA-256", "Licence"),
            [
                (name, file.name, f"{file.bytes / 1e6:.1f}", file.sha256, asset.licence)
                for name, asset in sorted(manifest().items())
                for file in asset.files
            ],
            caption="Every file that a profile may use; each is verified before use",
        ),
    ]  # fmt: skip
    with write_whole(project.executed / "build_information.md") as part:
        part.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _corpus(run: Mapping[str, Any]) -> str:
    if not run.get("corpus"):
        return "none"
    origin = {True: " (generated)", False: "", None: " (origin not said)"}[run.get("generated")]
    return f"{run['corpus']}{origin}"


def _settings(parameters: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {json.dumps(value)}" for name, value in parameters.items())
