"""The Lambda handler, but for the model."""

import logging
from collections.abc import Callable

from .fetch_image import fetch_image as fetch_public_image
from .http_answer import answer_fault, answer_json, answer_options, answer_refusal
from .http_event import is_http_event, parse_http_event
from .image_input import ImageInput, ImageUrl, parse_image_input
from .read_http_input import read_http_input
from .refusal import Refusal, refuse

# What a model says of the bytes of a picture's file; the answer becomes JSON.
Classify = Callable[[bytes], dict]

# Lambda's own bound on a request, in bytes; a picture cannot be larger and arrive.
MAX_IMAGE_BYTES = 6 * 1024 * 1024

_log = logging.getLogger(__name__)


def create_handler(
    load: Callable[[], Classify], fetch_image: Callable[[str], bytes] = fetch_public_image
) -> Callable[[object, object], dict]:
    """Make the Lambda handler of a model that `load` gives.

    HTTP events get an HTTP answer whatever happens. A plain invocation gets the model's answer or throws, since that
    is how callers of Invoke and Step Functions learn of a failure.
    """

    def predict(source: ImageInput) -> dict:
        image = _read_image(source, fetch_image)
        return load()(image)

    def answer_http(event: dict) -> dict:
        request = parse_http_event(event)
        if request.method == "OPTIONS":
            return answer_options()
        return answer_json(200, predict(read_http_input(request)))

    def handler(event: object, context: object) -> dict:
        if not is_http_event(event):
            return predict(parse_image_input(event))
        try:
            return answer_http(event)
        except Refusal as refusal:
            return answer_refusal(refusal)
        except Exception:
            _log.exception("The request could not be answered.")
            return answer_fault()

    return handler


def _read_image(source: ImageInput, fetch_image: Callable[[str], bytes]) -> bytes:
    if isinstance(source, ImageUrl):
        return fetch_image(source.url)
    if len(source.data) <= MAX_IMAGE_BYTES:
        return source.data
    raise refuse(
        "IMAGE_TOO_LARGE",
        f"A picture has at most {MAX_IMAGE_BYTES} bytes; this one has {len(source.data)}.",
    )
