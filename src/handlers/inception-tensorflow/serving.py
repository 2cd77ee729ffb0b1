"""What is before and behind TensorFlow Serving in a container of SageMaker's; the model itself runs there."""

import json
import os

from handler_common.create_handler import MAX_IMAGE_BYTES
from handler_common.decode_image import decode_image
from handler_common.fit_image import fit_image
from handler_common.image_input import ImageBytes, parse_image_input
from handler_common.load_model import load_model
from handler_common.model_source import ModelFolder
from handler_common.rank import rank, softmax
from handler_common.refusal import refuse

from tensorflow_classifier import to_batch

# The files beside the model: model.json and the labels. The SavedModel itself is not here.
_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "model")
_MODEL = load_model(ModelFolder(_FOLDER), _FOLDER)


def to_instances(body: bytes, content_type: str) -> list:
    """Make the model's input of a picture, or of JSON `{"image": "<base64>"}`. URLs are not fetched here."""
    image = fit_image(decode_image(_read_image(body, content_type)), _MODEL.spec.input)
    return to_batch(image, _MODEL.spec.input).tolist()


def to_answer(predictions: list) -> dict:
    """Name the best three labels, as the Lambda function does."""
    scores = predictions[0]
    return rank(softmax(scores) if _MODEL.spec.softmax else scores, _MODEL.labels)


def _read_image(body: bytes, content_type: str) -> bytes:
    if "json" not in content_type and not body.startswith(b"{"):
        return body
    source = parse_image_input(json.loads(body))
    if isinstance(source, ImageBytes) and len(source.data) <= MAX_IMAGE_BYTES:
        return source.data
    raise refuse("NO_INPUT", 'Give a picture as its bytes, or as JSON {"image": "<base64>"}.')
