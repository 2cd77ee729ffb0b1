"""Brings back the shared libraries that travel compressed in this artifact.

The stub of a package calls ``activate(globals())``, and the package is imported anew, from the mirror: a folder under /tmp
which stands for the artifact's root and holds the inflated libraries, and links to everything that has to lie beside them.
Once this module is imported, it finds everything that is in the mirror there, and no further stub is run.

``.lambda-slim/index.json`` beside this file says what belongs into the mirror. ``TMPDIR`` moves it elsewhere;
``LAMBDA_SLIM_DEBUG=1`` tells on stderr how long it took.
"""

import contextlib
import errno
import fcntl
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import re
import shutil
import sys
import threading
import time
import zlib

ROOT = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(ROOT, ".lambda-slim")

# What is read, inflated and written at a time: bounds the memory, whatever the size of a library.
PIECE = 1 << 20

_lock = threading.Lock()
_mirror = None


class LibrariesError(RuntimeError):
    """The compressed libraries cannot be brought back. Not an ImportError, which many callers take for "not installed"."""


def activate(stub):
    """Puts the true module in the place of its stub, whose globals these are.

    At no time does nothing stand in ``sys.modules``: a thread that wants a submodule would wait for the package then, and
    the package, which may want the same submodule, for that thread.
    """
    name = stub["__name__"]
    spec = _finder.find_true(name)
    if spec is None:
        raise LibrariesError(f"The module {name} is not where its stub expects it. Deploy the function anew.")
    module = importlib.util.module_from_spec(spec)
    spec._initializing = True
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    finally:
        spec._initializing = False
    # Another thread may have got hold of the stub. A module may put something else in its own place.
    module = sys.modules.get(name, module)
    stub.update(getattr(module, "__dict__", {}))
    stub["__getattr__"] = lambda attribute: getattr(module, attribute)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds in the mirror what is there, whoever asks for it first and by whatever path."""

    def __init__(self):
        index = _read_index()
        paths = [entry["path"] for key in ("files", "links", "aliases") for entry in index.get(key, ())]
        self.tops = {path.split("/")[0] for path in paths}
        self.modules = {top.split(".")[0] for top in self.tops}

    def find_spec(self, name, path=None, target=None):
        if path is None:
            places = [""] if name in self.modules else []
        else:
            places = [place for place in map(_below_root, path) if place and place.split(os.sep)[0] in self.tops]
        if not places:
            return None
        mirror = prepare()
        if mirror not in sys.path:
            sys.path.insert(_place_of_root(), mirror)
        places = [os.path.join(mirror, place) for place in places]
        spec = importlib.machinery.PathFinder.find_spec(name, places, target)
        # A namespace package has more parts elsewhere, which only the whole path tells.
        return None if spec is None or spec.loader is None else spec

    def find_true(self, name):
        """The spec of a module whose stub was run, so its parents are in place."""
        parent = name.rpartition(".")[0]
        return self.find_spec(name, sys.modules[parent].__path__ if parent else None)


def _below_root(path):
    path = os.path.abspath(path)
    return path[len(ROOT) + 1 :] if path.startswith(ROOT + os.sep) else None


def prepare():
    """Makes the mirror where it is missing, and returns its path."""
    global _mirror
    with _lock:
        if _mirror is None:
            started = time.perf_counter()
            _mirror, made = _find_or_make()
            if os.environ.get("LAMBDA_SLIM_DEBUG") == "1":
                verb = "made" if made else "found"
                took = (time.perf_counter() - started) * 1000
                print(f"lambda-slim: {verb} {_mirror} in {took:.0f} ms", file=sys.stderr)
        return _mirror


def _reset_lock():
    global _lock
    _lock = threading.Lock()


# A thread of the parent may have held the lock; it does not exist in the child.
os.register_at_fork(after_in_child=_reset_lock)


def _place_of_root():
    for place, entry in enumerate(sys.path):
        if os.path.abspath(entry) == ROOT:
            return place
    return 0


def _find_or_make():
    index = _read_index()
    folder = os.path.join(os.environ.get("TMPDIR") or "/tmp", "lambda-slim")
    # Its links lead to this artifact; another copy of it, somewhere else, has a mirror of its own.
    name = f"{index['id']}-{zlib.crc32(os.fsencode(ROOT)):08x}"
    mirror = os.path.join(folder, name)
    if os.path.isdir(mirror):
        return mirror, False
    try:
        os.makedirs(folder, exist_ok=True)
        with _locked(os.path.join(folder, f"{index['id']}.lock")):
            if os.path.isdir(mirror):
                return mirror, False
            _remove_stale(folder)
            _check_space(folder, index)
            _make(mirror, folder, index)
        return mirror, True
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise LibrariesError(_too_small(folder, index)) from error
        raise LibrariesError(f"The compressed libraries cannot be inflated into {folder}: {error}.") from error


def _read_index():
    path = os.path.join(FOLDER, "index.json")
    try:
        with open(path, encoding="utf-8") as file:
            index = json.load(file)
    except (OSError, ValueError) as error:
        raise LibrariesError(f"{path} cannot be read, so no library can be inflated: {error}.") from error
    if not isinstance(index, dict) or index.get("schema") != 1 or not re.fullmatch("[0-9a-f]{64}", str(index.get("id"))):
        raise LibrariesError(f"{path} is none that this shim can read (schema 1). Build the artifact anew.")
    return index


@contextlib.contextmanager
def _locked(path):
    """Lets one process make the mirror while others wait for it; the kernel frees the lock when a process is killed."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with contextlib.suppress(OSError):  # Where there are no locks, each makes its own, and the first one counts.
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        # A child that was forked meanwhile has the handle too: closing it would not be enough.
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_UN)
        os.close(handle)


def _remove_stale(folder):
    """Removes what killed processes left; its space may be needed."""
    for name in os.listdir(folder):
        parts = name.split(".")
        if len(parts) == 4 and parts[3] == "partial" and parts[1].isdigit() and not _is_alive(int(parts[1])):
            shutil.rmtree(os.path.join(folder, name), ignore_errors=True)


def _is_alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


def _check_space(folder, index):
    space = os.statvfs(folder)
    if space.f_bavail * space.f_frsize < index["bytes"]:
        raise LibrariesError(_too_small(folder, index))


def _too_small(folder, index):
    space = os.statvfs(folder)
    free, needed = space.f_bavail * space.f_frsize >> 20, (index["bytes"] >> 20) + 1
    return (
        f"The compressed libraries need {needed} MiB in {folder}, and {free} MiB are free now. "
        "Raise the ephemeral storage of the function (/tmp), or leave more of it free until they are inflated."
    )


def _make(mirror, folder, index):
    partial = os.path.join(folder, f"{index['id']}.{os.getpid()}.{os.urandom(4).hex()}.partial")
    os.mkdir(partial, 0o700)
    try:
        _inflate_all(partial, index["files"])
        for link in index["links"]:
            _place_link(os.path.join(ROOT, link["target"]), _place(partial, link["path"]))
        for alias in index.get("aliases", []):
            place = _place(partial, alias["path"])
            os.symlink(os.path.relpath(_inside(partial, alias["target"]), os.path.dirname(place)), place)
        try:
            os.rename(partial, mirror)
        except OSError:
            if not os.path.isdir(mirror):
                raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _inside(folder, path):
    if os.path.isabs(path) or ".." in path.split("/"):
        raise LibrariesError(f"{path!r} leads out of the artifact. Build it anew.")
    return os.path.join(folder, path)


def _place(folder, path):
    place = _inside(folder, path)
    os.makedirs(os.path.dirname(place), exist_ok=True)
    return place


def _place_link(target, place):
    # Code that asks for the real path of its own file has to find itself in the mirror: sources are copied.
    is_source = place.endswith((".py", ".pyc")) and os.path.basename(os.path.dirname(place)) != "__pycache__"
    if is_source:
        shutil.copyfile(target, place)
        status = os.stat(target)
        os.utime(place, ns=(status.st_atime_ns, status.st_mtime_ns))
    else:
        os.symlink(target, place)


def _inflate_all(folder, files):
    chunks = []
    with contextlib.ExitStack() as stack:
        for file in files:
            try:
                blob = os.open(_inside(FOLDER, file["blob"]), os.O_RDONLY)
            except FileNotFoundError as error:
                raise LibrariesError(_corrupted(file["path"])) from error
            stack.callback(os.close, blob)
            place = _place(folder, file["path"])
            output = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            stack.callback(os.close, output)
            os.ftruncate(output, file["bytes"])
            os.fchmod(output, int(file["mode"], 8))
            chunks += [(chunk, blob, output, file["path"]) for chunk in file["chunks"]]
        for chunk, *_ in chunks:
            _decoder(chunk)  # The imports happen here: in a thread they could wait for this very import.
        _in_parallel(_inflate, chunks)


def _in_parallel(work, tasks):
    """Runs ``work`` over all tasks, on as many threads as there are cores: the decoders let go of the GIL."""
    waiting = iter(tasks)
    guard = threading.Lock()
    failures = []

    def run():
        while not failures:
            with guard:
                task = next(waiting, None)
            if task is None:
                return
            try:
                work(*task)
            except BaseException as error:
                failures.append(error)

    threads = [threading.Thread(target=run, daemon=True) for _ in range(min(_cores(), len(tasks)) - 1)]
    for thread in threads:
        thread.start()
    run()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def _cores():
    with contextlib.suppress(AttributeError, OSError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _inflate(chunk, blob, output, path):
    written, checksum = 0, 0
    try:
        for piece in _decompress(_decoder(chunk)(), _compressed(chunk, blob)):
            if written + len(piece) > chunk["bytes"]:
                break
            checksum = zlib.crc32(piece, checksum)
            _write_all(output, piece, chunk["offset"] + written)
            written += len(piece)
    except (OSError, LibrariesError, MemoryError):
        raise
    except Exception as error:  # Each decoder has an error of its own.
        raise LibrariesError(_corrupted(path)) from error
    if written != chunk["bytes"] or checksum != chunk["crc32"]:
        raise LibrariesError(_corrupted(path))


def _corrupted(path):
    return f"The compressed library {path} is damaged in the artifact. Build and deploy the function anew."


def _write_all(output, piece, offset):
    view = memoryview(piece)
    while view:
        count = os.pwrite(output, view, offset)
        view, offset = view[count:], offset + count


def _compressed(chunk, blob):
    at, end = chunk["at"], chunk["at"] + chunk["compressedBytes"]
    while at < end:
        data = os.pread(blob, min(PIECE, end - at), at)
        if not data:
            return
        at += len(data)
        yield data


def _decompress(decoder, parts):
    for data in parts:
        while not decoder.eof:
            piece = decoder.decompress(data, PIECE)
            if not piece:
                break
            yield piece
            data = b""


def _decoder(chunk):
    """The class of the decoder for a chunk."""
    form, branch_filter = chunk["format"], chunk["filter"]
    if branch_filter is not None:
        raise LibrariesError(f"Python cannot undo the {branch_filter} filter. Build the artifact for Python anew.")
    try:
        if form == "xz":
            import lzma

            return lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ)
        if form == "zstd":
            from compression import zstd

            return zstd.ZstdDecompressor
    except ImportError as error:
        version = ".".join(map(str, sys.version_info[:3]))
        raise LibrariesError(
            f"Python {version} here cannot inflate {form}, the format of this artifact's libraries ({error}). "
            "Build the artifact for the runtime that it runs on; the first images of python3.14 had no zstd."
        ) from error
    raise LibrariesError(f"Python cannot inflate {form}. Build the artifact for the runtime that it runs on.")


_finder = _Finder()
sys.meta_path.insert(0, _finder)
