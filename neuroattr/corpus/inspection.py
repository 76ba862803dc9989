"""Every picture of a source opened once: which are missing, corrupt or huge, and which files are the same."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
from tqdm import tqdm

from .faults import ImageFault, printable
from .sources import ImageSource, Source, contents, decode

FAULTS = ("missing image", "corrupt image", "huge image")


def inspected(source: Source, ids: Sequence[str], *, threads: int = 4) -> pd.DataFrame:
    """Fault and digest of each picture.

    Returns
    -------
    DataFrame, index ``ids``: ``fault`` (one of ``FAULTS`` or ""), ``detail`` (what was wrong), ``digest`` (sha256 of
    the file, "" where it is missing).

    Notes
    -----
    Each picture is decoded, because a file cut short has a good header; JPEGs at an eighth of their size, which reads
    all of the file at a third of the cost.
    """
    with ThreadPoolExecutor(threads) as pool:
        looks = pool.map(lambda id: _look(source, id), ids)
        rows = list(tqdm(looks, total=len(ids), desc="inspecting pictures", unit="picture", disable=None, leave=False))
    return pd.DataFrame(rows, columns=["fault", "detail", "digest"], index=pd.Index(ids, name="image", dtype=object))


def faults(inspection: pd.DataFrame) -> dict[str, list[str]]:
    """Ids by fault, and the files that are there more than once: what goes into the report of a corpus."""
    found = {fault: inspection.index[inspection["fault"] == fault].tolist() for fault in FAULTS}
    there = inspection[inspection["digest"] != ""]
    found["repeated image"] = there.index[there["digest"].duplicated()].tolist()
    return {fault: ids for fault, ids in found.items() if ids}


def _look(source: Source, id: str) -> tuple[str, str, str]:
    digest = ""
    try:
        if printable(id) != str(id):
            raise ImageFault("missing image", f"{id} is no name in UTF-8, and cannot be kept; rename the file")
        if isinstance(source, ImageSource):
            data = contents(source.path(id))
            digest = hashlib.sha256(data).hexdigest()
            decode(data, name=str(source.path(id)), small=True)
        else:
            digest = source.digest(id)
            source.image(id)
    except ImageFault as fault:
        return fault.kind, fault.detail, digest
    except Exception as fault:  # of a source that somebody else wrote
        return "corrupt image", printable(f"{id}: {type(fault).__name__}: {fault}"), digest
    return "", "", digest
