"""Models for small machines."""

import threading
from collections.abc import Callable

import numpy

try:
    from ai_edge_litert.interpreter import Interpreter
except ImportError:
    from tensorflow.lite.python.interpreter import Interpreter


def open_tflite(path: str) -> Callable[[numpy.ndarray], numpy.ndarray]:
    """Open a `.tflite` file with one input and one output, of float32 or quantised."""
    interpreter = Interpreter(model_path=path)
    interpreter.allocate_tensors()
    (source,), (target,) = interpreter.get_input_details(), interpreter.get_output_details()
    lock = threading.Lock()

    def predict(batch: numpy.ndarray) -> numpy.ndarray:
        with lock:
            interpreter.set_tensor(source["index"], _quantise(batch, source))
            interpreter.invoke()
            return _restore(interpreter.get_tensor(target["index"]), target)

    return predict


def _quantise(values: numpy.ndarray, tensor: dict) -> numpy.ndarray:
    scale, zero = tensor["quantization"]
    if not scale:
        return values.astype(tensor["dtype"])
    bounds = numpy.iinfo(tensor["dtype"])
    return numpy.clip(numpy.rint(values / scale) + zero, bounds.min, bounds.max).astype(tensor["dtype"])


def _restore(values: numpy.ndarray, tensor: dict) -> numpy.ndarray:
    scale, zero = tensor["quantization"]
    return (values.astype(numpy.float32) - zero) * scale if scale else values
