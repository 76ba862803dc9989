"""The drawing library, and what the operating system must bring for it: asked before long work, and by plain Python."""

import ctypes
import sys

LIBRARIES = {"libGL.so.1": "libgl1", "libEGL.so.1": "libegl1", "libexpat.so.1": "libexpat1"}
"""Libraries that skia-python links on Linux, and the Debian packages that hold them (also listed in apt.txt)."""

ADVICE = (
    f"Debian, Ubuntu: apt-get install {' '.join(LIBRARIES.values())}. "
    "Fedora: dnf install libglvnd-glx libglvnd-egl expat. No screen and no graphics card are needed. Then start again"
)


class MissingLibrary(ImportError):
    """Something cannot be imported for want of a library of the operating system."""


def absent() -> str | None:
    """What the operating system lacks for drawing and what to do, in one sentence; None where nothing is missing.

    Notes
    -----
    The standard library is enough to ask, so `make setup` asks before it installs anything. Other systems than Linux
    bring these libraries along.
    """
    if not sys.platform.startswith("linux"):
        return None
    missing = [name for name in LIBRARIES if not _loads(name)]
    if not missing:
        return None
    return (
        "generated corpora are drawn with skia-python, which needs libraries of the operating system that are not "
        f"here: {', '.join(missing)}. {ADVICE}"
    )


def require() -> None:
    """Import the drawing library, or say why that cannot be and what to do.

    Raises
    ------
    MissingLibrary
        A library of the operating system is missing; the message names it and the packages that hold it.
    ModuleNotFoundError
        skia-python is not installed.
    """
    try:
        import skia  # noqa: F401
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "generated corpora are drawn with skia-python, which is not installed: pip install skia-python",
            name=error.name,
        ) from error
    except ImportError as error:
        raise MissingLibrary(
            f"generated corpora are drawn with skia-python, which cannot be loaded: {error}. {ADVICE}"
        ) from error


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
