"""Models in the folder form of TensorFlow."""

from collections.abc import Callable

import numpy
import tensorflow as tf

_SIGNATURE = "serving_default"


def open_saved_model(path: str) -> Callable[[numpy.ndarray], numpy.ndarray]:
    """Open a SavedModel by its serving signature, which has one input and one output."""
    model = tf.saved_model.load(path)
    if _SIGNATURE not in model.signatures:
        raise ValueError(f"{path} has no signature {_SIGNATURE}.")
    signature = model.signatures[_SIGNATURE]
    inputs, outputs = list(signature.structured_input_signature[1]), list(signature.structured_outputs)
    if len(inputs) != 1 or len(outputs) != 1:
        raise ValueError(
            f"{path} has {len(inputs)} inputs and {len(outputs)} outputs; it should have one of each."
        )

    # The model is kept with the function: a signature does not keep its weights alive.
    def predict(batch: numpy.ndarray, _keep: object = model) -> numpy.ndarray:
        return signature(**{inputs[0]: tf.constant(batch)})[outputs[0]].numpy()

    return predict
