"""Finds what lambda-slim took out of this function because no test run needed it, when it turns out to be needed after all.

Modules and files that are missing look as if they were there; the first use of each fetches it into a folder under /tmp that
stands for the artifact's root, and a line on stderr says so, for the next build. They are looked for in the layer
/opt/lambda-slim-rest, or where ``LAMBDA_SLIM_REST`` says: a folder, s3://bucket/key or https://… ``.lambda-slim/rest.json`` beside
this file names them, with their digests.
"""

import collections
import hashlib
import importlib.machinery
import importlib.util
import json
import os
import sys
import threading
import time

ROOT = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(ROOT, ".lambda-slim")

LAYER = "/opt/lambda-slim-rest"
NAME = "lambda-slim-rest"
EXECUTABLE, EMPTIED, DIGEST = 1, 2, 32
# As many as Linux follows.
MAX_LINKS = 40

File = collections.namedtuple("File", "path bytes at executable emptied")
Folder = collections.namedtuple("Folder", "path names")

# Taken before anybody wraps them.
_open, _stat, _lstat, _listdir = os.open, os.stat, os.lstat, os.listdir
_builtin_open = open

_lock = threading.RLock()
_busy = threading.local()


class RestError(RuntimeError):
    """A file that was taken out cannot be fetched."""


def _read_index():
    path = os.path.join(FOLDER, "rest.json")
    with _builtin_open(path, encoding="utf-8") as file:
        index = json.load(file)
    if index.get("schema") != 1 or len(index.get("id", "")) != 64:
        raise RestError(f"{path} is none that this shim can read (schema 1). Build the artifact anew.")
    return index


_index = _read_index()
_links = _index["links"]
_roots = tuple(dict.fromkeys((ROOT, os.path.abspath(os.environ.get("LAMBDA_TASK_ROOT") or ROOT))))
_mirror = os.path.join(
    os.environ.get("TMPDIR") or "/tmp",
    "lambda-slim",
    f"rest-{_index['id'][:16]}-{hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:8]}",
)


# ---- what was taken out ----


def below(path):
    """The path below the root of the artifact; None for one elsewhere, and for what is no path."""
    if getattr(_busy, "fetching", False):
        return None
    if type(path) is not str:
        if isinstance(path, int):
            return None
        try:
            path = os.fsdecode(path)
        except TypeError:
            return None
    if not path.startswith("/") or "//" in path or "/." in path or path.endswith("/"):
        path = os.path.abspath(path)
    for root in _roots + _library_roots():
        if path.startswith(root + "/"):
            return path[len(root) + 1 :]
        if path == root:
            return ""
    return None


def _library_roots():
    """Where libraries travel compressed, packages are imported from a mirror, which has the same paths."""
    mirror = getattr(sys.modules.get("lambda_slim_libraries"), "_mirror", None)
    return () if mirror is None else (mirror,)


def find(place, last=True):
    """What was taken out under a path below the root; links are followed, the last one only if ``last`` is true."""
    if _links:
        place = follow(place, last)
    node = None if place is None else _look_up(place)
    if isinstance(node, dict):
        return Folder(place, node)
    if not isinstance(node, list):
        return None
    at, size, flags = node
    return File(place, size, at, bool(flags & EXECUTABLE), bool(flags & EMPTIED))


def find_file(path):
    """The file that was taken out of a path, or None."""
    place = below(path)
    found = find(place) if place else None
    return found if isinstance(found, File) else None


def find_link(place):
    """The target of a link that was taken out, or None."""
    place = follow(place, False) if _links else None
    node = None if place is None else _look_up(place)
    return node if isinstance(node, str) else None


def _look_up(place):
    node = _index["tree"]
    for name in place.split("/") if place else ():
        node = node.get(name) if isinstance(node, dict) else None
    return node


def follow(place, last=True):
    """The path without links, or None where it leaves the artifact or runs in circles."""
    done, todo, links = [], place.split("/")[::-1], 0
    while todo:
        name = todo.pop()
        if name in ("", "."):
            continue
        if name == "..":
            if not done:
                return None
            done.pop()
            continue
        done.append(name)
        target = _links.get("/".join(done))
        if target is None or (not last and not todo):
            continue
        links += 1
        if links > MAX_LINKS or target.startswith("/"):
            return None
        done.pop()
        todo += target.split("/")[::-1]
    return "/".join(done)


# ---- the mirror ----


def digest_of(file):
    with _builtin_open(os.path.join(FOLDER, "rest.sha256"), "rb") as digests:
        digests.seek(file.at * DIGEST)
        return digests.read(DIGEST)


def place(file):
    """Gives a path where the file lies whole, and fetches it where it is not there yet. Throws ``RestError``."""
    if is_back(file):
        return os.path.join(ROOT, file.path)
    target = os.path.join(_mirror, file.path)
    if _size_of(target) != file.bytes:  # Asked each time, since functions clear /tmp.
        with _lock:
            if _size_of(target) != file.bytes:
                _fetch(file, target)
    return target


def is_back(file):
    """Whether somebody put the file back into the artifact."""
    return _size_of(os.path.join(ROOT, file.path)) == file.bytes


def _size_of(path):
    try:
        return _stat(path).st_size
    except OSError:
        return None


def _fetch(file, target):
    started = time.perf_counter()
    partial = f"{target}.{os.getpid()}.{os.urandom(6).hex()}.partial"
    _busy.fetching = True
    try:
        import lambda_slim_rest_fetch

        os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
        origin = lambda_slim_rest_fetch.bring(file, partial, _index)
        os.replace(partial, target)
    except OSError as error:
        raise RestError(lambda_slim_rest_fetch.explain(error, file)) from error
    finally:
        _busy.fetching = False
        if os.path.lexists(partial):
            os.unlink(partial)
    took = round((time.perf_counter() - started) * 1000)
    facts = {"path": file.path, "bytes": file.bytes, "from": origin, "ms": took}
    line = f"LAMBDA_SLIM_MISSED {json.dumps(facts, separators=(',', ':'))}\n"
    try:
        os.write(2, line.encode())  # In one call, past everything that may hold it back.
    except OSError:
        pass  # Nobody listens.


def link_neighbours(file):
    """Lets a library that was fetched find what lies beside it in the artifact."""
    if is_back(file):
        return
    folder = os.path.dirname(file.path)
    for name in _names_in(os.path.join(ROOT, folder)):
        inner = f"{folder}/{name}" if folder else name
        try:
            if not isinstance(find(inner, False), File):
                os.symlink(os.path.join(ROOT, inner), os.path.join(_mirror, inner))
        except FileExistsError:
            pass


def _names_in(folder):
    try:
        return _listdir(folder)
    except OSError:
        return []


def hint(path, reason):
    """What to say of a file that is missing and could not be fetched."""
    return (
        f"lambda-slim: {path} was left out of this artifact and could not be fetched: {reason}. Attach the .rest.zip that was "
        'built with this artifact as a layer, or let LAMBDA_SLIM_REST name it; or build again with it in "keep".'
    )


# ---- modules ----


def _get_data(loader, get_data, path):
    try:
        return get_data(path)
    except OSError as error:
        if not isinstance(error.__cause__, RestError):
            raise
        reason = hint(below(path), error.__cause__)
        raise ModuleNotFoundError(f"No module named {loader.name!r}\n{reason}", name=loader.name) from error


class _Source(importlib.machinery.SourceFileLoader):
    def path_stats(self, path):
        raise OSError("its bytecode was not kept")

    def get_data(self, path):
        return _get_data(self, super().get_data, path)


class _Bytecode(importlib.machinery.SourcelessFileLoader):
    def get_data(self, path):
        return _get_data(self, super().get_data, path)


# In the order in which Python tries them.
_LOADERS = [
    (suffix, loader)
    for suffixes, loader in (
        (importlib.machinery.EXTENSION_SUFFIXES, importlib.machinery.ExtensionFileLoader),
        (importlib.machinery.SOURCE_SUFFIXES, _Source),
        (importlib.machinery.BYTECODE_SUFFIXES, _Bytecode),
    )
    for suffix in suffixes
]


class _Finder:
    """Stands in front of Python's own finder: nothing further back on the path may take the place of what is missing."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        tail = name.rpartition(".")[2]
        entries = sys.path if path is None else path
        places = [(entry, below(entry or os.getcwd())) for entry in entries if isinstance(entry, str)]
        if not any(_has(place, tail) for _, place in places if place is not None):
            return None
        portions = []
        for entry, place in places:
            spec = None if place is None else _find_in(name, tail, entry, place)
            spec = spec or importlib.machinery.PathFinder.find_spec(name, [entry], target)
            if spec is not None and spec.loader is not None:
                return spec
            portions += list(spec.submodule_search_locations or ()) if spec else []
            if place is not None and not spec and isinstance(find(_join(place, tail)), Folder):
                portions.append(os.path.join(ROOT, _join(place, tail)))
        if not portions:
            return None
        spec = importlib.machinery.ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = list(dict.fromkeys(portions))
        return spec


def _has(place, tail):
    """Quick: whether a folder lacks anything by that name."""
    found = find(place)
    return isinstance(found, Folder) and (
        tail in found.names or any(tail + suffix in found.names for suffix, _ in _LOADERS)
    )


def _join(place, name):
    return f"{place}/{name}" if place else name


def _find_in(name, tail, entry, place):
    """The module in one folder of the path; None where it is not one that was taken out that comes first."""
    package = _join(place, tail)
    for stem, is_package in ((_join(package, "__init__"), True), (package, False)):
        for suffix, loader in _LOADERS:
            inner = stem + suffix
            if not isinstance(find(inner), File):
                if _size_of(os.path.join(ROOT, inner)) is None:
                    continue
                return None
            base = entry if entry and os.path.isdir(os.path.join(entry, tail)) else os.path.join(ROOT, place)
            file = os.path.join(base, *inner[len(place) :].strip("/").split("/"))
            search = [os.path.dirname(file)] if is_package else None
            return importlib.util.spec_from_file_location(
                name, file, loader=loader(name, file), submodule_search_locations=search
            )
    return None


def run(path, module):
    """Runs the code of a module that left its place to a hook, whose globals these are."""
    found = find(path)
    code = place(found) if isinstance(found, File) else os.path.join(FOLDER, "rest", path)
    is_source = path.endswith(".py")
    kind = importlib.machinery.SourceFileLoader if is_source else importlib.machinery.SourcelessFileLoader
    loader = kind(module["__name__"], code)
    exec(loader.get_code(module["__name__"]), module)


def _install():
    import lambda_slim_rest_files

    lambda_slim_rest_files.install()
    finders = [getattr(finder, "__name__", "") for finder in sys.meta_path]
    at = finders.index("PathFinder") if "PathFinder" in finders else len(finders)
    sys.meta_path.insert(at, _Finder)


def _after_fork():
    # A thread of the parent may have held the lock; it does not exist in the child.
    global _lock
    _lock = threading.RLock()


os.register_at_fork(after_in_child=_after_fork)
_install()
