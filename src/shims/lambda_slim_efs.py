"""Finds the packages of this function, which lie on a file system that Lambda mounts and not beside it: below the folder that the
variable LAMBDA_SLIM_ROOT names. lambda-slim put this file here. Processes that the function starts find them by PYTHONPATH.
"""

import errno
import importlib.machinery
import os
import sys

TASK = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(TASK, ".lambda-slim", "efs")
NAME = "LAMBDA_SLIM_ROOT"
EXAMPLE = "It names the folder of the release, such as /mnt/ml/name/current."

# What each release of this function has; the build writes it here, and nothing where the function needs nothing.
EXPECTED = "{{expected}}"

# What a person can do about a folder that cannot be read.
ADVICE = {
    errno.ENOENT: "it is not there. Is the file system mounted at this path, and was the release synced to it",
    errno.ENOTDIR: "it is no folder. Does the variable name the folder of a release",
    errno.EACCES: "it may not be read. Does the access point's POSIX user own it",
    errno.ESTALE: "the file system lost it. Was the release deleted while this instance ran",
}


class RootError(RuntimeError):
    """The folder of the release cannot be used. Not an ImportError, which many callers take for "not installed"."""

    def __init__(self, reason):
        super().__init__(f"lambda-slim: the packages of this function cannot be found: {reason}")


def _open_root():
    """The folder of the release without links, so that all of an instance sees one release, even if ``current`` is switched
    meanwhile. Variables that name something in it do so from now on as well."""
    named = os.environ.get(NAME)
    if not named:
        raise RootError(f"the variable {NAME} is not set. {EXAMPLE}")
    if not os.path.isabs(named):
        raise RootError(f"{NAME} is {named}, which is no absolute path. {EXAMPLE}")
    root = os.path.realpath(named)
    try:
        os.listdir(root)
    except OSError as error:
        code = errno.errorcode.get(error.errno, str(error))
        advice = ADVICE.get(error.errno, f"reading it failed ({code}). Is the file system in order")
        raise RootError(f"{NAME} is {named}, and {advice}?") from None
    if EXPECTED and not os.path.exists(os.path.join(root, EXPECTED)):
        raise RootError(
            f"{NAME} is {named}, which is no release of this function: {EXPECTED} is not in it. {EXAMPLE}"
        )
    before = os.path.normpath(named)
    for name, value in list(os.environ.items()):
        if before != root and (value == before or value.startswith(before + "/")):
            os.environ[name] = root + value[len(before) :]
    os.environ[NAME] = root
    return root


def _install():
    root = _open_root()
    if root not in sys.path:
        # As in a zip: after what lies beside the handler, before layers and the runtime.
        own = [at for at, path in enumerate(sys.path) if path and os.path.abspath(path) == TASK]
        sys.path.insert(own[0] + 1 if own else 0, root)
    paths = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path and path != root]
    os.environ["PYTHONPATH"] = os.pathsep.join([root, *paths])


def run(path, module):
    """Runs the code of a module that left its place to a hook, whose globals these are."""
    code = os.path.join(FOLDER, path)
    is_source = path.endswith(".py")
    kind = importlib.machinery.SourceFileLoader if is_source else importlib.machinery.SourcelessFileLoader
    exec(kind(module["__name__"], code).get_code(module["__name__"]), module)


_install()
