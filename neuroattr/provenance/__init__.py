"""Where results come from: digests of code, data and parameters, and the one cache that keeps what they made.

Everything that is kept goes through here. Its key is computed: a `Kind` names the function that makes it, `code`
finds every module that this function can reach, and `keys.plain` digests what it is given. ``tests/test_provenance.py``
changes every module of the package and looks which keys change.
"""

from neuroattr.provenance.arrays import kept_arrays, read_arrays, write_arrays
from neuroattr.provenance.closure import Tree
from neuroattr.provenance.inventory import Entry, clear, entries, size_text
from neuroattr.provenance.kept import DamagedResult, Kept, Kind, begin, notice, read_json
from neuroattr.provenance.keys import differences, key, lines_digest, plain
from neuroattr.provenance.origin import code, unchanged

__all__ = [
    "DamagedResult",
    "Entry",
    "Kept",
    "Kind",
    "Tree",
    "begin",
    "clear",
    "code",
    "differences",
    "entries",
    "kept_arrays",
    "key",
    "lines_digest",
    "notice",
    "plain",
    "read_arrays",
    "read_json",
    "size_text",
    "unchanged",
    "write_arrays",
]
