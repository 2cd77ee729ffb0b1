"""What model.json says."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .model_source import is_sha256

MAX_SIDE = 4096

_CONTAIN = "contain onto a square of the border colour"
_CROP = re.compile(r"shortest side (\d{1,5}) then centre crop")

Rgb = tuple[float, float, float]


@dataclass(frozen=True)
class Contain:
    """All of the picture, in the middle of its border's colour."""


@dataclass(frozen=True)
class Crop:
    """The middle of the picture: as much as fits, or what is left once its shorter side is that many pixels."""

    shortest_side: int | None


@dataclass(frozen=True)
class InputSpec:
    """How a picture of any shape becomes what the model takes: `(byte × scale − mean) / std`, by channel, RGB."""

    height: int
    width: int
    resize: Contain | Crop
    scale: float
    mean: Rgb
    std: Rgb


@dataclass(frozen=True)
class ModelSpec:
    """`file` is beside model.json; `files` has the sha256 of each file that a download needs."""

    file: str
    files: Mapping[str, str]
    input: InputSpec
    softmax: bool
    # One a score; or the name of a text file with one a line.
    labels: Sequence[str] | str
    # Of the network, for a file that holds its weights only.
    architecture: str | None


def parse_model_spec(text: str) -> ModelSpec:
    """Parse model.json. Raises ValueError, which names the key, what is expected there and what was found."""
    model = _parse_json(text)
    output = model.get("output", {})
    _expect(isinstance(output, dict), "output", "an object", output)
    apply = output.get("apply", "none")
    _expect(apply in ("softmax", "none"), "output.apply", '"softmax" or "none"', apply)
    file, files, labels = model.get("file"), model.get("files", {}), model.get("labels")
    architecture = model.get("architecture")
    _expect(_is_path(file), "file", "the name of a file or folder beside model.json", file)
    _expect(_is_files(files), "files", "sha256 by file name, in lower-case hex", files)
    _expect(_is_labels(labels), "labels", "a list of strings or the name of a file", labels)
    _expect(architecture is None or _is_text(architecture), "architecture", "a string", architecture)
    return ModelSpec(
        file, files, parse_input_spec(model.get("input")), apply == "softmax", labels, architecture
    )


def parse_input_spec(spec: object) -> InputSpec:
    """Parse `input` of model.json."""
    _expect(isinstance(spec, dict), "input", "an object", spec)
    size, scale, mean, std = (spec.get(key) for key in ("size", "scale", "mean", "std"))
    _expect(_is_size(size), "input.size", f"[height, width] in pixels, at most {MAX_SIDE}", size)
    _expect(_is_number(scale) and scale > 0, "input.scale", "a number above 0", scale)
    _expect(_is_rgb(mean), "input.mean", "three numbers", mean)
    _expect(_is_rgb(std) and 0 not in std, "input.std", "three numbers, none 0", std)
    height, width = size
    return InputSpec(height, width, _parse_resize(spec.get("resize"), size), scale, tuple(mean), tuple(std))


def _parse_json(text: str) -> dict:
    try:
        model = json.loads(text)
    except ValueError as error:
        raise ValueError("model.json is not valid JSON.") from error
    _expect(isinstance(model, dict), "the whole", "an object", model)
    return model


def _parse_resize(resize: object, size: Sequence[int]) -> Contain | Crop:
    if resize == _CONTAIN:
        return Contain()
    if resize == "cover":
        return Crop(None)
    match = _CROP.fullmatch(resize) if isinstance(resize, str) else None
    side = int(match[1]) if match else 0
    expected = f'"{_CONTAIN}", "cover" or "shortest side <n> then centre crop" with n not below the size'
    _expect(side >= max(size), "input.resize", expected, resize)
    return Crop(side)


def _expect(holds: bool, key: str, expected: str, found: object) -> None:
    if not holds:
        raise ValueError(f"model.json: expected {expected} at {key}, found {json.dumps(found)[:100]}.")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _is_rgb(value: object) -> bool:
    return isinstance(value, list) and len(value) == 3 and all(map(_is_number, value))


def _is_size(value: object) -> bool:
    def is_side(side: object) -> bool:
        return isinstance(side, int) and not isinstance(side, bool) and 1 <= side <= MAX_SIDE

    return isinstance(value, list) and len(value) == 2 and all(map(is_side, value))


def _is_files(value: object) -> bool:
    return isinstance(value, dict) and all(_is_path(path) and is_sha256(sha) for path, sha in value.items())


def _is_labels(value: object) -> bool:
    return _is_path(value) or (isinstance(value, list) and value != [] and all(map(_is_text, value)))


def _is_path(value: object) -> bool:
    """A path that could lead out of the model's own folder is none."""
    return isinstance(value, str) and re.fullmatch(r"\w[\w.-]*(/\w[\w.-]*)*", value, re.ASCII) is not None
