"""Sees to it that a model is on disk."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from .download import OpenUrl, read_verified, save_verified
from .model_source import ModelFolder, ModelSource, RemoteModel
from .model_spec import ModelSpec, parse_model_spec
from .open_url import open_url

MAX_SPEC_BYTES = 1024 * 1024

# Of one file; /tmp of Lambda has 10 GiB at most.
MAX_FILE_BYTES = 10 * 1024**3


@dataclass(frozen=True)
class LoadedModel:
    """`path` is that of the file, or the folder, that model.json names."""

    spec: ModelSpec
    path: str
    labels: Sequence[str]


def load_model(source: ModelSource, download_dir: str, open_source: OpenUrl = open_url) -> LoadedModel:
    """Read model.json, and download its files to `download_dir` where the model is remote; all are verified."""
    if isinstance(source, ModelFolder):
        with open(os.path.join(source.path, "model.json"), encoding="utf-8") as file:
            return _describe(parse_model_spec(file.read()), source.path)
    spec_bytes = read_verified(
        open_source(f"{source.base}model.json"), source.sha256, MAX_SPEC_BYTES, "model.json"
    )
    spec = parse_model_spec(spec_bytes.decode("utf-8"))
    return _describe(spec, _download(spec, source, download_dir, open_source))


def _download(spec: ModelSpec, source: RemoteModel, download_dir: str, open_source: OpenUrl) -> str:
    _check_files(spec)
    folder = os.path.join(download_dir, "model")
    for name, sha256 in spec.files.items():
        path = os.path.join(folder, *name.split("/"))
        save_verified(lambda name=name: open_source(source.base + name), path, sha256, MAX_FILE_BYTES)
    return folder


def _check_files(spec: ModelSpec) -> None:
    """Everything that is read has to be listed, or it would not be downloaded."""
    read = [spec.file] if isinstance(spec.labels, list) else [spec.file, str(spec.labels)]
    for name in read:
        if not any(file == name or file.startswith(f"{name}/") for file in spec.files):
            raise ValueError(
                f'model.json: a model that is downloaded needs "{name}" and its sha256 in "files".'
            )


def _describe(spec: ModelSpec, folder: str) -> LoadedModel:
    labels = spec.labels
    if isinstance(labels, str):
        with open(os.path.join(folder, labels), encoding="utf-8") as file:
            labels = [line.strip() for line in file.read().splitlines() if line.strip()]
    return LoadedModel(spec, os.path.join(folder, *spec.file.split("/")), labels)
