"""Turns a model's scores into what it says."""

import math
from collections.abc import Sequence

BEST = 3


def rank(scores: Sequence[float], labels: Sequence[str]) -> dict:
    """The three most probable labels, best first; equals keep the order of the labels.

    Probabilities are rounded to four decimals, so that all processors say the same.
    """
    if len(scores) != len(labels):
        raise ValueError(f"model.json has {len(labels)} labels, but the model gives {len(scores)} scores.")
    best = sorted(zip(labels, scores, strict=True), key=lambda pair: -pair[1])[:BEST]
    return {"predictions": [{"label": label, "probability": round(score, 4)} for label, score in best]}


def softmax(logits: Sequence[float]) -> list[float]:
    """Turn logits into probabilities; the largest is taken off first so that `exp` cannot overflow."""
    largest = max(logits)
    powers = [math.exp(value - largest) for value in logits]
    total = sum(powers)
    return [power / total for power in powers]
