"""HTTP requests as API Gateway and function URLs hand them to a function."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

from .refusal import refuse


@dataclass(frozen=True)
class HttpRequest:
    """What matters of a request, whichever gateway it came through. Header names are in lower case."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    # False when the gateway handed the body over as text, which ruins binary bodies.
    is_binary_safe: bool


def is_http_event(event: object) -> bool:
    """True for events of API Gateway (REST and HTTP APIs) and of function URLs; all else is a plain invocation."""
    return isinstance(event, dict) and _method_of(event) is not None


def parse_http_event(event: dict) -> HttpRequest:
    """Read an API Gateway REST event (v1), or an HTTP API or function URL event (v2).

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    """
    is_base64 = event.get("isBase64Encoded") is True
    return HttpRequest(
        method=(_method_of(event) or "").upper(),
        query=_strings(event.get("queryStringParameters")),
        headers={name.lower(): value for name, value in _strings(event.get("headers")).items()},
        body=_decode_body(event.get("body"), is_base64),
        is_binary_safe=is_base64,
    )


def _method_of(event: dict) -> str | None:
    if isinstance(event.get("httpMethod"), str):
        return event["httpMethod"]
    context = event.get("requestContext")
    http = context.get("http") if isinstance(context, dict) else None
    method = http.get("method") if isinstance(http, dict) else None
    return method if isinstance(method, str) else None


def _decode_body(body: object, is_base64: bool) -> bytes:
    if body is None:
        return b""
    if not isinstance(body, str):
        raise refuse("NO_INPUT", "The body of the event is not a string.")
    if not is_base64:
        return body.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(body)
    except (binascii.Error, ValueError) as error:
        raise refuse("BAD_BASE64", "The body of the event is not base64.") from error


def _strings(value: object) -> dict[str, str]:
    """REST events have null where there is nothing."""
    if not isinstance(value, dict):
        return {}
    return {name: text for name, text in value.items() if isinstance(text, str)}
