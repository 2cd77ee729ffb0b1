"""Lets SageMaker's PyTorch container call a Lambda function.

The container calls `model_fn` once, and for each request `input_fn`, `predict_fn` and `output_fn`. The function lies in `lib/`, with the
packages that the image does not have; `lambda_slim.json` says where its handler is, and how it wants to be called: `http` hands it an
event as an HTTP API does, `plain` the JSON of the request itself.
"""

import base64
import importlib
import json
import os
import sys
import time
import uuid

CODE = os.path.dirname(os.path.abspath(__file__))
# The container looks into code/ only. What is in lib/ goes before the image's own packages, as it was built to be used.
sys.path.insert(0, os.path.join(CODE, "lib"))

with open(os.path.join(CODE, "lambda_slim.json"), encoding="utf-8") as file:
    SETTINGS = json.load(file)

# Of one answer; SageMaker waits no longer.
SECONDS = 60


class Context:
    """What handlers ask of Lambda's context."""

    def __init__(self):
        self.function_name = os.environ.get("SAGEMAKER_ENDPOINT_NAME", "sagemaker")
        self.function_version = "$LATEST"
        self.invoked_function_arn = ""
        self.memory_limit_in_mb = ""
        self.aws_request_id = str(uuid.uuid4())
        self.log_group_name = self.log_stream_name = ""
        self.identity = self.client_context = None
        self._end = time.monotonic() + SECONDS

    def get_remaining_time_in_millis(self):
        return max(0, int((self._end - time.monotonic()) * 1000))


def model_fn(model_dir):
    """Import the function, which may load its model meanwhile; the model is what the archive has at its root."""
    if SETTINGS["modelDir"]:
        os.environ.setdefault("MODEL_DIR", model_dir)
    value = importlib.import_module(SETTINGS["module"])
    for name in SETTINGS["handler"].split("."):
        value = getattr(value, name)
    return value


def input_fn(body, content_type):
    """Make an event of a request. The container gives JSON and CSV as text, and all else as bytes."""
    data = body.encode("utf-8") if isinstance(body, str) else bytes(body)
    if SETTINGS["call"] == "plain":
        return _parse(data)
    headers = {"content-type": content_type or "application/json", "content-length": str(len(data))}
    http = {"method": "POST", "path": "/invocations", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": ""}
    return {
        "version": "2.0",
        "routeKey": "POST /invocations",
        "rawPath": "/invocations",
        "rawQueryString": "",
        "headers": headers,
        "requestContext": {"http": http, "requestId": str(uuid.uuid4()), "stage": "$default"},
        "body": base64.b64encode(data).decode("ascii"),
        "isBase64Encoded": True,
    }


def predict_fn(event, handler):
    """Call the handler."""
    return handler(event, Context())


def output_fn(answer, accept):
    """Give the body of the answer with its content type; an answer of 400 or more becomes an error with that status."""
    is_http = SETTINGS["call"] == "http" and isinstance(answer, dict) and "statusCode" in answer
    if not is_http:
        return json.dumps(answer), "application/json"
    body = answer.get("body") or ""
    data = base64.b64decode(body) if answer.get("isBase64Encoded") else body
    status = int(answer["statusCode"])
    if status >= 400:
        raise _error(status, data)
    headers = {name.lower(): value for name, value in (answer.get("headers") or {}).items()}
    return data, headers.get("content-type", "application/json")


def _parse(data):
    try:
        return json.loads(data or b"null")
    except ValueError as error:
        raise _error(400, f"The request is not JSON: {error}") from error


def _error(status, message):
    """The toolkit's own error tells the status to the caller; without the toolkit it is an ordinary one."""
    text = message.decode("utf-8", "replace") if isinstance(message, bytes) else message
    try:
        from sagemaker_inference.errors import BaseInferenceToolkitError
    except ImportError:
        return ValueError(f"{status}: {text}")
    return BaseInferenceToolkitError(status, text, text)
