"""Compiled functions: nothing of another file is frozen into what numba keeps, and no folder is needed to keep it."""

import builtins
import dis
import importlib
import inspect
import os
import pkgutil
import shutil
import subprocess
import sys
import types
from pathlib import Path

import numpy as np
import pytest
from numba.core.dispatcher import Dispatcher

import neuroattr

PACKAGE = Path(neuroattr.__file__).parent
LIBRARIES = {"numpy", "math"}
FOLDERS = {"NUMBA_CACHE_DIR": "/dev/null/nowhere", "HOME": "/dev/null", "XDG_CACHE_HOME": "/dev/null/nowhere"}


def modules():
    """Every module of the package whose source compiles functions."""
    for found in pkgutil.walk_packages([str(PACKAGE)], "neuroattr."):
        path = PACKAGE.joinpath(*found.name.split(".")[1:])
        source = path / "__init__.py" if found.ispkg else path.with_suffix(".py")
        text = source.read_text(encoding="utf-8")
        if "numba" in text or "compiled" in text:
            yield importlib.import_module(found.name)


KERNELS = {
    f"{module.__name__}.{name}": value
    for module in modules()
    for name, value in vars(module).items()
    if isinstance(value, Dispatcher) and value.py_func.__module__ == module.__name__
}


def frozen(function):
    """Names of a function's globals whose value its compiled code would keep though another file changes it."""
    names = {step.argval for step in dis.get_instructions(function) if step.opname in {"LOAD_GLOBAL", "LOAD_NAME"}}
    return sorted(
        [*(name for name in names if not _stays(function, name)), *inspect.getclosurevars(function).nonlocals]
    )


def _stays(function, name):
    """Whether a global is a library, a builtin or a compiled function of the same file."""
    value = function.__globals__.get(name, getattr(builtins, name, None))
    if isinstance(value, types.ModuleType):
        return value.__name__ in LIBRARIES
    if isinstance(value, Dispatcher):
        return value.py_func.__code__.co_filename == function.__code__.co_filename
    return name not in function.__globals__ and hasattr(builtins, name)


def run(code, *, folder=PACKAGE.parent, **environment):
    """Standard output of a fresh Python that has the package of `folder`."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False, cwd="/",
        env=os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"} | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_kernels_are_found():
    assert len(KERNELS) >= 9
    assert {"neuroattr.statistics.counts._count_by_comparing", "neuroattr.text.duplicates._components"} <= set(KERNELS)


@pytest.mark.parametrize("name", KERNELS)
def test_a_compiled_function_reads_nothing_that_another_file_may_change(name):
    assert frozen(KERNELS[name].py_func) == []


def test_all_functions_are_compiled_by_one_decorator():
    others = [
        path for path in PACKAGE.rglob("*.py") if path.name not in {"compilation.py", "blocks.py", "kernel_server.py"}
    ]
    assert [str(path) for path in others if "njit" in path.read_text(encoding="utf-8")] == []


WIDTH = 3


def test_the_check_sees_constants_modules_and_closures():
    inner = 2

    def careless(x):
        return x + WIDTH + os.cpu_count() + inner + np.pi

    assert frozen(careless) == ["WIDTH", "inner", "os"]


# --- a constant that changes --------------------------------------------------------------------------------------

COUNT = """
import numpy as np
from neuroattr import statistics
random = np.random.default_rng(0)
codes = random.integers(0, 8, (500, 300)).astype(np.uint8)
mentions = random.random((500, 2)) < 0.5
counts = statistics.word_counts(codes, mentions, bins=8)
wanted = np.array([[np.bincount(codes[row, u], minlength=8) for u in range(300)] for row in mentions.T])
print((counts != wanted).any(axis=(0, 2)).sum())
"""


def test_what_was_kept_with_another_constant_is_not_used(tmp_path):
    """Kept code for 128 units a block, then 64: 128 of 300 units were wrong."""
    shutil.copytree(PACKAGE, tmp_path / "neuroattr", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(PACKAGE.parent / "data_manifest", tmp_path / "data_manifest")
    kept = {"folder": tmp_path, "NUMBA_CACHE_DIR": str(tmp_path / "numba")}
    assert run(COUNT, **kept).strip() == "0"
    assert list((tmp_path / "numba").rglob("*_count_by_comparing*.nbc")), "the code was kept"
    blocks = tmp_path / "neuroattr" / "statistics" / "blocks.py"
    blocks.write_text(blocks.read_text(encoding="utf-8").replace("UNITS = 128", "UNITS = 64"), encoding="utf-8")
    assert run(COUNT, **kept).strip() == "0"


# --- no folder to keep code in ------------------------------------------------------------------------------------


@pytest.fixture
def sealed(tmp_path):
    """A copy of the package in which no folder for compiled code can be made, whoever asks: it is a file."""
    shutil.copytree(PACKAGE, tmp_path / "neuroattr", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(PACKAGE.parent / "data_manifest", tmp_path / "data_manifest")
    for folder in [tmp_path / "neuroattr", *(tmp_path / "neuroattr").rglob("*/")]:
        (folder / "__pycache__").write_text("")
    return tmp_path


def test_without_a_folder_code_is_compiled_in_memory(sealed):
    code = COUNT + "\nfrom neuroattr.statistics import counts\nprint(counts._count_by_comparing._cache.cache_path)"
    assert run(code, folder=sealed, **FOLDERS).split() == ["0", "None"]


def test_without_a_folder_all_that_compiles_can_be_imported(sealed):
    names = sorted({name.rpartition(".")[0] for name in KERNELS} | {"neuroattr.discovery", "neuroattr.corpus"})
    assert run(f"import {', '.join(names)}", folder=sealed, **FOLDERS) == ""


OTHERS = """
import numba
from neuroattr.statistics.compilation import keeping_is_optional
try:
    numba.njit(cache=True)(twice)
except RuntimeError as error:
    assert "no locator available" in str(error)
with keeping_is_optional():
    print(numba.njit(cache=True)(twice)(3), numba.vectorize(cache=True)(twice)(3))
    print(numba.vectorize(["i8(i8)"], cache=True)(twice)(3))
try:
    numba.njit(cache=True)(twice)
except RuntimeError as error:
    assert "no locator available" in str(error)
"""


def test_functions_of_other_packages_are_defined_without_a_folder(sealed):
    (sealed / "elsewhere.py").write_text("def twice(x):\n    return 2 * x\n")
    (sealed / "__pycache__").write_text("")
    assert run("from elsewhere import *\n" + OTHERS, folder=sealed, **FOLDERS).split() == ["6", "6", "6"]


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A compiled function of a file of its own, and the folder in which numba keeps it."""
    import numba

    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "numba"))
    (tmp_path / "kernels_of_this_test.py").write_text(
        "from neuroattr.statistics.compilation import compiled\n@compiled\ndef twice(x):\n    return 2 * x\n"
    )
    monkeypatch.syspath_prepend(tmp_path)

    def fresh():
        sys.modules.pop("kernels_of_this_test", None)
        return importlib.import_module("kernels_of_this_test").twice

    yield fresh, tmp_path / "numba"
    sys.modules.pop("kernels_of_this_test", None)


def test_compiled_code_is_kept_and_read_again(kept):
    fresh, folder = kept
    assert fresh()(2) == 4
    assert len(list(folder.rglob("*.nbc"))) == 1
    again = fresh()
    assert again(2) == 4
    assert sum(again.stats.cache_hits.values()) == 1


@pytest.mark.parametrize("suffix", ["nbi", "nbc"])
@pytest.mark.parametrize("damage", [b"", b"nothing of numba's"])
def test_damaged_kept_code_is_compiled_anew_and_kept_again(kept, suffix, damage):
    fresh, folder = kept
    fresh()(2)
    (path,) = folder.rglob(f"*.{suffix}")
    path.write_bytes(damage)
    assert fresh()(2) == 4
    fresh()(2)  # where the index was damaged, the first only emptied it
    again = fresh()
    assert again(2) == 4
    assert sum(again.stats.cache_hits.values()) == 1


def test_a_folder_that_can_no_longer_be_written_stops_nothing(kept):
    fresh, folder = kept
    twice = fresh()
    shutil.rmtree(folder)
    folder.write_text("in the way")
    assert twice(2) == 4


def test_a_compiled_function_runs_uncompiled_where_numba_is_switched_off():
    code = "from neuroattr.statistics.compilation import compiled; print(compiled(lambda x: 2 * x)(4))"
    assert run(code, NUMBA_DISABLE_JIT="1").strip() == "8"
