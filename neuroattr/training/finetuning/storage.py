"""A tuned network in its folder: weights, learning curves, report."""

import json

import pandas as pd
from safetensors.torch import load_file, save_file

from neuroattr.assets import write_whole

WEIGHTS, REPORT = "weights.safetensors", "report.json"


def keep(folder, module, curves, report):
    """Write what a network has learned."""
    state = {name: value.detach().cpu().contiguous() for name, value in module.state_dict().items()}
    with write_whole(folder / WEIGHTS) as path:
        save_file(state, path)
    with write_whole(folder / REPORT) as path:
        path.write_text(json.dumps({"curves": curves, "report": report}, indent=1), encoding="utf-8")


def restored(folder, module):
    """Load the kept weights into the module; the learning curves (one row an epoch, the first being 1), the report."""
    module.load_state_dict(load_file(folder / WEIGHTS))
    kept = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    curves = kept["curves"]
    return pd.DataFrame(curves, index=pd.RangeIndex(1, len(curves) + 1, name="epoch")), kept["report"]
