"""Opens `s3:` and `https:` addresses of the operator's choice."""

import ssl
import time
import urllib.request
from collections.abc import Iterator
from typing import IO
from urllib.parse import unquote, urlsplit

# Seconds for one file, and for one wait; Lambda's own timeout is mostly shorter.
TIMEOUT = 120
_WAIT = 30
_CHUNK = 1024 * 1024


def open_url(url: str) -> Iterator[bytes]:
    """Give what lies behind an address, in pieces. Raises OSError."""
    stream = _open_s3(url) if url.startswith("s3://") else _open_https(url)
    end = time.monotonic() + TIMEOUT
    with stream:
        while chunk := stream.read(_CHUNK):
            if time.monotonic() > end:
                raise TimeoutError(f"{url} took longer than {TIMEOUT} s.")
            yield chunk


def _open_https(url: str) -> IO[bytes]:
    try:
        return urllib.request.urlopen(url, timeout=_WAIT, context=ssl.create_default_context())
    except OSError as error:
        raise OSError(f"{url} could not be fetched: {error}.") from error


def _open_s3(url: str) -> IO[bytes]:
    """Ask with the function's role. boto3 comes with Lambda's runtime; it follows a bucket into its region."""
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    parts = urlsplit(url)
    try:
        client = boto3.client("s3")
        return client.get_object(Bucket=parts.netloc, Key=unquote(parts.path[1:]))["Body"]
    except (BotoCoreError, ClientError) as error:
        raise OSError(f"{url} could not be fetched: {error}") from error
