"""Classifies pictures with a model of TensorFlow in any of its three forms."""

from collections.abc import Callable

import numpy
from handler_common.create_handler import Classify
from handler_common.decode_image import decode_image
from handler_common.fit_image import fit_image
from handler_common.load_model import LoadedModel
from handler_common.model_spec import InputSpec
from handler_common.rank import rank, softmax
from PIL import Image

# Takes a batch of one, float32 by row, column and channel; gives a batch of scores.
Predict = Callable[[numpy.ndarray], numpy.ndarray]


def open_classifier(model: LoadedModel) -> Classify:
    """Open a `.keras` file, a `.tflite` file, or the folder of a SavedModel."""
    spec = model.spec
    predict = _open(model.path)

    def classify(data: bytes) -> dict:
        image = fit_image(decode_image(data), spec.input)
        scores = predict(to_batch(image, spec.input))[0].astype(float).tolist()
        return rank(softmax(scores) if spec.softmax else scores, model.labels)

    return classify


def _open(path: str) -> Predict:
    # Each is imported by itself: a `.tflite` file needs no TensorFlow, and a SavedModel no Keras.
    if path.endswith(".keras"):
        from keras_model import open_keras

        return open_keras(path)
    if path.endswith(".tflite"):
        from tflite_model import open_tflite

        return open_tflite(path)
    from saved_model import open_saved_model

    return open_saved_model(path)


def to_batch(image: Image.Image, spec: InputSpec) -> numpy.ndarray:
    """Scale and normalise an RGB picture to a batch of one."""
    rgb = numpy.asarray(image, numpy.float32)
    return ((rgb * spec.scale - spec.mean) / spec.std).astype(numpy.float32)[None]
