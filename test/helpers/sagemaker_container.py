"""Runs the code of a model archive as SageMaker's containers do, without their servers.

`python sagemaker_container.py pytorch|tensorflow <unpacked archive> [<address of the model server>]` reads a JSON list of requests on
stdin, `{"contentType", "accept", "body"}` with base64 in `body`, and writes the list of answers, `{"status", "contentType", "body"}`.

PyTorch: as sagemaker_inference.transformer.Transformer 1.10.1, which the PyTorch container calls for each request; it looks for code in
`code/` only, gives JSON and CSV as text, and counts parameters. TensorFlow: as python_service.py of the serving container: `handler`
wins over the pair, `code/lib` is in the path, what is raised becomes a 500.
"""

import base64
import importlib
import importlib.util
import inspect
import io
import json
import os
import sys
import traceback
import urllib.error
import urllib.request
from collections import namedtuple

UTF8_TYPES = ("application/json", "text/csv")

Context = namedtuple(
    "Context",
    "model_name, model_version, method, rest_uri, grpc_port, channel, custom_attributes, request_content_type, "
    "accept_header, content_length",
)
Response = namedtuple("Response", "status_code, content, text")


def open_pytorch(root):
    """Find the functions of the script and load the model, once."""
    sys.path.insert(0, os.path.join(root, "code"))
    script = importlib.import_module("inference")
    steps = {name: getattr(script, f"{name}_fn") for name in ("model", "input", "predict", "output")}
    model = call(steps["model"], root)

    def answer(body, content_type, accept):
        data = body.decode("utf-8") if content_type in UTF8_TYPES else body
        try:
            prediction = call(steps["predict"], call(steps["input"], data, content_type), model)
            result = call(steps["output"], prediction, accept)
        except Exception as error:
            traceback.print_exc()
            return getattr(error, "status_code", 500), "text/plain", str(error)
        return (200, result[1], result[0]) if isinstance(result, tuple) else (200, accept, result)

    return answer


def call(function, *args):
    """A function may take the context besides."""
    count = len(inspect.signature(function).parameters)
    if count not in (len(args), len(args) + 1):
        raise TypeError(f"{function.__name__} takes {count} arguments but {len(args)} were given.")
    return function(*args, *([None] * (count - len(args))))


def open_tensorflow(root, uri):
    """Import the script by its path; its folder and `lib` are in the path of the server."""
    lib = os.path.join(root, "code", "lib")
    sys.path[:0] = [lib, os.path.join(root, "code")] if os.path.isdir(lib) else [os.path.join(root, "code")]
    spec = importlib.util.spec_from_file_location("inference", os.path.join(root, "code", "inference.py"))
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    handler = getattr(script, "handler", None)
    if handler is None and not (hasattr(script, "input_handler") and hasattr(script, "output_handler")):
        raise NotImplementedError("Handlers are not implemented correctly in user script.")

    def answer(body, content_type, accept):
        context = Context(None, None, None, uri, "9000", None, None, content_type, accept, len(body))
        try:
            if handler is not None:
                result, kind = handler(io.BytesIO(body), context)
            else:
                asked = script.input_handler(io.BytesIO(body), context)
                result, kind = script.output_handler(post(uri, asked), context)
        except Exception as error:
            traceback.print_exc()
            return 500, "application/json", json.dumps({"error": str(error)})
        return 200, kind, result

    return answer


def post(uri, data):
    """As `requests.post`, as far as scripts look at what it gives."""
    body = data.encode("utf-8") if isinstance(data, str) else data
    try:
        with urllib.request.urlopen(urllib.request.Request(uri, body, method="POST")) as answer:
            content = answer.read()
            return Response(answer.status, content, content.decode("utf-8", "replace"))
    except urllib.error.HTTPError as error:
        content = error.read()
        return Response(error.code, content, content.decode("utf-8", "replace"))


def main():
    """Answer all requests with one container."""
    framework, root, *uri = sys.argv[1:]
    # What the script prints is no answer.
    out, sys.stdout = sys.stdout, sys.stderr
    answer = open_pytorch(root) if framework == "pytorch" else open_tensorflow(root, uri[0])
    answers = []
    for request in json.load(sys.stdin):
        status, kind, body = answer(base64.b64decode(request["body"]), request["contentType"], request["accept"])
        data = body.encode("utf-8") if isinstance(body, str) else bytes(body)
        answers.append({"status": status, "contentType": kind, "body": base64.b64encode(data).decode("ascii")})
    json.dump(answers, out)


main()
