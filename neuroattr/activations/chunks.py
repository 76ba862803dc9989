"""The values of a run of pictures: what a recording is made of."""

from collections.abc import Iterator
from itertools import islice

import numpy as np

from neuroattr.activations import passes
from neuroattr.activations.settings import Settings


def chunk_values(
    net, pictures: Iterator, ids: list[str], settings: Settings, done
) -> tuple[np.ndarray, dict[str, str]]:
    """Responses to the next `ids` of some pictures, N x U float32, and why some of them could not be read.

    Parameters
    ----------
    net
        A `backbone.Backbone`, placed by `passes.placed`.
    pictures
        What `passes.prepared_picture` gave for them, in their order.
    done
        Called with the number of pictures after each batch.

    Returns
    -------
    values, skipped
        Rows of NaN stand for the pictures that could not be read.
    """
    values = np.full((len(ids), sum(net.widths[layer] for layer in settings.layers)), np.nan, dtype=np.float32)
    skipped = {}
    for start in range(0, len(ids), settings.batch):
        names = ids[start : start + settings.batch]
        batch = list(islice(pictures, len(names)))
        good = [position for position, picture in enumerate(batch) if not isinstance(picture, str)]
        skipped |= {names[position]: picture for position, picture in enumerate(batch) if isinstance(picture, str)}
        if good:
            rows = start + np.array(good)
            readable = [batch[position] for position in good]
            values[rows] = passes.pooled(net, readable, settings.layers, settings.device, settings.pooling)
        done(len(names))
    return values, skipped
