"""Packages that are too large for the artifact lie on a mounted file system."""

import os
import sys
from collections.abc import Mapping


def add_packages_dir(env: Mapping[str, str]) -> None:
    """Let Python look into PACKAGES_DIR as well, after the artifact. Raises ValueError when that is no folder."""
    folder = env.get("PACKAGES_DIR")
    if not folder:
        return
    if not os.path.isdir(folder):
        raise ValueError(f"PACKAGES_DIR is {folder}, which is no folder; is the file system mounted?")
    if folder not in sys.path:
        sys.path.append(folder)
