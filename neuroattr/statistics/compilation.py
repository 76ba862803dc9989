"""Compiled functions: machine code that is kept on disk where it can be, and made anew in memory where it cannot."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import numba
import numpy as np
from numba.core.caching import FunctionCache
from numba.core.dispatcher import Dispatcher
from numba.np.ufunc.ufuncbuilder import UFuncDispatcher

Array = np.ndarray
"""What compiled functions take."""


def compiled(function: Callable[..., Any] | None = None, *, fastmath: bool = False) -> Callable[..., Any]:
    """The function as machine code that releases the interpreter lock.

    Parameters
    ----------
    function
        Reads no module-level constant and calls compiled functions of its own file only: numba keeps a function until
        that one file changes, so whatever lies in another would be frozen. What the compiler shall know (the length
        of a loop) is the default of a parameter, which is part of the signature under which a function is kept.
    fastmath
        Whether sums may be taken in any order.

    Notes
    -----
    numba keeps code beside the source, else in the user's cache folder, or in ``NUMBA_CACHE_DIR``. Where none of them
    can be written, or what was kept cannot be read (a full disk, a damaged file), every process compiles for itself:
    the same code, a few seconds later.

    Examples
    --------
    >>> @compiled
    ... def twice(x):
    ...     return 2 * x
    >>> twice(4)
    8
    """
    if function is None:
        return lambda each: compiled(each, fastmath=fastmath)
    dispatcher: Any = numba.njit(function, nogil=True, fastmath=fastmath)
    kept: Any = _KeptCode
    if hasattr(dispatcher, "_cache"):  # with NUMBA_DISABLE_JIT it is the function itself
        with suppress(RuntimeError):  # there is no folder that can be written
            dispatcher._cache = kept(function)
    code: Callable[..., Any] = dispatcher
    return code


@contextmanager
def keeping_is_optional() -> Iterator[None]:
    """While the block runs, functions and ufuncs of other packages are defined also where their code cannot be kept."""
    kinds: dict[Any, Callable[..., None]] = {kind: kind.enable_caching for kind in (Dispatcher, UFuncDispatcher)}

    def keep_if_possible(dispatcher: object) -> None:
        with suppress(RuntimeError):
            kinds[next(kind for kind in kinds if isinstance(dispatcher, kind))](dispatcher)

    for kind in kinds:
        kind.enable_caching = keep_if_possible
    try:
        yield
    finally:
        for kind, keep in kinds.items():
            kind.enable_caching = keep


class _KeptCode(FunctionCache):
    """numba's files of one function, without which everything works as well."""

    def load_overload(self, sig: object, target_context: object) -> Any:
        inherited: Any = super()
        try:
            return inherited.load_overload(sig, target_context)
        except Exception:  # a damaged file makes the reader stumble over anything; the code is compiled anew
            return None

    def save_overload(self, sig: object, data: object) -> None:
        inherited: Any = super()
        try:
            inherited.save_overload(sig, data)
        except OSError:
            pass
        except Exception:  # the index is damaged
            with suppress(OSError):
                inherited.flush()
