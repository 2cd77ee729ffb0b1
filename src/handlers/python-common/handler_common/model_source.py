"""Where the model is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit


@dataclass(frozen=True)
class ModelFolder:
    """In a folder that is mounted or packaged."""

    path: str


@dataclass(frozen=True)
class RemoteModel:
    """Behind an address. `base` ends in a slash; `sha256` is that of model.json, which carries those of the files."""

    base: str
    sha256: str | None


ModelSource = ModelFolder | RemoteModel


def find_model_source(env: Mapping[str, str], packaged: str) -> ModelSource:
    """Read MODEL_DIR, MODEL_URL and MODEL_SHA256; without them the model is the packaged one."""
    folder, url = env.get("MODEL_DIR"), env.get("MODEL_URL")
    if folder and url:
        raise ValueError("MODEL_DIR and MODEL_URL are both set; set one of them.")
    if url:
        return _parse_remote(url, env.get("MODEL_SHA256") or None)
    return ModelFolder(folder or packaged)


def _parse_remote(url: str, sha256: str | None) -> RemoteModel:
    base = parse_model_url(url, "s3://bucket/prefix/ or https://host/path/, the folder of model.json")
    check_sha256(base, sha256)
    return RemoteModel(url if url.endswith("/") else f"{url}/", sha256)


def parse_model_url(url: str, expected: str) -> SplitResult:
    """Parse what MODEL_URL says. Raises ValueError, which tells what is `expected`."""
    parts = urlsplit(url)
    if parts.scheme not in ("s3", "https") or not parts.hostname:
        raise ValueError(f"MODEL_URL has to be {expected}.")
    if parts.query or parts.fragment:
        raise ValueError("MODEL_URL has no query and no fragment.")
    return parts


def check_sha256(url: SplitResult, sha256: str | None) -> None:
    """Raise ValueError unless MODEL_SHA256 is one, or is not needed: in S3 it is the bucket's owner who writes."""
    if sha256 is not None and not is_sha256(sha256):
        raise ValueError("MODEL_SHA256 has to be 64 lower-case hex digits.")
    if url.scheme == "https" and sha256 is None:
        raise ValueError("MODEL_URL with https needs MODEL_SHA256.")


def is_sha256(value: object) -> bool:
    """True for a sha256 in lower-case hex."""
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None
