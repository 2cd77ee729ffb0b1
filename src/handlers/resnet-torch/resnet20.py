"""ResNet-20 for small pictures (He et al. 2016, section 4.2), its batch normalisation folded into the convolutions."""

import torch
from torch import nn


class Block(nn.Module):
    """Two convolutions and a way around them."""

    def __init__(self, channels_in: int, channels: int, stride: int) -> None:
        super().__init__()
        self.c1 = nn.Conv2d(channels_in, channels, 3, stride, padding=1)
        self.c2 = nn.Conv2d(channels, channels, 3, padding=1)
        changes = stride != 1 or channels_in != channels
        self.d = nn.Conv2d(channels_in, channels, 1, stride) if changes else nn.Identity()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.c2(torch.relu(self.c1(x))) + self.d(x))


class ResNet20(nn.Module):
    """Three times three blocks of 16, 32 and 64 channels; 3 × 32 × 32 in, logits out."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, padding=1)
        shapes = [(16, 16, 1)] * 3 + [(16, 32, 2)] + [(32, 32, 1)] * 2 + [(32, 64, 2)] + [(64, 64, 1)] * 2
        self.layers = nn.Sequential(*(Block(*shape) for shape in shapes))
        self.fc = nn.Linear(64, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc(self.layers(torch.relu(self.stem(x))).mean((2, 3)))
