"""Where things are in the repository that holds the chapters."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from neuroattr.book.execution.parameters import near


@dataclass(frozen=True)
class Project:
    """A repository with chapters: its root and the name of the package that they use."""

    root: Path
    package: str = "neuroattr"

    @classmethod
    def here(cls) -> Project:
        """The project around the working folder.

        Raises
        ------
        FileNotFoundError
            If neither the working folder nor one above it holds a table of contents of a book.
        """
        start = Path.cwd()
        found = cls._around(start)
        if found is not None:
            return found
        raise FileNotFoundError(
            "chapters run inside a checkout of the repository, a folder with _toc.yml and notebooks/; "
            f"{start} is in none. Change to the checkout and run the command again."
        )

    @classmethod
    def of_chapters(cls) -> Project:
        """The project around the working folder, else the one that the library lies in: a chapter runs in any folder.

        Raises
        ------
        FileNotFoundError
            If neither is inside a project.
        """
        return cls._around(Path.cwd()) or cls._around(Path(__file__).parent) or cls.here()

    @classmethod
    def _around(cls, start: Path) -> Project | None:
        for folder in (start, *start.parents):
            if (folder / "_toc.yml").is_file() and (folder / "notebooks").is_dir():
                return cls(folder)
        return None

    @property
    def notebooks(self) -> Path:
        """Sources of the chapters."""
        return self.root / "notebooks"

    @property
    def executed(self) -> Path:
        """Executed chapters: what the book is built from."""
        return self.root / "book" / "chapters"

    @property
    def generated(self) -> Path:
        """Everything else that running makes: static files, ledgers, partial notebooks of failed runs."""
        return self.root / "book" / "generated"

    @property
    def html(self) -> Path:
        """The built book."""
        return self.root / "_build" / "html"

    def source(self, chapter: str) -> Path:
        """Source file of a chapter."""
        return self.notebooks / f"{chapter}.py"

    def notebook(self, chapter: str) -> Path:
        """Executed notebook of a chapter."""
        return self.executed / f"{chapter}.ipynb"

    def chapters(self) -> list[str]:
        """Names of all chapters, as ``"discovery/04_1_divergence"``, in reading order."""
        found = (path.relative_to(self.notebooks) for path in self.notebooks.rglob("*.py"))
        shown = [path for path in found if not any(part.startswith((".", "_")) for part in path.parts)]
        return sorted((path.with_suffix("").as_posix() for path in shown), key=_reading_order)

    def named(self, beginnings: list[str] | None) -> list[str]:
        """Chapters whose names begin as given (a folder, a chapter, or the beginning of one); all for None.

        The path of a chapter's source will do as well, and so will a chapter's number where only one chapter has it.

        Raises
        ------
        ValueError
            If one fits no chapter, or a number several.
        """
        everything = self.chapters()
        if not beginnings:
            return everything
        chosen = {name for beginning in beginnings for name in self._fitting(beginning, everything)}
        return [name for name in everything if name in chosen]

    def _fitting(self, beginning: str, everything: list[str]) -> list[str]:
        wanted = self._without_place(beginning)
        if wanted is None:
            return everything
        exact = [name for name in everything if name == wanted]
        fit = exact or [name for name in everything if wanted and name.startswith(wanted)]
        numbered = [name for name in everything if wanted and name.rpartition("/")[2].startswith(wanted)]
        if not fit and len(numbered) > 1:
            raise ValueError(f"{beginning!r} is the beginning of several chapters, name one: {', '.join(numbered)}")
        if not fit and not numbered:
            raise ValueError(
                f"no chapter begins with {beginning!r}; there are: {', '.join(everything)}{near(wanted, everything)}"
            )
        return fit or numbered

    def _without_place(self, beginning: str) -> str | None:
        """A name as ``chapters`` has it, without the folder that it lies in and without suffix; None for the folder."""
        wanted = beginning.strip().removeprefix(f"{self.root.as_posix()}/").removeprefix("./").rstrip("/")
        for folder in (self.notebooks, self.executed):
            place = folder.relative_to(self.root).as_posix()
            if wanted == place:
                return None
            wanted = wanted.removeprefix(f"{place}/")
        for suffix in (".py", ".ipynb"):
            wanted = wanted.removesuffix(suffix)
        return wanted


def _reading_order(name: str) -> tuple[bool, str, tuple[tuple[int, int, str], ...]]:
    """Numbers in names count as numbers: 4_2 before 4_10; chapters of papers before the pages that join them."""
    folder, _, file = name.rpartition("/")
    numbers = tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in file.split("_"))
    return folder == "", folder, numbers
