"""The model card: what was measured, as JSON, and the same as a page to read."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save_file
from threadpoolctl import threadpool_limits

from neuroattr.assets import write_whole
from neuroattr.backbone import Backbone
from neuroattr.distillation import probes
from neuroattr.distillation.photographs import twins
from neuroattr.statistics import proportion

SEEDS = (0, 1, 2, 3, 4)
MOST = {"colours": 100, "textures": 100, "categories": 150}


@dataclass(frozen=True)
class EvaluationSet:
    """The photographs that networks are measured on.

    Parameters
    ----------
    paths : all photographs, N.
    held : bool N, held out of training.
    folders : mapping of asset name to its unpacked folder.
    cache : where responses are kept, by network.
    """

    paths: list[Path]
    held: npt.NDArray[np.bool_]
    folders: dict[str, Path]
    cache: Path

    def features(self, net: Backbone, paths: Sequence[Path], name: str) -> dict[str, npt.NDArray[np.float32]]:
        """`probes.features`, kept on disk under the digest of the network's weights."""
        return self._kept(net, name, lambda: probes.features(net, paths))

    def logits(self, net: Backbone, paths: Sequence[Path]) -> npt.NDArray[np.float32]:
        """`probes.logits` of the held-out photographs, kept in the same way."""
        return self._kept(net, "logits", lambda: {"logits": probes.logits(net, paths)})["logits"]

    def _kept(
        self, net: Backbone, name: str, made: Callable[[], dict[str, npt.NDArray[np.float32]]]
    ) -> dict[str, npt.NDArray[np.float32]]:
        place = self.cache / f"{name}-{net.digest[:12]}.safetensors"
        if not place.exists():
            with write_whole(place) as path:
                save_file({layer: np.ascontiguousarray(values) for layer, values in made().items()}, path)
        return dict(load_file(place))


def measured(
    shown: EvaluationSet, nets: Mapping[str, Backbone], teacher_features: npt.NDArray[np.floating]
) -> dict[str, Any]:
    """Agreement with the teacher and linear probes by layer, as a dict ready for JSON.

    Parameters
    ----------
    nets : mapping with "caffenet-mini", "random weights" and "teacher" to their `Backbone`.
    teacher_features : N x D pooled features of the teacher for every photograph, to find twins.
    """
    double = twins(teacher_features, shown.held)
    held = [shown.paths[i] for i in np.flatnonzero(shown.held & ~double)]
    first, five = probes.agreement(shown.logits(nets["caffenet-mini"], held), shown.logits(nets["teacher"], held))
    return {
        "agreement": {
            "n": len(held),
            "twins_left_out": int(double.sum()),
            "top1": _share(first, len(held)),
            "top5": _share(five, len(held)),
        },
        "probes": {task: _probed(shown, nets, task, rows) for task, rows in probes.tasks(shown.folders).items()},
    }


def _share(count: int, n: int) -> dict[str, Any]:
    found = proportion(count, n)
    return {"value": round(found.value, 4), "interval": [round(found.low, 4), round(found.high, 4)]}


def _probed(shown: EvaluationSet, nets: Mapping[str, Backbone], task: str, labelled: probes.Labelled) -> dict[str, Any]:
    paths, labels = probes.balanced(labelled, most=MOST[task], seed=0)
    record: dict[str, Any] = {
        "photographs": len(labels),
        "labels": sorted(set(labels.tolist())),
        "chance": round(1 / len(set(labels)), 3),
    }
    for name, net in nets.items():
        values = shown.features(net, paths, task)
        with threadpool_limits(1):  # on a busy machine, small products wait for the second thread
            scores = {layer: [probes.accuracy(values[layer], labels, seed=s) for s in SEEDS] for layer in net.layers}
        record[name] = {
            layer: {"mean": round(statistics.mean(found), 3), "sd": round(statistics.stdev(found), 3)}
            for layer, found in scores.items()
        }
    return record


def write_card(results: Mapping[str, Any], net: Backbone, folder: Path) -> None:
    """Write ``caffenet-mini.json`` and ``caffenet-mini.md`` into ``folder``.

    Parameters
    ----------
    results : of `measured`, with the record of the training under "training".
    net : the measured network.
    """
    record = {
        "name": net.name,
        "digest": net.digest,
        "layers": net.widths,
        "parameters": sum(p.numel() for p in net.module.parameters()),
        "preprocessing": vars(net.preprocess),
        "licence": net.licence,
        **results,
    }
    for suffix, text in ((".json", json.dumps(record, indent=1) + "\n"), (".md", page(record))):
        with write_whole(Path(folder) / f"caffenet-mini{suffix}") as path:
            path.write_text(text, encoding="utf-8")


def page(record: Mapping[str, Any]) -> str:
    """The card as Markdown."""
    training, agreement = record["training"], record["agreement"]
    widths = ", ".join(f"{layer} {width}" for layer, width in record["layers"].items())
    top1, top5 = (_percent(agreement[key]) for key in ("top1", "top5"))
    recipe = training["recipe"]
    return f"""# caffenet-mini

A small network with the seven layers of CaffeNet, in CaffeNet's order:
{widths};
{record["parameters"] / 1e6:.2f} million parameters, float16, input {record["preprocessing"]["crop"]} px. It learned
from real photographs of clothing to answer as BVLC GoogLeNet does; it never saw a generated picture. Use: the embedded
profile of this package, nothing else. It answers with ImageNet's 1,000 classes, but knows only those that its teacher
found in clothing catalogues.

## How it was made
- Teacher: `googlenet_bvlc` (released for unrestricted use), no other network. No labels were used.
- Photographs: {training["photographs"]:,} of `fashion-product-images-sample`, `clothing-co-parsing-sample` and
  `clothing-textures-sample`; {training["learned_from"]:,} to learn from, the others held out (drawn by seed). The
  photographs are not part of this package; see their cards for the terms.
- Views: {_views_labelled(training)}.
  The student sees random squares of a view, mirrored half the time.
- Loss: Kullback-Leibler divergence of softened answers, and regression of the teacher's 1,024 pooled features. Batch
  normalisation while learning, folded into weights and biases afterwards; the running mean of the weights is kept.
- Parameters: {_listed(recipe)}.
- Time: {training["steps"]:,} steps in {training["seconds"] / 60:.0f} minutes on {training["machine"]};
  torch {training["torch"]}, bfloat16. The schedule follows the clock, so another machine makes another number of steps.
  {training["note"]}

```
python -m neuroattr.distillation label  --folder work
python -m neuroattr.distillation distil --folder work --minutes {recipe["minutes"]:g} {_options(training)}
python -m neuroattr.distillation report --folder work
```

## How good it is
Its first answer is the teacher's on {top1} of {agreement["n"]:,} held-out photographs; the teacher's first answer is
among its first five on {top5} (95 % Wilson intervals). {agreement["twins_left_out"]} held-out photographs were left out
because the teacher's features of a training photograph are almost the same (cosine above 0.98).

Linear probes: logistic regression on the spatial maximum of every unit, standardised, as many photographs of each
label, 70 % to train the probe and 30 % to test it; mean ± standard deviation over {len(SEEDS)} such splits. The student
may have seen the photographs, never their labels.
{"".join(_table(task, found) for task, found in record["probes"].items())}
## What it is not
No classifier for use, and no stand-in for CaffeNet in a comparison with the paper's numbers: pages that use it say so.
SHA-256 of its weights, as `Backbone.digest` gives it: `{record["digest"]}`.
"""


def _options(training: Mapping[str, Any]) -> str:
    options = {"clothing-textures-sample": "textures", "clothing-co-parsing-sample": "street"}
    times = training.get("shown_more_often", {})
    return " ".join(
        [f"--seed {training['recipe']['seed']}", *(f"--{options[k]} {n}" for k, n in times.items() if n > 1)]
    )


def _views_labelled(training: Mapping[str, Any]) -> str:
    """Which of the planned views the teacher had labelled when the training ended."""
    count, views = training["photographs"], training["views"]
    whole, rest = divmod(training["views_labelled"], count)
    names = ["the whole photograph as the networks see it"]
    names += [
        "a composition of two photographs" if i in views["composed"] else "a random crop"
        for i in range(1, views["views"])
    ]
    said = [f"{name} of all" for name in names[:whole]] + [
        f"{name} of {rest:,}" for name in names[whole : whole + 1] if rest
    ]
    planned = f"{views['views']} views of each were planned, and {training['views_labelled']:,} labelled in the time"
    return f"{', '.join(said)}\n  ({planned};\n  {_listed(views)})"


def _table(task: str, found: Mapping[str, Any]) -> str:
    lines = [
        f"\n**{len(found['labels'])} {task}** ({found['photographs']:,} photographs, chance {found['chance']:.2f})\n"
    ]
    mini, random, teacher = (found[name] for name in ("caffenet-mini", "random weights", "teacher"))
    lines += ["| layer | caffenet-mini | the same network, random weights |", "| --- | ---: | ---: |"]
    lines += [f"| {layer} | {_spread(mini[layer])} | {_spread(random[layer])} |" for layer in mini]
    best = max(teacher, key=lambda layer: teacher[layer]["mean"])
    said = ", ".join(
        f"{layer} {_spread(teacher[layer])}" for layer in dict.fromkeys((*list(teacher)[:2], best, list(teacher)[-1]))
    )
    return "\n".join([*lines, f"\nTeacher: {said} (best layer: {best}).\n"])


def _spread(found: Mapping[str, float]) -> str:
    return f"{found['mean']:.2f} ± {found['sd']:.2f}"


def _percent(found: Mapping[str, Any]) -> str:
    low, high = found["interval"]
    return f"{100 * found['value']:.1f} % ({100 * low:.1f} to {100 * high:.1f})"


def _listed(record: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in record.items() if not isinstance(value, dict))
