"""Python loads this file, under the name sitecustomize, before a function's own code while lambda-slim records what the
function needs. It appends a line to a file in LAMBDA_SLIM_RECORD for each path inside the function's code that is read (R),
looked at (L) or listed (D). Processes that the function starts load it as well, by PYTHONPATH. It changes no result.
"""

import os
import sys

_READS = {
    "open": 0,
    "import": 1,
    "ctypes.dlopen": 0,
    "sqlite3.connect": 0,
    "subprocess.Popen": 0,
    "os.exec": 0,
    "os.posix_spawn": 0,
    "os.spawn": 1,
}
_LOOKS = ("stat", "lstat", "access", "readlink", "statvfs", "getxattr", "listxattr")
_LISTS = ("listdir", "scandir")


class _Watched:
    """A function of `os` that tells its path first. No Python function: as an attribute of a class (pathlib) that would bind."""

    def __init__(self, call, kind, note):
        self.__name__ = call.__name__
        self.__doc__ = call.__doc__
        self._call = call
        self._kind = kind
        self._note = note

    def __call__(self, *args, **kwargs):
        self._note(self._kind, args[0] if args else kwargs.get("path", "."))
        return self._call(*args, **kwargs)


def _escape(path):
    return os.fsencode(path).replace(b"\\", b"\\\\").replace(b"\n", b"\\n")


def _make_note(folder, roots):
    name = os.path.join(folder, "%d-%s.log" % (os.getpid(), os.urandom(6).hex()))
    log = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0), 0o666)
    write, lstat, abspath, starts = os.write, os.lstat, os.path.abspath, tuple(root + os.sep for root in roots)
    sep = os.sep
    for root in roots:
        write(log, b"T " + _escape(root) + b"\n")
    seen = set()

    def note(kind, path):
        try:
            if path is None or isinstance(path, int):
                return
            full = abspath(os.fsdecode(path))
            # What is not there needs no word, so that the log is never longer than the list of the function's files.
            if (kind, full) in seen or not (full + sep).startswith(starts):
                return
            lstat(full)
            seen.add((kind, full))
            write(log, kind.encode() + b" " + _escape(full) + b"\n")
        except Exception:
            # Recording must never be what a function fails by.
            pass

    return note


def _watch(note):
    # importlib goes by the module `posix`, not by `os`: its own looking and listing is not told.
    for kind, names in (("L", _LOOKS), ("D", _LISTS)):
        for name in names:
            call = getattr(os, name, None)
            if call is None:
                continue
            watched = _Watched(call, kind, note)
            for able in ("supports_dir_fd", "supports_effective_ids", "supports_fd", "supports_follow_symlinks"):
                functions = getattr(os, able, set())
                if call in functions:
                    functions.add(watched)
            setattr(os, name, watched)

    def hook(event, args):
        at = _READS.get(event)
        if at is not None and len(args) > at:
            note("R", args[at])

    sys.addaudithook(hook)


def _start():
    folder, root = os.environ.get("LAMBDA_SLIM_RECORD"), os.environ.get("LAMBDA_TASK_ROOT")
    if folder and root:
        _watch(_make_note(folder, sorted({os.path.abspath(root), os.path.realpath(root)})))


def _load_shadowed():
    """Loads the sitecustomize that this one stands in front of."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != here]
    own = sys.modules.pop("sitecustomize", None)
    try:
        import sitecustomize  # noqa: F401
    except ImportError as error:
        if error.name != "sitecustomize":
            raise
        if own is not None:
            sys.modules["sitecustomize"] = own


try:
    _start()
except Exception:
    pass
_load_shadowed()
