"""Forms as browsers and `curl -F` send them (RFC 7578)."""

from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser

from .refusal import Refusal, refuse


@dataclass(frozen=True)
class FormPart:
    """One field; `filename` is None for a field that is no file."""

    name: str
    filename: str | None
    data: bytes


def parse_form(body: bytes, content_type: str) -> list[FormPart]:
    """Split a `multipart/form-data` body into its parts, in their order."""
    boundary = _param(content_type, "boundary")
    if not boundary:
        raise _bad_form()
    sections = (b"\r\n" + body).split(b"\r\n--" + boundary.encode("utf-8", "replace"))
    # The first is what stands before the form; the last begins with the two dashes that end it.
    if len(sections) < 2 or not sections[-1].startswith(b"--"):
        raise _bad_form()
    return [_parse_part(section) for section in sections[1:-1]]


def _parse_part(section: bytes) -> FormPart:
    head, gap, data = section.partition(b"\r\n\r\n")
    if not gap:
        raise _bad_form()
    headers = BytesHeaderParser().parsebytes(head.lstrip(b"\r\n"))
    disposition = str(headers.get("content-disposition", ""))
    name = _param(disposition, "name")
    if name is None:
        raise _bad_form()
    return FormPart(name, _param(disposition, "filename"), data)


def _param(header: str, name: str) -> str | None:
    message = Message()
    message["x"] = header
    value = message.get_param(name, header="x")
    # RFC 2231 gives three parts: character set, language and value.
    return value[2] if isinstance(value, tuple) else value


def _bad_form() -> Refusal:
    return refuse("BAD_FORM", "The body is not a valid multipart form.")
