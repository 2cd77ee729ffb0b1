"""Models that Keras saved as one file."""

from collections.abc import Callable

import keras
import numpy


def open_keras(path: str) -> Callable[[numpy.ndarray], numpy.ndarray]:
    """Open a `.keras` file. One that holds code, as a Lambda layer does, is refused."""
    model = keras.saving.load_model(path, compile=False, safe_mode=True)
    return lambda batch: numpy.asarray(model(batch, training=False))
