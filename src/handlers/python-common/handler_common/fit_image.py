"""Brings a picture to the model's size."""

from PIL import Image

from .model_spec import Contain, InputSpec

# Triangle filter over all source pixels, as models are trained with.
_FILTER = Image.Resampling.BILINEAR


def fit_image(image: Image.Image, spec: InputSpec) -> Image.Image:
    """Give an RGB picture of the model's size."""
    if isinstance(spec.resize, Contain):
        return contain(image, spec.width, spec.height)
    # Cropping first is the same picture, and a ribbon of a picture is never blown up.
    box = _centre(image, spec.width, spec.height, spec.resize.shortest_side)
    return image.crop(box).resize((spec.width, spec.height), _FILTER)


def contain(image: Image.Image, width: int, height: int) -> Image.Image:
    """Put all of an RGB picture into the middle of its border's colour."""
    share = min(width / image.width, height / image.height)
    size = (max(1, round(image.width * share)), max(1, round(image.height * share)))
    small = image.resize(size, _FILTER)
    ground = Image.new("RGB", (width, height), border_colour(small))
    ground.paste(small, ((width - size[0]) // 2, (height - size[1]) // 2))
    return ground


def border_colour(image: Image.Image) -> tuple[int, int, int]:
    """The median of each channel along the edge: a thing that touches the edge somewhere does not tint it."""
    width, height = image.size
    edges = [(0, 0, width, 1)]
    if height > 1:
        edges.append((0, height - 1, width, height))
    if height > 2:
        edges.append((0, 1, 1, height - 1))
        if width > 1:
            edges.append((width - 1, 1, width, height - 1))
    data = b"".join(image.crop(edge).tobytes() for edge in edges)
    red, green, blue = (sorted(data[channel::3])[len(data) // 6] for channel in range(3))
    return red, green, blue


def _centre(image: Image.Image, width: int, height: int, side: int | None) -> tuple[int, int, int, int]:
    """The box in the middle that becomes the model's picture."""
    if side is None:
        share = min(image.width / width, image.height / height)
    else:
        share = min(image.size) / side
    box_width = max(1, round(width * share))
    box_height = max(1, round(height * share))
    left = (image.width - box_width) // 2
    top = (image.height - box_height) // 2
    return left, top, left + box_width, top + box_height
