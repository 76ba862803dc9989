"""Which ledgers there are, which of them are stale, and keeping one in git."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from neuroattr import results
from neuroattr.assets import write_whole
from neuroattr.book.execution.project import Project


def ledgers(project: Project | None = None) -> dict[str, tuple[Path, ...]]:
    """Folders of each profile's ledgers, the later ones over the earlier: what ``results.read`` takes.

    Notes
    -----
    Kept ledgers (``book/ledger``) are in git and show the published book real data. Those of runs here
    (``book/generated/ledger``) are not; they go before kept ones of the same profile, chapter by chapter.
    """
    project = project or Project.of_chapters()
    found: dict[str, tuple[Path, ...]] = {}
    for place in (project.root / "book" / "ledger", project.generated / "ledger"):
        for path in sorted(place.iterdir()) if place.is_dir() else ():
            if path.is_dir():
                found[path.name] = (*found.get(path.name, ()), path)
    return found


def write_ledger(project: Project, content: dict[str, Any], **context: Any) -> str | None:
    """Write what a chapter has recorded, with what the runner knows of the run; the file, relative to the root."""
    ledger = results.Ledger.of(content, where=content["chapter"])
    ledger.context = dataclasses.replace(ledger.context, **context)
    saved = ledger.save(project.generated / "ledger" / ledger.context.profile)
    return None if saved is None else saved.relative_to(project.root).as_posix()


def keep_ledger(profile: str, project: Project | None = None) -> list[Path]:
    """Copy the numbers of the last run to where git keeps them; the files written.

    What is kept of chapters that did not run stays; what is kept of chapters that are gone goes.

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
    alive = {f"{chapter.replace('/', '.')}.json" for chapter in project.chapters()}
    for path in set(kept.rglob("*.json")) - set(targets):
        if path.name not in alive:
            path.unlink()
    return targets
