"""The function `app.handler`: reads a handwritten digit, with a network whose weights are in S3."""

import os

from handler_common.create_handler import Classify, create_handler
from handler_common.load_once import load_once
from handler_common.packages_dir import add_packages_dir
from handler_common.warm_up import warm_up

from fetch_weights import fetch_weights


def _load() -> Classify:
    add_packages_dir(os.environ)
    # PyTorch may be there, and nowhere else.
    from read_digit import open_reader

    return open_reader(fetch_weights(os.environ))


load_reader = load_once(_load)
warm_up(load_reader, os.environ)

# POST of {"image": "<base64>"}; the other ways to give a picture work as well.
handler = create_handler(load_reader)
