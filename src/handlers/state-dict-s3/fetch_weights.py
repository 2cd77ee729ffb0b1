"""Fetches the state dict."""

from collections.abc import Callable, Iterable, Mapping

from handler_common.download import read_verified
from handler_common.model_source import check_sha256, parse_model_url
from handler_common.open_url import open_url

# It is held in memory twice while it is read.
MAX_BYTES = 512 * 1024**2


def fetch_weights(env: Mapping[str, str], open_source: Callable[[str], Iterable[bytes]] = open_url) -> bytes:
    """Read the file that MODEL_URL names; MODEL_SHA256, where it is set, is that of the file."""
    url, sha256 = env.get("MODEL_URL"), env.get("MODEL_SHA256") or None
    if not url:
        raise ValueError(
            "MODEL_URL is not set; it is the address of the state dict, such as s3://bucket/digits.pt."
        )
    check_sha256(parse_model_url(url, "s3://bucket/file or https://host/file, the state dict"), sha256)
    return read_verified(open_source(url), sha256, MAX_BYTES, url)
