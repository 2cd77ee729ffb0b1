"""Reads the digit on a picture."""

import io

import torch
from handler_common.create_handler import Classify
from handler_common.decode_image import decode_image
from handler_common.fit_image import border_colour, contain
from PIL import Image, ImageOps

from network import DigitNetwork

# As MNIST was normalised for training: its mean and standard deviation.
MEAN, STD = 0.1307, 0.3081

SIDE = 28


def open_reader(state_dict: bytes) -> Classify:
    """Put weights into the network. A file that holds more than data, such as code, is refused."""
    network = DigitNetwork()
    network.load_state_dict(torch.load(io.BytesIO(state_dict), map_location="cpu", weights_only=True))
    network.eval()

    def read(data: bytes) -> dict:
        with torch.inference_mode():
            probabilities = torch.softmax(network(to_tensor(decode_image(data)))[0], 0)
        probability, digit = probabilities.max(0)
        return {"prediction": int(digit), "probability": round(float(probability), 4)}

    return read


def to_tensor(image: Image.Image) -> torch.Tensor:
    """Bring a picture to 28 × 28 of light on dark, as the network was trained; ink on paper is turned round."""
    fitted = contain(image, SIDE, SIDE)
    grey = fitted.convert("L")
    if sum(border_colour(fitted)) > 3 * 127:
        grey = ImageOps.invert(grey)
    data = torch.frombuffer(bytearray(grey.tobytes()), dtype=torch.uint8).reshape(1, 1, SIDE, SIDE)
    return (data.float() / 255 - MEAN) / STD
