"""Errors that are the caller's to mend."""

STATUS = {
    "NO_INPUT": 400,
    "TWO_INPUTS": 400,
    "BAD_JSON": 400,
    "BAD_BASE64": 400,
    "BAD_FORM": 400,
    "BODY_MANGLED": 400,
    "NOT_AN_IMAGE": 400,
    "IMAGE_TOO_LARGE": 413,
    "METHOD_NOT_ALLOWED": 405,
    "URL_INVALID": 400,
    "URL_FORBIDDEN": 400,
    "URL_UNREACHABLE": 400,
    "URL_TIMEOUT": 400,
    "URL_STATUS": 400,
    "URL_REDIRECTS": 400,
    "URL_NOT_AN_IMAGE": 400,
}


class Refusal(Exception):
    """Why a request cannot be answered; its message may be shown to the caller."""

    code: str
    status: int


# Lambda names an error by its class, so each code is one: Step Functions can catch by it.
_CLASSES = {
    code: type(code, (Refusal,), {"code": code, "status": status, "__module__": __name__})
    for code, status in STATUS.items()
}


def refuse(code: str, message: str) -> Refusal:
    """Make the error that says no to a caller; `code` is a key of STATUS."""
    return _CLASSES[code](message)
