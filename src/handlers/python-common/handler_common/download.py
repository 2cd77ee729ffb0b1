"""Downloads that never leave anything but verified bytes."""

import hashlib
import os
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

OpenUrl = Callable[[str], Iterable[bytes]]


def read_verified(chunks: Iterable[bytes], sha256: str | None, max_bytes: int, name: str) -> bytes:
    """Read a file into memory; None as sha256 takes it as it is."""
    data = b"".join(_bounded(chunks, max_bytes))
    if sha256 is not None:
        _compare(hashlib.sha256(data).hexdigest(), sha256, name)
    return data


def save_verified(open_source: Callable[[], Iterable[bytes]], path: str, sha256: str, max_bytes: int) -> None:
    """Download a file unless it is there; a sandbox that was started anew still has its /tmp."""
    if _hash_file(path) == sha256:
        return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    temporary = f"{path}.{uuid.uuid4().hex}.partial"
    found = hashlib.sha256()
    try:
        with open(temporary, "xb") as file:
            for chunk in _bounded(open_source(), max_bytes):
                found.update(chunk)
                file.write(chunk)
        _compare(found.hexdigest(), sha256, os.path.basename(path))
        os.replace(temporary, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(temporary)


def _hash_file(path: str) -> str | None:
    found = hashlib.sha256()
    try:
        with open(path, "rb") as file:
            while chunk := file.read(1024 * 1024):
                found.update(chunk)
    except OSError:
        return None
    return found.hexdigest()


def _bounded(chunks: Iterable[bytes], max_bytes: int) -> Iterator[bytes]:
    count = 0
    for chunk in chunks:
        count += len(chunk)
        if count > max_bytes:
            raise ValueError(f"The download is larger than {max_bytes} bytes.")
        yield chunk


def _compare(found: str, expected: str, name: str) -> None:
    if found != expected:
        raise ValueError(f"{name} has the sha256 {found}, expected {expected}.")
