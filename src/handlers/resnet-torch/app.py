"""The function `app.handler`: names what is on a picture, with PyTorch."""

import os
import tempfile

from handler_common.create_handler import Classify, create_handler
from handler_common.load_model import load_model
from handler_common.load_once import load_once
from handler_common.model_source import find_model_source
from handler_common.packages_dir import add_packages_dir
from handler_common.warm_up import warm_up

PACKAGED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "model")


def _load() -> Classify:
    add_packages_dir(os.environ)
    # PyTorch may be there, and nowhere else.
    from torch_classifier import open_classifier

    return open_classifier(load_model(find_model_source(os.environ, PACKAGED), tempfile.gettempdir()))


load_classifier = load_once(_load)
warm_up(load_classifier, os.environ)

# GET ?url=, POST of a picture or JSON, and plain invocations; the best three labels come first.
handler = create_handler(load_classifier)
