"""Tuned networks on disk: keyed by everything that decides them, complete or not there."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import pandas as pd
from safetensors.torch import load_file, save_file

from neuroattr import programs
from neuroattr.activations import keys
from neuroattr.assets import sha256, write_whole

SCHEMA = 1  # of the folder's layout
SOURCES = ("tasks.py", "pictures.py", "heads.py", "learning.py")  # what decides the values
WEIGHTS, MARK, CHECKPOINT = "weights.safetensors", "complete.json", "checkpoint.pt"
MAPS = "frozen.npy"  # responses of frozen layers, while learning


class DamagedNetwork(ValueError):
    """A tuned network whose file is not as it was written."""


def key_record(net, task, tuning, targets, used):
    """Everything that decides a tuned network, as JSON-able values.

    Parameters
    ----------
    targets : `Targets` of the training pictures and of the validation pictures.
    used : id and digest of each of those pictures, as one text, in the same order.
    """
    here = Path(__file__).parent
    return {
        "schema": SCHEMA,
        "code": programs.joint_digest(here / name for name in SOURCES),
        "weights": net.digest,
        "architecture": _sha256(repr(net.module).encode()),
        "layers": dict(net.nodes),
        "preprocess": keys.plain(net.preprocess),
        "task": task,
        "labels": list(targets[0].labels),
        "answers": [_sha256(part.values.tobytes()) for part in targets],
        "pictures": [_sha256("\n".join(part).encode()) for part in used],
        "tuning": keys.plain(asdict(tuning)),
        "device": next(net.module.parameters()).device.type,
    }


def complete(folder, record):
    """What was kept beside the weights, or None where there is no complete network.

    Raises
    ------
    DamagedNetwork : the weights are not those that were written.
    """
    mark = folder / MARK
    if not mark.exists():
        return None
    kept = json.loads(mark.read_text())
    found = sha256(folder / WEIGHTS) if (folder / WEIGHTS).exists() else "no file"
    if found != kept["sha256"] or kept["key"] != json.loads(json.dumps(record)):
        raise DamagedNetwork(
            f"the tuned network in {folder} is not what was written there: wanted weights {kept['sha256'][:12]}, found "
            f"{found[:12]}; delete that folder, and it is tuned again"
        )
    return kept


def keep(folder, record, module, curves, report):
    """Write weights, then the mark that makes them count."""
    state = {name: value.detach().cpu().contiguous() for name, value in module.state_dict().items()}
    with write_whole(folder / WEIGHTS) as path:
        save_file(state, path)
    kept = {"key": record, "sha256": sha256(folder / WEIGHTS), "curves": curves, "report": report}
    with write_whole(folder / MARK) as path:
        path.write_text(json.dumps(kept, indent=1))
    for passing in (CHECKPOINT, MAPS):
        (folder / passing).unlink(missing_ok=True)


def put_weights(folder, module):
    """Load the kept weights into the module."""
    module.load_state_dict(load_file(folder / WEIGHTS))


def table(curves):
    """Learning curves as a table, one row an epoch, the first being 1."""
    return pd.DataFrame(curves, index=pd.RangeIndex(1, len(curves) + 1, name="epoch"))


def _sha256(contents):
    return hashlib.sha256(contents).hexdigest()
