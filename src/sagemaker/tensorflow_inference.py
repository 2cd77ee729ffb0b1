"""Stands before and behind TensorFlow Serving in SageMaker's TensorFlow container.

The container calls `input_handler` with each request, sends what it gives to TensorFlow Serving, and calls `output_handler` with the
answer. What both do is a function's own: the file that `lambda_slim.json` names has `to_instances(body, content_type)`, which makes
the list of inputs of a request, and `to_answer(predictions)`, which makes what is answered of the list of outputs.
"""

import importlib
import json
import os
import sys

CODE = os.path.dirname(os.path.abspath(__file__))
LIB = os.path.join(CODE, "lib")
if LIB not in sys.path:
    sys.path.insert(0, LIB)

with open(os.path.join(CODE, "lambda_slim.json"), encoding="utf-8") as file:
    _serving = importlib.import_module(json.load(file)["module"])


def input_handler(data, context):
    """Give TensorFlow Serving's request."""
    instances = _serving.to_instances(data.read(), context.request_content_type)
    return json.dumps({"instances": instances})


def output_handler(response, context):
    """Give the answer and its content type; what TensorFlow Serving refuses is raised with its own words."""
    answer = response.content
    if response.status_code != 200:
        raise ValueError(answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer)
    return json.dumps(_serving.to_answer(json.loads(answer)["predictions"])), "application/json"
