"""Classifies pictures with a network of PyTorch."""

import torch
from handler_common.create_handler import Classify
from handler_common.decode_image import decode_image
from handler_common.fit_image import fit_image
from handler_common.load_model import LoadedModel
from handler_common.model_spec import InputSpec
from handler_common.rank import rank, softmax
from PIL import Image

from make_network import make_network
from state_dict import load_state_dict


def open_classifier(model: LoadedModel) -> Classify:
    """Open a network for inference. Raises when model.json and its file do not fit together."""
    spec = model.spec
    network = make_network(spec.architecture, len(model.labels))
    network.load_state_dict(load_state_dict(model.path))
    network.eval()

    def classify(data: bytes) -> dict:
        image = fit_image(decode_image(data), spec.input)
        with torch.inference_mode():
            scores = network(to_tensor(image, spec.input))[0].double().tolist()
        return rank(softmax(scores) if spec.softmax else scores, model.labels)

    return classify


def to_tensor(image: Image.Image, spec: InputSpec) -> torch.Tensor:
    """Scale and normalise an RGB picture to a batch of one, by channel, row and column."""
    data = torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8)
    rgb = data.reshape(1, image.height, image.width, 3).permute(0, 3, 1, 2).float()
    mean = torch.tensor(spec.mean).reshape(3, 1, 1)
    std = torch.tensor(spec.std).reshape(3, 1, 1)
    return (rgb * spec.scale - mean) / std
