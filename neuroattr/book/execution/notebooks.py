"""One chapter: from its py:percent source to an executed notebook that is either whole or the earlier one."""

from __future__ import annotations

import ast
import datetime
import os
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jupytext
import nbformat

from neuroattr.assets import write_whole
from neuroattr.book.execution import pages, processes
from neuroattr.book.execution.digests import code_digest
from neuroattr.book.execution.ledgers import write_ledger
from neuroattr.book.execution.project import Project

RECORD = "application/vnd.neuroattr+json"
EPILOGUE = Path(__file__).with_name("epilogue.py")

_code_cell: Callable[..., nbformat.NotebookNode] = nbformat.v4.new_code_cell  # nbformat says no types
_write: Callable[[nbformat.NotebookNode, Path], None] = nbformat.write


def read(source: Path) -> nbformat.NotebookNode:
    """A chapter's source as a notebook.

    Raises
    ------
    ValueError
        If no cell has the tag ``parameters``: it could only run with its own constants.
    """
    # without fmt, a source without a header loses its tags
    notebook: nbformat.NotebookNode = jupytext.read(source, fmt="py:percent")
    if _parameters_cell(notebook) is None:
        raise ValueError(
            f"{source.name} has no cell with the tag 'parameters'; begin one with: "
            '# %% tags=["parameters", "remove-cell"]'
        )
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return notebook


def _parameters_cell(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode | None:
    """The cell tagged ``parameters``, or None."""
    return next((cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])), None)


def parameters(source: Path) -> dict[str, Any]:
    """What a chapter's parameters cell assigns, by name; Ellipsis for what is not written out but computed.

    Raises
    ------
    SyntaxError
        If that cell is no Python.
    """
    cell = _parameters_cell(read(source))
    found: dict[str, Any] = {}
    for node in ast.parse(cell.source if cell else "").body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id: _literal(node.value) for target in targets if isinstance(target, ast.Name)}
    return found


def _literal(value: ast.expr | None) -> Any:
    try:
        return ... if value is None else ast.literal_eval(value)
    except ValueError:
        return ...


def execute(
    project: Project, chapter: str, parameters: dict[str, Any], key: str, *, threads: int, server: str | None = None
) -> float:
    """Run one chapter in a kernel of its own, forked by the kernel server at an address where one is given; seconds.

    Raises
    ------
    RuntimeError
        If a cell fails: the message names the partial notebook. The earlier executed chapter stays as it was.
    """
    import papermill

    from neuroattr.book.execution import kernels

    for name in ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, str(threads))  # kernels that run side by side share the cores
    os.environ.setdefault("PYTHONHASHSEED", "0")
    notebook = read(project.source(chapter))
    notebook.cells.append(_code_cell(EPILOGUE.read_text(encoding="utf-8"), metadata={"tags": ["remove-cell"]}))
    with tempfile.TemporaryDirectory(prefix="c", ignore_cleanup_errors=True) as folder:
        before, after = Path(folder, "before.ipynb"), Path(folder, "after.ipynb")
        _write(notebook, before)
        try:
            done = papermill.execute_notebook(
                before, after, parameters, kernel_name="python3", cwd=project.root, progress_bar=False,
                log_output=False, **kernels.settings(folder, server),
            )  # fmt: skip
        except Exception as error:
            said = processes.last_words(Path(folder, kernels.LOG)) if type(error).__name__ == "DeadKernelError" else ""
            raise RuntimeError(_failure(project, chapter, after, error) + said) from None
    return _finished(project, chapter, done, parameters, key)


def _failure(project: Project, chapter: str, partial: Path, error: Exception) -> str:
    """What went wrong, in one paragraph, after keeping what was executed until then."""
    name = getattr(error, "ename", type(error).__name__)
    words = getattr(error, "evalue", str(error))
    where = ""
    if partial.exists():
        kept = project.generated / "failed" / f"{chapter}.ipynb"
        with write_whole(kept) as part:
            part.write_bytes(partial.read_bytes())
        where = f"; see {kept.relative_to(project.root)}"
    number = getattr(error, "exec_count", None)
    cell = f" in cell {number}" if number else ""
    return f"{name}{cell}: {words}{where}"


def _finished(
    project: Project, chapter: str, done: nbformat.NotebookNode, parameters: dict[str, Any], key: str
) -> float:
    """Put the executed notebook in its place, with its record as metadata and its header under the title."""
    epilogue = done.cells.pop()
    record = next((dict(out.data[RECORD]) for out in epilogue.outputs if RECORD in out.get("data", {})), {})
    for cell in done.cells:
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.metadata.tags.append("remove-cell")
    seconds = float(done.metadata.papermill.duration)
    context = {
        "code": code_digest(chapter, project=project),
        "parameters": parameters,
        "commit": commit(project.root) or None,
        "time": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    }
    measured = record.pop("ledger", None)
    ledger = write_ledger(project, measured, **context) if measured else None
    done.metadata["neuroattr"] = {
        **record, **context, "chapter": chapter, "built_from": key, "seconds": seconds, "ledger": ledger,
        "versions": pages.versions(),
    }  # fmt: skip
    del done.metadata["papermill"]  # times and paths of this machine
    pages.insert_header(done)
    source = project.generated / "static" / "sources" / f"{chapter}.py"
    with write_whole(source) as part:
        part.write_bytes(project.source(chapter).read_bytes())
    with write_whole(project.notebook(chapter)) as part:
        _write(done, part)
    _tidy(project, chapter, record.get("files", []))
    return seconds


def _tidy(project: Project, chapter: str, files: list[str]) -> None:
    """Remove figures that the chapter does not show any more, and its failed run, now that it succeeded."""
    kept = {project.generated / "static" / file for file in files}
    for path in (project.generated / "static" / "figures" / chapter).rglob("*"):
        if path.is_file() and path not in kept:
            path.unlink()
    (project.generated / "failed" / f"{chapter}.ipynb").unlink(missing_ok=True)


def commit(root: Path) -> str:
    """Short name of the commit, ``+`` added where tracked files differ from it; empty outside git."""
    try:
        name = subprocess.run(
            ["git", "rev-parse", "--short=10", "HEAD"], cwd=root, capture_output=True, text=True, check=True
        )
        changed = subprocess.run(
            ["git", "status", "--porcelain", "-uno"], cwd=root, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return name.stdout.strip() + ("+" if changed.stdout.strip() else "")
