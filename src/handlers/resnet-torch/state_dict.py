"""Reads the weights of a network."""

import torch

# torch.nn.DataParallel saves a network as a part of itself.
_PARALLEL = "module."


def load_state_dict(path: str) -> dict[str, torch.Tensor]:
    """Read a state dict, also one inside a checkpoint. A file that holds more than data, such as code, is refused."""
    found = torch.load(path, map_location="cpu", weights_only=True)
    if isinstance(found, dict) and isinstance(found.get("state_dict"), dict):
        found = found["state_dict"]
    if not isinstance(found, dict) or not all(
        isinstance(weights, torch.Tensor) for weights in found.values()
    ):
        raise ValueError(f"{path} holds no state dict.")
    return {name.removeprefix(_PARALLEL): weights for name, weights in found.items()}
