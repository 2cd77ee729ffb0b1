"""Answers in the form that REST APIs, HTTP APIs and function URLs all take; REST refuses any other key."""

import json

from .read_http_input import METHODS
from .refusal import Refusal


def answer_json(status: int, value: object) -> dict:
    """Answer with JSON. CORS headers are the gateway's business."""
    return _answer(status, {"content-type": "application/json"}, json.dumps(value, separators=(",", ":")))


def answer_options() -> dict:
    """Answer OPTIONS where no gateway does."""
    return _answer(204, {"allow": METHODS}, "")


def answer_refusal(refusal: Refusal) -> dict:
    """Answer `{"error":{"code","message"}}` to what the caller can mend."""
    answer = _answer_error(refusal.status, refusal.code, str(refusal))
    if refusal.code == "METHOD_NOT_ALLOWED":
        answer["headers"]["allow"] = METHODS
    return answer


def answer_fault() -> dict:
    """Answer 500; what is not the caller's fault stays in the log."""
    return _answer_error(500, "INTERNAL", "The function failed; its log says why.")


def _answer_error(status: int, code: str, message: str) -> dict:
    return answer_json(status, {"error": {"code": code, "message": message}})


def _answer(status: int, headers: dict[str, str], body: str) -> dict:
    return {"statusCode": status, "headers": headers, "body": body, "isBase64Encoded": False}
