"""Fetches the picture behind a stranger's URL."""

import re
from http.client import HTTPException, HTTPResponse

from .check_url import check_url
from .fetch_rules import PUBLIC_WEB, FetchRules
from .refusal import Refusal, refuse
from .request_pinned import request_pinned
from .run_in_time import Stopper, run_in_time

_REDIRECTS = (301, 302, 303, 307, 308)
_IMAGE_TYPE = re.compile(r"image/|(application|binary)/octet-stream", re.IGNORECASE)
_CHUNK = 64 * 1024


def fetch_image(raw_url: str, rules: FetchRules = PUBLIC_WEB) -> bytes:
    """Fetch the bytes by the rules. Raises a refusal for whatever goes wrong."""
    try:
        return run_in_time(lambda stopper: _follow(raw_url, rules, stopper), rules.timeout)
    except Refusal:
        raise
    except TimeoutError as error:
        message = f"The URL did not give its picture within {rules.timeout:g} s."
        raise refuse("URL_TIMEOUT", message) from error
    except (OSError, HTTPException) as error:
        raise refuse("URL_UNREACHABLE", "The URL could not be fetched.") from error


def _follow(raw_url: str, rules: FetchRules, stopper: Stopper) -> bytes:
    location, base = raw_url, None
    for _ in range(rules.max_redirects + 1):
        target = check_url(location, base, rules)
        with request_pinned(target, rules.timeout, stopper.watch) as response:
            following = _redirect_of(response)
            if following is None:
                return _read_image(response, rules.max_bytes)
        location, base = following, target.url
    raise refuse("URL_REDIRECTS", f"The URL redirects more than {rules.max_redirects} times.")


def _redirect_of(response: HTTPResponse) -> str | None:
    location = response.getheader("location")
    return location if response.status in _REDIRECTS and location else None


def _read_image(response: HTTPResponse, max_bytes: int) -> bytes:
    _check_headers(response, max_bytes)
    data = bytearray()
    while chunk := response.read(_CHUNK):
        data += chunk
        if len(data) > max_bytes:
            raise _too_large(max_bytes)
    if response.length:
        raise HTTPException(f"{response.length} bytes are missing")
    return bytes(data)


def _check_headers(response: HTTPResponse, max_bytes: int) -> None:
    """What they tell before a byte of the body is read; the decoder has the last word on what is a picture."""
    content_type = response.getheader("content-type")
    encoding = response.getheader("content-encoding")
    if not 200 <= response.status <= 299:
        raise refuse("URL_STATUS", f"The URL answers with status {response.status}.")
    if content_type and not _IMAGE_TYPE.match(content_type):
        raise refuse("URL_NOT_AN_IMAGE", "The URL answers with a content type that is no picture.")
    if encoding and encoding != "identity":
        raise refuse("URL_NOT_AN_IMAGE", "The server compressed its answer although it was asked not to.")
    if response.length is not None and response.length > max_bytes:
        raise _too_large(max_bytes)


def _too_large(max_bytes: int) -> Refusal:
    return refuse("IMAGE_TOO_LARGE", f"A fetched picture has at most {max_bytes} bytes.")
