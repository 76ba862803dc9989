"""Which ledgers there are, which of them are stale, and keeping one in git."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from neuroattr import results
from neuroattr.assets import write_whole
from neuroattr.execution.project import Project


def ledgers(project: Project | None = None) -> dict[str, Path]:
    """Folder of each profile's ledger: what the tables of ``neuroattr.results`` take.

    Notes
    -----
    Kept ledgers (``book/ledger``) are in git and show the published book real data; those of runs here
    (``book/generated/ledger``) are not, and go before a kept one of the same profile.
    """
    project = project or Project.here()
    places = [place for place in (project.root / "book" / "ledger", project.generated / "ledger") if place.is_dir()]
    return {path.name: path for place in places for path in sorted(place.iterdir()) if path.is_dir()}


def write_ledger(project: Project, content: dict[str, Any], **context: Any) -> str | None:
    """Write what a chapter has recorded, with what the runner knows of the run; the file, relative to the root."""
    folder = project.generated / "ledger" / content["context"]["profile"]
    completed = {**content, "context": {**content["context"], **context}}
    with tempfile.TemporaryDirectory() as desk:
        draft = Path(desk, "draft.json")
        draft.write_text(json.dumps(completed), encoding="utf-8")
        saved = results.Ledger.load(draft).save(folder)
    return None if saved is None else saved.relative_to(project.root).as_posix()


def keep_ledger(profile: str, project: Project | None = None) -> list[Path]:
    """Copy the numbers of the last run to where git keeps them; the files written.

    Raises
    ------
    FileNotFoundError
        If no chapter was executed with this profile.
    """
    project = project or Project.here()
    made, kept = project.generated / "ledger" / profile, project.root / "book" / "ledger" / profile
    sources = sorted(made.rglob("*.json"))
    if not sources:
        raise FileNotFoundError(f"no numbers of profile {profile!r} to keep; run: neuroattr run --profile {profile}")
    targets = [kept / source.relative_to(made) for source in sources]
    for source, target in zip(sources, targets, strict=True):
        with write_whole(target) as part:
            part.write_bytes(source.read_bytes())
    for path in set(kept.rglob("*.json")) - set(targets):  # of chapters that are gone
        path.unlink()
    return targets
