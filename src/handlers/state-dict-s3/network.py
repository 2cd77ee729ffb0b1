"""The network that the state dict is of; put another in its place as you like."""

import torch
from torch import nn


class DigitNetwork(nn.Module):
    """That of PyTorch's MNIST example: 1 × 28 × 28 in, a score for each digit out.

    Its state dict has the names of that example, so that the file that the example saves can be used as it is.
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.fc1 = nn.Linear(9216, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = torch.relu(self.conv2(torch.relu(self.conv1(x))))
        x = torch.max_pool2d(x, 2).flatten(1)
        return self.fc2(torch.relu(self.fc1(x)))
