"""From a picture to the numbers a network was trained on."""

from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image

IMAGENET_MEAN, IMAGENET_STD = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)  # RGB, of the 0..255 scale
CAFFE_MEAN = (104.0, 117.0, 123.0)  # BGR
LONGEST = 64  # times the shorter side: the network sees the middle square of what is left


@dataclass(frozen=True)
class Preprocess:
    """Resize, crop the centre, subtract the mean, divide by the spread.

    Parameters
    ----------
    resize : pixels; both sides if ``warp``, else the shorter side.
    crop : side of the central square that is kept, pixels.
    mean, std : one number for each channel, in ``order``, of the 0..255 scale.
    order : of the channels, "RGB" or "BGR".
    warp : give up the aspect ratio, as Caffe's tools do.
    interpolation : "bilinear" or "bicubic".
    """

    resize: int
    crop: int
    mean: tuple[float, float, float] = IMAGENET_MEAN
    std: tuple[float, float, float] = IMAGENET_STD
    order: str = "RGB"
    warp: bool = False
    interpolation: str = "bilinear"

    def __post_init__(self) -> None:
        if self.order not in ("RGB", "BGR"):
            raise ValueError(f"wanted the channels in order 'RGB' or 'BGR', got {self.order!r}")
        if self.crop > self.resize:
            raise ValueError(f"wanted a crop inside the resized picture, got crop={self.crop} of resize={self.resize}")

    def picture(self, image: Image.Image) -> Image.Image:
        """What the network looks at, as a picture: RGB, ``crop`` x ``crop`` pixels."""
        image = _middle(image.convert("RGB"))
        size = (self.resize, self.resize) if self.warp else _shorter_side(image.size, self.resize)
        image = image.resize(size, Image.Resampling[self.interpolation.upper()])
        left, top = (round((edge - self.crop) / 2) for edge in image.size)
        return image.crop((left, top, left + self.crop, top + self.crop))

    def __call__(self, image: Image.Image) -> torch.Tensor:
        """The picture as float32 3 x crop x crop."""
        pixels = np.asarray(self.picture(image), dtype=np.float32)
        if self.order == "BGR":
            pixels = pixels[..., ::-1]
        scaled = (pixels - np.array(self.mean, np.float32)) / np.array(self.std, np.float32)
        return torch.from_numpy(np.ascontiguousarray(scaled.transpose(2, 0, 1)))


def _middle(image: Image.Image) -> Image.Image:
    """The picture, cut to its middle where it is so thin that resizing it whole would fill the memory."""
    width, height = image.size
    longest = LONGEST * min(width, height)
    left, top = max(0, (width - longest) // 2), max(0, (height - longest) // 2)
    return image.crop((left, top, width - left, height - top)) if left or top else image


def _shorter_side(size: tuple[int, int], wanted: int) -> tuple[int, int]:
    """Width and height with the shorter side ``wanted`` and the aspect ratio kept, rounded as torchvision does."""
    width, height = size
    if width <= height:
        return wanted, int(wanted * height / width)
    return int(wanted * width / height), wanted
