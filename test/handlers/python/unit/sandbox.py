"""Starts a function as a fresh sandbox would."""

import base64
import contextlib
import importlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from unittest import mock

from support import ROOT, read_sample

Ask = Callable[[object], dict]


@contextlib.contextmanager
def start(**env: str) -> Iterator[Ask]:
    """Import the function's `app` anew, with settings and a temporary folder of its own; gives its handler."""
    with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, {"TMPDIR": folder, **env}):
        tempfile.tempdir = None
        sys.modules.pop("app", None)
        try:
            app = importlib.import_module("app")
            yield lambda event: app.handler(event, None)
        finally:
            sys.modules.pop("app", None)
            tempfile.tempdir = None


@contextlib.contextmanager
def changed_model(handler: str, **change: object) -> Iterator[str]:
    """The packaged model of a handler in a folder of its own, with a changed model.json."""
    with tempfile.TemporaryDirectory() as parent:
        folder = os.path.join(parent, "model")
        shutil.copytree(os.path.join(ROOT, "src/handlers", handler, "model"), folder)
        change_spec(folder, **change)
        yield folder


def change_spec(folder: str, **change: object) -> None:
    """Write other values into model.json; None takes a key out."""
    path = os.path.join(folder, "model.json")
    with open(path, encoding="utf-8") as file:
        spec = {**json.load(file), **change}
    with open(path, "w", encoding="utf-8") as file:
        json.dump({key: value for key, value in spec.items() if value is not None}, file)


def event_of(image: bytes) -> dict:
    """A plain invocation with a picture."""
    return {"image": base64.b64encode(image).decode()}


def differences_from_samples(ask: Ask) -> list[str]:
    """What a function with the fashion model says of the sample pictures otherwise than it should."""
    with open(os.path.join(ROOT, "src/handlers/resnet/samples/expected.json"), encoding="utf-8") as file:
        expected = json.load(file)
    found = []
    for path, predictions in expected.items():
        answer = ask(event_of(read_sample(os.path.basename(path))))["predictions"]
        for wanted, given in zip(predictions, answer, strict=True):
            is_near = abs(wanted["probability"] - given["probability"]) <= 0.002
            if wanted["label"] != given["label"] or not is_near:
                found.append(f"{path}: {wanted}, found {given}")
    return found
