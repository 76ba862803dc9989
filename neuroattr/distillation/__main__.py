"""``python -m neuroattr.distillation``: the three steps that made caffenet-mini.

``label`` draws views of the photographs and writes down what the teacher answers; ``distil`` trains the student on them
(it can start while ``label`` still works, and goes on where it stopped); ``report`` measures it and writes its card.
"""

import json
import os
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from rich.console import Console
from safetensors.torch import save_file

from neuroattr import assets, backbone
from neuroattr.distillation.card import EvaluationSet, measured, write_card
from neuroattr.distillation.learning import Recipe, StudentTrainer, distil
from neuroattr.distillation.photographs import SOURCES, emphasised, held_out, photographs
from neuroattr.distillation.views import ViewRecipe, ViewStore, teacher

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)
say = Console(stderr=True).print
HELD_OUT = 0.1

Folder = Annotated[Path, typer.Option(help="Where views, checkpoints and results live.")]
Photographs = Annotated[
    Path | None, typer.Option(help="Folder with the unpacked archives; else they are resolved as assets.")
]
Compiled = Annotated[bool, typer.Option(help="Compile (needs a C++ compiler; several times faster).")]
Seed = Annotated[int, typer.Option(help="Of views, held-out part, weights and order.")]


def _folders(root: Path | None) -> dict[str, Path]:
    return {name: root / name if root else assets.folder(name) for name in SOURCES}


def _view_recipe(folder: Path) -> ViewRecipe:
    made = json.loads((folder / "views" / "recipe.json").read_text())
    del made["count"]
    return ViewRecipe(**made | {"composed": tuple(made["composed"])})


def _teacher() -> backbone.Backbone:
    return backbone.load("googlenet_bvlc")


@app.command()
def label(
    folder: Folder, photographs_in: Photographs = None, views: int = 6, compiled: Compiled = True, seed: Seed = 0
) -> None:
    """Draw views and write down the teacher's answers."""
    paths, net = photographs(_folders(photographs_in)), _teacher()
    store = ViewStore(folder / "views", len(paths), ViewRecipe(views=views, seed=seed))
    partners = np.flatnonzero(~held_out(len(paths), share=HELD_OUT, seed=seed))
    store.fill(paths, teacher(net.module, mean=net.preprocess.mean, compiled=compiled), partners=partners)
    say(f"{store.done:,} views of {len(paths):,} photographs")


@app.command("distil")
def distil_(
    folder: Folder,
    photographs_in: Photographs = None,
    minutes: float = 45.0,
    textures: Annotated[int, typer.Option(help="How often a photograph of a texture counts.")] = 1,
    street: Annotated[int, typer.Option(help="How often a street photograph counts.")] = 1,
    compiled: Compiled = True,
    seed: Seed = 0,
) -> None:
    """Train the student; its weights are written at every checkpoint."""
    paths = photographs(_folders(photographs_in))
    count, held = len(paths), held_out(len(paths), share=HELD_OUT, seed=seed)
    store = ViewStore(folder / "views", count, _view_recipe(folder))
    times = {"clothing-textures-sample": textures, "clothing-co-parsing-sample": street}
    rows = emphasised(paths, times)
    rows = rows[~held[rows]]
    recipe = Recipe(minutes=minutes, seed=seed)

    def export(weights: dict[str, torch.Tensor], trainer: StudentTrainer) -> None:
        with assets.write_whole(folder / "caffenet-mini.safetensors") as path:
            save_file(weights, path)
        record = {
            "recipe": asdict(recipe),
            "views": asdict(store.recipe),
            "photographs": count,
            "learned_from": int((~held).sum()),
            "shown_more_often": times,
            "views_labelled": store.done,
            "steps": trainer.step,
            "seconds": round(trainer.seconds),
            "machine": f"{os.cpu_count()} shared cores ({torch.backends.cpu.get_cpu_capability()})",
            "torch": torch.__version__,
        }
        with assets.write_whole(folder / "training.json") as path:
            path.write_text(json.dumps(record, indent=1))
        say(f"{time.strftime('%H:%M:%S')} step {trainer.step}, {trainer.progress:.0%}")

    distil(store, rows, recipe, folder / "run", export=export, compiled=compiled)


@app.command()
def report(
    folder: Folder,
    photographs_in: Photographs = None,
    note: Annotated[str, typer.Option(help="What else happened in the training, for the card.")] = "",
    seed: Seed = 0,
) -> None:
    """Measure the student beside a random network and the teacher; write caffenet-mini.json and .md."""
    folders = _folders(photographs_in)
    paths = photographs(folders)
    shown = EvaluationSet(paths, held_out(len(paths), share=HELD_OUT, seed=seed), folders, folder / "responses")
    nets = {
        "caffenet-mini": backbone.load("caffenet-mini", weights=folder / "caffenet-mini.safetensors"),
        "random weights": backbone.load("caffenet-mini", weights="random", seed=seed),
        "teacher": _teacher(),
    }
    store = ViewStore(folder / "views", len(paths), _view_recipe(folder))
    results = measured(shown, nets, store.features[0])
    training = json.loads((folder / "training.json").read_text()) | {"note": note}
    write_card(results | {"training": training}, nets["caffenet-mini"], folder)
    say(f"wrote {folder / 'caffenet-mini.json'} and .md")


if __name__ == "__main__":
    app()
