"""Lets Python see, read and load what was taken out of this function; ``lambda_slim_rest`` says what all this is for."""

import builtins
import copy
import errno
import functools
import hashlib
import importlib.machinery
import io
import json
import os
import re
import stat
import sys

import lambda_slim_rest as rest

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# What the dynamic linker says of a library that is not there, or empty.
_ABSENT = re.compile(r"([^\s:]+): (?:cannot open shared object file|file too short)")


class _Call:
    """Calls a function. Unlike one it is no method where a class has it, just as the built-in ones that it stands for."""

    def __init__(self, function, original):
        self.function = function
        functools.update_wrapper(self, original)

    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)


def _bring(file, path):
    """A place to read the file from; else the error that a file gives that is not there."""
    try:
        return rest.place(file)
    except rest.RestError as error:
        number = errno.EIO if file.emptied else errno.ENOENT
        text = f"{os.strerror(number)}\n{rest.hint(file.path, error)}\n"
        raise OSError(number, text, path) from error


def _wrap_open(original):
    def call(file, mode="r", *args, **kwargs):
        if isinstance(mode, str) and not set(mode) & set("wax+") and kwargs.get("opener") is None and len(args) < 6:
            found = rest.find_file(file)
            if found is not None:
                return original(_bring(found, file), mode, *args, **kwargs)
        return original(file, mode, *args, **kwargs)

    return call


def _wrap_os_open(original):
    def call(path, flags, mode=0o777, *, dir_fd=None):
        found = None if flags & _WRITES or dir_fd is not None else rest.find_file(path)
        place = path if found is None or flags & getattr(os, "O_DIRECTORY", 0) else _bring(found, path)
        return original(place, flags, mode, dir_fd=dir_fd)

    return call


def _wrap_stat(original, follows):
    def call(path, *, dir_fd=None, **kwargs):
        if dir_fd is None:
            status = _status_of(path, kwargs.get("follow_symlinks", follows))
            if status is not None:
                return status
        return original(path, dir_fd=dir_fd, **kwargs)

    return call


def _status_of(path, follows):
    place = rest.below(path)
    if place is None:
        return None
    target = None if follows else rest.find_link(place)
    if target is not None:
        return _make_status(place, stat.S_IFLNK | 0o777, len(os.fsencode(target)))
    found = rest.find(place, follows)
    if isinstance(found, rest.File):
        return _make_status(found.path, stat.S_IFREG | (0o755 if found.executable else 0o644), found.bytes)
    if found is not None and rest._size_of(os.path.join(rest.ROOT, found.path)) is None:
        return _make_status(found.path, stat.S_IFDIR | 0o755, 4096)
    return None


def _make_status(place, mode, size):
    """Times, owner and device are those of this file, which came with the artifact."""
    own = rest._stat(__file__)
    inode = int.from_bytes(hashlib.sha256(os.fsencode(place)).digest()[:6], "big")
    whole = [mode, inode, own.st_dev, 1, own.st_uid, own.st_gid, size]
    times = [int(own.st_atime), int(own.st_mtime), int(own.st_ctime)]
    names = ("st_atime", "st_mtime", "st_ctime", "st_atime_ns", "st_mtime_ns", "st_ctime_ns", "st_blksize")
    more = {name: getattr(own, name) for name in names if hasattr(own, name)}
    return os.stat_result(whole + times, {**more, "st_blocks": -(-size // 512)})


def _wrap_access(original):
    def call(path, mode, **kwargs):
        if not kwargs and not mode & os.W_OK:
            status = _status_of(path, True)
            if status is not None:
                return not mode & os.X_OK or bool(status.st_mode & 0o111)
        return original(path, mode, **kwargs)

    return call


def _wrap_readlink(original):
    def call(path, *, dir_fd=None):
        place = rest.below(path) if dir_fd is None else None
        target = None if place is None else rest.find_link(place)
        return original(path, dir_fd=dir_fd) if target is None else target

    return call


def _names_gone(path):
    """The names that a folder lacks, with what they are; None where it lacks nothing."""
    place = None if isinstance(path, (bytes, int)) else rest.below(path)
    found = None if place is None else rest.find(place)
    return found.names if isinstance(found, rest.Folder) else None


def _wrap_listdir(original):
    def call(path="."):
        names = _names_gone("." if path is None else path)
        if names is None:
            return original(path)
        try:
            there = original(path)
        except FileNotFoundError:
            there = []
        return there + [name for name in names if name not in set(there)]

    return call


class _Entry:
    """Like ``os.DirEntry``, which cannot be made."""

    def __init__(self, folder, name):
        self.name, self.path = name, os.path.join(os.fspath(folder), name)

    def __fspath__(self):
        return self.path

    def __repr__(self):
        return f"<DirEntry {self.name!r}>"

    def inode(self):
        return self.stat(follow_symlinks=False).st_ino

    def is_dir(self, *, follow_symlinks=True):
        return os.path.isdir(self.path) and (follow_symlinks or not self.is_symlink())

    def is_file(self, *, follow_symlinks=True):
        return os.path.isfile(self.path) and (follow_symlinks or not self.is_symlink())

    def is_symlink(self):
        return os.path.islink(self.path)

    def is_junction(self):
        return False

    def stat(self, *, follow_symlinks=True):
        return os.stat(self.path, follow_symlinks=follow_symlinks)


class _Scan:
    """Like what ``os.scandir`` gives, with entries that are gone after those that are there."""

    def __init__(self, scan, folder, names):
        self.scan, self.entries = scan, self._merge(scan, folder, names)

    @staticmethod
    def _merge(scan, folder, names):
        there = set()
        for entry in scan or ():
            there.add(entry.name)
            yield entry
        for name in names:
            if name not in there:
                yield _Entry(folder, name)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.entries)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.scan is not None:
            self.scan.close()


def _wrap_scandir(original):
    def call(path="."):
        names = _names_gone("." if path is None else path)
        if names is None:
            return original(path)
        try:
            scan = original(path)
        except FileNotFoundError:
            scan = None
        return _Scan(scan, "." if path is None else path, names)

    return call


# ---- modules and libraries ----


def _wrap_get_data(original):
    def get_data(self, path):
        found = rest.find_file(path)
        if found is None:
            return original(self, path)
        with rest._builtin_open(_bring(found, path), "rb") as file:
            return file.read()

    return get_data


def _wrap_create(original):
    def create_module(self, spec):
        found = rest.find_file(self.path)
        if found is None:
            return _load(lambda: original(self, spec), self.path)
        true = copy.copy(spec)
        try:
            true.origin = _bring_library(found)
        except rest.RestError as error:
            raise ImportError(rest.hint(found.path, error), name=spec.name, path=self.path) from error
        module = _load(lambda: original(self, true), self.path)
        if getattr(module, "__file__", None) == true.origin:
            module.__file__ = self.path
        return module

    return create_module


def _bring_library(found):
    path = rest.place(found)
    rest.link_neighbours(found)
    return path


def _wrap_dlopen(original):
    def dlopen(name, mode, *args):
        found = rest.find_file(name) if isinstance(name, str) and "/" in name else None
        if found is not None:
            try:
                name = _bring_library(found)
            except rest.RestError as error:
                raise OSError(f"{name}: cannot open shared object file\n{rest.hint(found.path, error)}") from error
        return _load(lambda: original(name, mode, *args), str(name))

    return dlopen


def _load(load, near):
    """Loads a library; one that the dynamic linker misses is loaded first, since it knows loaded ones by their names."""
    tried = set()
    while True:
        try:
            return load()
        except (ImportError, OSError) as error:
            match = _ABSENT.search(str(error))
            name = os.path.basename(match[1]) if match else ""
            if not name or name in tried or name == os.path.basename(near):
                raise
            tried.add(name)
            path = _find_library(name, near)
            if path is None:
                raise
            dlopen = getattr(_dlopen, "original", None) or _dlopen()
            _load(lambda: dlopen(path, os.RTLD_NOW), path)


def _dlopen():
    import _ctypes

    return _ctypes.dlopen


def _find_library(name, near):
    """A library of that name, of those that lie nearest to the one that needs it: mirrors have the same folders."""
    packed = [path for path in _compressed() if os.path.basename(path) == name]
    known = [path for path in [*_list_gone(""), *rest._index["libraries"]] if os.path.basename(path) == name]
    folders = set(near.split("/"))
    best = max(known + packed, key=lambda path: sum(part in folders for part in path.split("/")), default=None)
    if best is None:
        return None
    found = rest.find(best)
    if isinstance(found, rest.File):
        try:
            return _bring_library(found)
        except rest.RestError as error:
            raise ImportError(f"{name}: cannot open shared object file\n{rest.hint(best, error)}") from error
    if best not in packed:
        return os.path.join(rest.ROOT, best)
    import lambda_slim_libraries

    return os.path.join(lambda_slim_libraries.prepare(), best)


def _list_gone(place):
    found = rest.find(place, False)
    for name, node in found.names.items() if isinstance(found, rest.Folder) else ():
        inner = f"{place}/{name}" if place else name
        if isinstance(node, dict):
            yield from _list_gone(inner)
        elif re.search(r"\.so(?:\.\d+)*$", name):
            yield inner


def _compressed():
    try:
        with rest._builtin_open(os.path.join(rest.FOLDER, "index.json"), encoding="utf-8") as file:
            return [library["path"] for library in json.load(file)["files"]]
    except FileNotFoundError:
        return []


def _install_in_pathlib():
    """Pythons before 3.11 keep what they call in a class of their own."""
    accessor = getattr(sys.modules.get("pathlib"), "_NormalAccessor", None)
    for name in ("stat", "lstat", "open", "listdir", "scandir", "readlink"):
        if accessor is not None and name in vars(accessor):
            function = io.open if name == "open" and sys.version_info >= (3, 10) else getattr(os, name)
            setattr(accessor, name, staticmethod(function))


def install():
    for module, name, wrap in (
        (io, "open", _wrap_open),
        (os, "open", _wrap_os_open),
        (os, "stat", lambda original: _wrap_stat(original, True)),
        (os, "lstat", lambda original: _wrap_stat(original, False)),
        (os, "access", _wrap_access),
        (os, "readlink", _wrap_readlink),
        (os, "listdir", _wrap_listdir),
        (os, "scandir", _wrap_scandir),
    ):
        original = getattr(module, name)
        setattr(module, name, _Call(wrap(original), original))
    builtins.open = io.open
    for known in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks):
        if rest._stat in known:
            known.add(os.stat)
        if rest._listdir in known:
            known.add(os.listdir)
        if rest._open in known:
            known.add(os.open)
    _install_in_pathlib()
    base = importlib.machinery.SourceFileLoader.__mro__[1]  # All loaders have it, and it has no public name.
    base.get_data = _wrap_get_data(base.get_data)
    extension = importlib.machinery.ExtensionFileLoader
    extension.create_module = _wrap_create(extension.create_module)
    if any(_list_gone("")):
        _install_in_ctypes()


def _install_in_ctypes():
    try:
        import _ctypes
    except ImportError:
        return
    _dlopen.original = _ctypes.dlopen
    _ctypes.dlopen = _Call(_wrap_dlopen(_ctypes.dlopen), _ctypes.dlopen)
    if "ctypes" in sys.modules:
        sys.modules["ctypes"]._dlopen = _ctypes.dlopen
