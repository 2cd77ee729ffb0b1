"""Where the picture of a request is."""

import base64
import binascii
import re
from dataclasses import dataclass

from .refusal import refuse

_DATA_URL = re.compile(r"\Adata:[^,]{0,100};base64,")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}\Z")
_URL_SAFE = str.maketrans("-_", "+/")


@dataclass(frozen=True)
class ImageBytes:
    """A picture that came with the request."""

    data: bytes


@dataclass(frozen=True)
class ImageUrl:
    """A picture that has to be fetched."""

    url: str


ImageInput = ImageBytes | ImageUrl


def parse_image_input(value: object) -> ImageInput:
    """Read `{"image": "<base64>"}` or `{"url": "…"}`. A data URL is taken as well as bare base64."""
    fields = value if isinstance(value, dict) else {}
    if "image" in fields and "url" in fields:
        raise refuse("TWO_INPUTS", 'Give either "image" or "url", not both.')
    image, url = fields.get("image"), fields.get("url")
    if isinstance(image, str):
        return ImageBytes(_decode_base64(image))
    if isinstance(url, str):
        return ImageUrl(url)
    raise refuse(
        "NO_INPUT", 'Give a picture as {"image": "<base64>"} or {"url": "https://…"}; both are strings.'
    )


def _decode_base64(text: str) -> bytes:
    """Both alphabets of RFC 4648 are fine, and so are line breaks and a missing end."""
    digits = "".join(_DATA_URL.sub("", text).split()).translate(_URL_SAFE)
    if not _BASE64.match(digits):
        raise refuse("BAD_BASE64", '"image" is not base64.')
    bare = digits.rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4))
    except binascii.Error as error:
        raise refuse("BAD_BASE64", '"image" is not base64.') from error
