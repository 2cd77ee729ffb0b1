"""Finds the picture in an HTTP request."""

import json
import re

from .http_event import HttpRequest
from .image_input import ImageBytes, ImageInput, ImageUrl, parse_image_input
from .multipart import parse_form
from .refusal import Refusal, refuse

METHODS = "GET, POST, OPTIONS"


def read_http_input(request: HttpRequest) -> ImageInput:
    """Take `?url=`, a JSON body, a form with a file, or the bytes themselves."""
    if request.method == "GET":
        return _read_query(request)
    if request.method != "POST":
        raise refuse("METHOD_NOT_ALLOWED", f"Use one of {METHODS}.")
    if not request.body:
        raise refuse("NO_INPUT", "The body is empty; POST a picture or JSON.")
    content_type = request.headers.get("content-type", "")
    # No picture starts with a brace, and `curl -d '{…}'` sends a form's content type.
    if re.search(r"\bjson\b", content_type, re.IGNORECASE) or request.body.startswith(b"{"):
        return parse_image_input(_parse_json(request.body))
    if not request.is_binary_safe:
        raise _mangled()
    if re.match(r"multipart/form-data\b", content_type, re.IGNORECASE):
        return _read_form(request.body, content_type)
    return ImageBytes(request.body)


def _read_query(request: HttpRequest) -> ImageInput:
    url = request.query.get("url")
    if not url:
        raise refuse("NO_INPUT", "Say which picture: GET ?url=https%3A%2F%2F…, or POST the picture.")
    return ImageUrl(url)


def _parse_json(body: bytes) -> object:
    try:
        return json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise refuse("BAD_JSON", "The body is not valid JSON.") from error


def _mangled() -> Refusal:
    return refuse(
        "BODY_MANGLED",
        "The picture came as text, which ruins its bytes. In a REST API add the content type to binaryMediaTypes "
        '("*/*" or "image/*") and deploy it again, or POST JSON {"image": "<base64>"}.',
    )


def _read_form(body: bytes, content_type: str) -> ImageInput:
    """Take the first file of a form, as `curl -F image=@boot.jpg` sends it, or its field "url"."""
    parts = parse_form(body, content_type)
    for part in parts:
        if part.filename is not None:
            return ImageBytes(part.data)
    for part in parts:
        if part.name == "url":
            return ImageUrl(part.data.decode("utf-8", "replace"))
    raise refuse("NO_INPUT", "The form has no file; send one with `curl -F image=@picture.jpg`.")
