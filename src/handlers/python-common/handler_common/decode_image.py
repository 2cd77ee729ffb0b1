"""Decodes strangers' pictures."""

import io
import struct
import warnings
from contextlib import suppress

# Each plugin tells Pillow of its format when it is imported; strangers' files reach only these.
from PIL import (
    GifImagePlugin,
    Image,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from .refusal import Refusal, refuse

with suppress(ImportError):  # Before Pillow 11.3
    from PIL import AvifImagePlugin

_FORMATS = [name for name in ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "AVIF") if name in Image.OPEN]

# 8,000 × 8,000; a small file can claim far more than fits into memory.
MAX_PIXELS = 64_000_000

# What Pillow and its codecs raise at files that are broken, or that only look like a picture.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, OverflowError, struct.error)


def decode_image(data: bytes) -> Image.Image:
    """Decode the first frame of a picture, upright, transparent parts white, as RGB. Raises a refusal."""
    try:
        with warnings.catch_warnings():
            # Strangers' files do not write into the log; the bound of size is below.
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=_FORMATS)
            if image.width * image.height > MAX_PIXELS:
                raise _too_large(image)
            image.load()
            return _on_white(_to_eight_bits(_upright(image)))
    except Image.DecompressionBombError as error:
        raise refuse("IMAGE_TOO_LARGE", f"A picture has at most {MAX_PIXELS} pixels.") from error
    except _BROKEN as error:
        message = "This is no picture that can be read: JPEG, PNG, WebP, GIF, TIFF or AVIF."
        raise refuse("NOT_AN_IMAGE", message) from error


def _too_large(image: Image.Image) -> Refusal:
    return refuse(
        "IMAGE_TOO_LARGE",
        f"A picture has at most {MAX_PIXELS} pixels; this is {image.width} × {image.height}.",
    )


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # Broken EXIF says nothing about the picture, and raises whatever it likes.
        return image


def _to_eight_bits(image: Image.Image) -> Image.Image:
    """Pillow cuts 16 bits of grey off at 255 instead of scaling them."""
    if not image.mode.startswith("I"):
        return image
    return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode not in ("RGBA", "LA", "PA", "RGBa", "La") and "transparency" not in image.info:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    ground = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(ground, layer).convert("RGB")
