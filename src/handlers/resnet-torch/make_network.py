"""Makes networks by their name."""

import torch

from resnet20 import ResNet20


def make_network(architecture: str | None, classes: int) -> torch.nn.Module:
    """Make the packaged `resnet20`, or any classification model of torchvision, such as `resnet18`; without weights."""
    if architecture is None:
        raise ValueError(
            'model.json: "architecture" is missing; a state dict does not say which network it is of.'
        )
    if architecture == "resnet20":
        return ResNet20(classes)
    from torchvision.models import get_model

    try:
        return get_model(architecture, weights=None, num_classes=classes)
    except ValueError as error:
        raise ValueError(f'model.json: "{architecture}" is no model of torchvision.') from error
