"""A network, its words and the mean picture together: give it a picture, and it says where a word is."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import xarray as xr
from PIL import Image
from tqdm import tqdm

from neuroattr import saliency
from neuroattr.backbone import Backbone, identity
from neuroattr.corpus import Corpus
from neuroattr.occlusion.pictures import picture
from neuroattr.occlusion.responses import Responses, responses
from neuroattr.provenance import Kind, kept_arrays, key
from neuroattr.saliency import Occlusion

Units = Sequence[int] | npt.NDArray[np.int_]
"""Positions of units among those of a network."""
KIND = Kind("occlusion", (responses, picture))


@dataclass(frozen=True, eq=False)
class Localiser:
    """Where words are in pictures, by the units that diverge for them (*Discovery*, section 6).

    Parameters
    ----------
    divergence : ``divergence[word, unit]`` of all its units, in their order.
    mean : the mean picture of the data set, 3 x S x S, from `occlusion.mean_picture`; pictures are warped to S x S, and
        resized to what the network takes after they are occluded.
    occlusion : sizes, stride, smoothing and inversion, in pixels of S x S.
    count : units of each word that are looked at: the largest K.
    method, batch, precision : as `occlusion.responses` takes them.

    Raises
    ------
    ValueError : a divergence of other units.
    """

    net: Backbone
    divergence: xr.DataArray = field(repr=False)
    mean: torch.Tensor = field(repr=False)
    occlusion: Occlusion
    count: int
    method: str = "plain"
    batch: int = 64
    precision: str = "float32"

    def __post_init__(self) -> None:
        n_units = self.divergence.sizes["unit"]
        if n_units != len(self.net.units):
            raise ValueError(f"divergence must be of the {len(self.net.units)} units of {self.net.name}; got {n_units}")

    @property
    def side(self) -> int:
        """Of the pictures that the occluder slides over, pixels."""
        return int(self.mean.shape[1])

    def units(self, word: str) -> npt.NDArray[np.int_]:
        """Positions of the word's most divergent units, largest first: int [count]."""
        scores = self.divergence.sel(word=word).to_numpy()
        return np.argsort(-scores, kind="stable")[: self.count]

    def asked(self, words: Iterable[str], *, besides: Units = ()) -> npt.NDArray[np.int_]:
        """Units of all the words and some others, each once, ascending: what one pass over a picture reads."""
        return np.unique(np.concatenate([*(self.units(word) for word in words), np.asarray(besides, np.int64)]))

    def responses(self, image: Image.Image, units: Units, *, progress: bool = False) -> Responses:
        """Responses of units to a picture with an occluder at every place."""
        shown = picture(self.net, image, side=self.side)
        return responses(
            self.net,
            shown,
            self.mean,
            self.net.units.iloc[units],
            self.occlusion,
            method=self.method,
            batch=self.batch,
            precision=self.precision,
            progress=progress,
        )

    def unit_maps(self, answers: Responses) -> npt.NDArray[np.float32]:
        """Normalised response map of each unit that was asked, float32 [U, S, S]."""
        return saliency.unit_maps(answers.maps, self.occlusion, side=self.side, clean=answers.clean)

    def saliency(
        self, maps: npt.NDArray[np.float32], units: npt.NDArray[np.int_], word: str, *, counts: Sequence[int]
    ) -> npt.NDArray[np.floating]:
        """Saliency maps of a word for every K, [K, S, S], from the maps of `units` (ascending)."""
        own = self.units(word)
        scores = self.divergence.sel(word=word).to_numpy()[own]
        return saliency.saliency_maps(maps[np.searchsorted(units, own)], scores, counts=counts)

    def located(self, image: Image.Image, words: Sequence[str], *, counts: Sequence[int]) -> xr.DataArray:
        """Saliency maps of words in any picture, ``saliency[word, K, row, column]``: one pass for all of them."""
        units = self.asked(words)
        maps = self.unit_maps(self.responses(image, units))
        found = [self.saliency(maps, units, word, counts=counts) for word in words]
        coords = {"word": list(words), "K": list(counts)}
        return xr.DataArray(np.stack(found), dims=("word", "K", "row", "column"), coords=coords, name="saliency")

    def strides(self, image: Image.Image, word: str, *, times: Sequence[int], count: int) -> xr.DataArray:
        """Saliency of a word with longer and longer steps, ``saliency[stride, row, column]``, from the finest ones.

        Parameters
        ----------
        times : multiples of the occlusion's stride: a coarse grid is part of the fine one, which is computed once.
        """
        units = np.sort(self.units(word))
        answers = self.responses(image, units)
        found = []
        for each in times:
            coarse = self.with_stride(each * self.occlusion.stride)
            found.append(coarse.saliency(coarse.unit_maps(answers.thinned(each)), units, word, counts=[count])[0])
        coords = {"stride": [each * self.occlusion.stride for each in times]}
        return xr.DataArray(np.stack(found), dims=("stride", "row", "column"), coords=coords, name="saliency")

    def recorded(self, corpus: Corpus, asked: Mapping[str, Units], *, progress: bool = True) -> Iterator[Responses]:
        """Responses to some pictures of a corpus, one at a time in the order of `asked`, kept on disk.

        Parameters
        ----------
        asked : units to read, by the picture's id.

        Notes
        -----
        Each picture is a file in the cache under a key of network, code, mean picture, occluders, picture and units;
        a process that is killed loses one picture.
        """
        record = self._record()
        folder = KIND.kept(record).path
        for id, wanted in tqdm(asked.items(), desc=f"occlusion, {self.net.name}", disable=None if progress else True):
            units = np.asarray(wanted, np.int64)
            file = folder / f"{key({'picture': corpus.source.digest(id), 'units': units.tolist()})}.npz"

            def make(id: str = id, units: npt.NDArray[np.int64] = units) -> dict[str, npt.NDArray[Any]]:
                answers = self.responses(corpus.image(id), units)
                return {"clean": answers.clean, **{f"maps_{size}": each for size, each in answers.maps.items()}}

            kept = kept_arrays(file, make, record=record)
            maps = {size: kept[f"maps_{size}"] for size in self.occlusion.sizes}
            yield Responses(self.net.units.iloc[units], kept["clean"], maps, self.side)

    def _record(self) -> dict[str, Any]:
        """Everything that decides responses but the picture and the units."""
        return KIND.record(
            *identity.actors(self.net),
            Occlusion,
            network=identity.facts(self.net),
            mean=self.mean.numpy(),
            occluders={"sizes": list(self.occlusion.sizes), "stride": self.occlusion.stride},
            way=[self.method, self.precision],
        )

    def with_stride(self, stride: int) -> Localiser:
        """The same with another step of the occluders, pixels of S x S."""
        return dataclasses.replace(self, occlusion=dataclasses.replace(self.occlusion, stride=stride))

    def with_reading(self, **changes: Any) -> Localiser:
        """The same with another ``inversion`` or ``sigma`` of the occlusion: what is on disk serves it too."""
        return dataclasses.replace(self, occlusion=dataclasses.replace(self.occlusion, **changes))

    def with_method(self, method: str) -> Localiser:
        """The same computed another way, a key of `occlusion.METHODS`."""
        return dataclasses.replace(self, method=method)
