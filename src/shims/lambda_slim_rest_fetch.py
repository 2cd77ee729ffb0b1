"""Fetches single files that were taken out of this function; ``lambda_slim_rest`` says what all this is for.

Of a zip only the directory is read, and then the file. No URL and no credential is ever put into a message: they end in logs.
"""

import contextlib
import errno
import hashlib
import io
import os
import re
import sys
import tempfile
import time
import zipfile
import zlib

import lambda_slim_rest as rest

TIMEOUT = 30
ATTEMPTS = 3
MAX_REDIRECTS = 3
# The end of a zip with the longest comment there may be.
TAIL = 22 + 65_535
PIECE = 1 << 20
LAYER = rest.LAYER

_zips = {}


class _Refused(Exception):
    """An answer that stays the same, however often one asks."""


def bring(file, partial, index):
    """Writes the file to ``partial`` and gives the kind of place that it came from. Throws ``RestError`` and ``OSError``."""
    if file.bytes == 0:
        _write(partial, b"", file)
        return "index"
    configured = os.environ.get("LAMBDA_SLIM_REST", "")
    reasons = []
    for source in [LAYER, configured] if os.path.isdir(LAYER) else [configured]:
        try:
            if source.startswith("/"):
                return _from_folder(source, file, partial)
            if source:
                return _from_zip(source, file, partial, index)
        except rest.RestError as error:
            reasons.append(str(error))
    raise rest.RestError("; ".join(reasons) or f"there is no {LAYER}, and LAMBDA_SLIM_REST is not set")



def explain(error, file):
    """What an error of the temporary folder means."""
    folder = os.environ.get("TMPDIR") or "/tmp"
    if error.errno not in (errno.ENOSPC, errno.EDQUOT):
        return f"it cannot be written into {folder} ({error.strerror})"
    space = os.statvfs(folder)
    free, needed = space.f_bavail * space.f_frsize / 1e6, file.bytes / 1e6
    return (
        f"{folder} is full: it takes {needed:.1f} MB, and {free:.1f} MB are free; raise the function's ephemeral storage "
        "(EphemeralStorage)"
    )


def _write(partial, data, file):
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
        os.fchmod(handle, 0o755 if file.executable else 0o644)
    finally:
        os.close(handle)


def _check(data, file, where):
    if len(data) != file.bytes or hashlib.sha256(data).digest() != rest.digest_of(file):
        raise rest.RestError(f"{where} is damaged, or belongs to another build")


def _from_folder(folder, file, partial):
    for base in (folder, os.path.join(folder, rest.NAME)):
        source = os.path.join(base, file.path)
        try:
            with open(source, "rb") as opened:
                data = opened.read(file.bytes + 1)
            break
        except OSError:
            continue
    else:
        raise rest.RestError(f"it is not in {folder}")
    _check(data, file, f"what is in {folder}")
    if folder != LAYER:
        _write(partial, data, file)
        return "folder"
    os.symlink(source, partial)  # Layers never change, so a link saves room.
    return "layer"


def _from_zip(source, file, partial, index):
    match = re.match("(s3|https)://", source)
    if not match:
        raise rest.RestError("LAMBDA_SLIM_REST is neither an absolute folder nor s3://bucket/key nor https://…")
    try:
        data = _read_entry(source, match[1], file, index)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError) as error:
        _zips.pop(source, None)
        raise rest.RestError("the zip is damaged") from error
    except rest.RestError:
        _zips.pop(source, None)
        raise
    _check(data, file, "what was fetched")
    _write(partial, data, file)
    return match[1]


def _read_entry(source, scheme, file, index):
    limit = (index["files"] + 1000) * 1024
    if source not in _zips:
        request = _request_s3(source) if scheme == "s3" else _request_url(source)
        ranged = _Ranged(request, limit, index["bytes"] + 2 * limit)
        _zips[source] = ranged, zipfile.ZipFile(ranged)
    ranged, archive = _zips[source]
    try:
        info = archive.getinfo(f"{rest.NAME}/{file.path}")
    except KeyError:
        raise rest.RestError("it is not in the zip, which belongs to another build") from None
    if info.file_size != file.bytes:
        raise rest.RestError("it has another size in the zip, which belongs to another build")
    # Deflate may make a file larger, but by no more than this.
    if info.compress_size > file.bytes + (file.bytes >> 8) + 1024:
        raise zipfile.BadZipFile
    ranged.prefetch(info.header_offset, 30 + 2 * len(info.orig_filename) + 128 + info.compress_size)
    try:
        with archive.open(info) as opened:
            return opened.read(file.bytes + 1)
    except (RuntimeError, ValueError, zlib.error) as error:
        if isinstance(error, rest.RestError):
            raise
        raise zipfile.BadZipFile from error


class _Ranged(io.RawIOBase):
    """A file of which parts are fetched as they are read; ``request`` gives the body of an answer and its ``Content-Range``."""

    def __init__(self, request, limit, max_bytes):
        super().__init__()
        self.request, self.limit, self.max_bytes = request, limit, max_bytes
        self.at, self.buffers, self.whole = 0, [], None
        start, data, self.size = self._fetch(f"bytes=-{TAIL}", TAIL)
        self.tail = (start, data)

    def seekable(self):
        return True

    def readable(self):
        return True

    def tell(self):
        return self.at

    def seek(self, offset, whence=0):
        at = offset + (0, self.at, self.size)[whence]
        if at < 0:
            raise OSError(errno.EINVAL, "before the start")
        self.at = at
        return at

    def prefetch(self, start, count):
        end = min(start + count, self.size)
        if start < end and not self._buffered(start, end):
            self.buffers = [(start, self._get(start, end))]

    def read(self, count=-1):
        end = self.size if count is None or count < 0 else min(self.at + count, self.size)
        if end <= self.at:
            return b""
        data = self._buffered(self.at, end)
        if data is None:
            if end - self.at > self.limit:
                raise zipfile.BadZipFile
            data = self._get(self.at, end)
        self.at = end
        return data

    def _buffered(self, start, end):
        for at, data in [self.tail, *self.buffers]:
            if at <= start and end <= at + len(data):
                return bytes(data[start - at : end - at])
        return None

    def _get(self, start, end):
        if self.whole is None:
            at, data, _ = self._fetch(f"bytes={start}-{end - 1}", end - start)
            if self.whole is None:
                if at != start or len(data) != end - start:
                    raise rest.RestError("the answer is not the range that was asked for")
                return data
        self.whole.seek(start)
        return self.whole.read(end - start)

    def _fetch(self, asked, limit):
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self.request(asked) as (body, content_range):
                    return self._keep(body) if content_range is None else _part(body, content_range, limit)
            except _Refused as error:
                raise rest.RestError(str(error)) from error
            except rest.RestError:
                if attempt == ATTEMPTS:
                    raise
                time.sleep(0.1 * attempt)
        raise AssertionError

    def _keep(self, body):
        """Keeps the whole, in a file without a name."""
        whole, size = tempfile.TemporaryFile(), 0
        for piece in iter(lambda: body.read(PIECE), b""):
            size += len(piece)
            if size > self.max_bytes:
                whole.close()
                raise _Refused("the answer is larger than it may be")
            whole.write(piece)
        self.whole = whole
        whole.seek(max(0, size - TAIL))
        return max(0, size - TAIL), whole.read(), size


def _part(body, content_range, limit):
    match = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", content_range)
    data = body.read(limit + 1)
    if not match or len(data) != int(match[2]) - int(match[1]) + 1:
        raise rest.RestError("the answer was cut short")
    return int(match[1]), data, int(match[3])


def _refusal(status, name=""):
    kind = _Refused if status < 500 and status != 429 else rest.RestError
    return kind(f"the answer is {status} {name}".rstrip())


# ---- https://… ----


def _request_url(url):
    import http.client
    import urllib.error
    import urllib.request

    class Redirects(urllib.request.HTTPRedirectHandler):
        max_redirections = MAX_REDIRECTS

        def redirect_request(self, req, fp, code, msg, headers, newurl):
            if not newurl.startswith("https://"):
                raise _Refused("it leads away from https")
            return super().redirect_request(req, fp, code, msg, headers, newurl)

    opener = urllib.request.build_opener(Redirects)

    @contextlib.contextmanager
    def request(asked):
        try:
            message = urllib.request.Request(url, headers={"Range": asked, "Accept-Encoding": "identity"})
            with opener.open(message, timeout=TIMEOUT) as answer:
                whole = answer.status == 200
                yield answer, None if whole else answer.headers.get("Content-Range", "")
        except urllib.error.HTTPError as error:
            raise _refusal(error.code) from None
        except urllib.error.URLError as error:
            reason = getattr(error.reason, "verify_message", None) or type(error.reason).__name__
            raise rest.RestError(f"the connection failed ({reason})") from None
        except http.client.IncompleteRead:
            raise rest.RestError("the answer was cut short") from None
        except (http.client.HTTPException, ConnectionError, TimeoutError) as error:
            raise rest.RestError(f"the connection failed ({type(error).__name__})") from None

    return request


# ---- s3://bucket/key, with the SDK that the runtime brings ----


def _request_s3(source):
    match = re.fullmatch("s3://([^/]+)/(.+)", source)
    if not match:
        raise rest.RestError("LAMBDA_SLIM_REST is not s3://bucket/key")
    boto3 = _load_sdk()
    import botocore.config
    import botocore.exceptions

    retries = {"total_max_attempts": 1}
    config = botocore.config.Config(connect_timeout=TIMEOUT, read_timeout=TIMEOUT, retries=retries)
    client = boto3.client("s3", config=config)

    @contextlib.contextmanager
    def request(asked):
        try:
            answer = client.get_object(Bucket=match[1], Key=match[2], Range=asked)
            with contextlib.closing(answer["Body"]) as body:
                yield body, answer.get("ContentRange")
        except botocore.exceptions.ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
            raise _refusal(status, error.response.get("Error", {}).get("Code", "")) from None
        except (botocore.exceptions.BotoCoreError, botocore.exceptions.HTTPClientError) as error:
            raise rest.RestError(f"S3 did not answer ({type(error).__name__})") from None
        except OSError as error:
            raise rest.RestError(f"the connection failed ({type(error).__name__})") from None

    return request


def _load_sdk():
    """The runtime's own, even where the function has a part of another one."""
    path = sys.path[:]
    sys.path.insert(0, "/var/runtime")
    try:
        import boto3

        return boto3
    except ImportError:
        raise rest.RestError("the runtime has no boto3; use a layer or an https URL instead") from None
    finally:
        sys.path[:] = path
