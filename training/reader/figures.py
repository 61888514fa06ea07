"""Figures with their intervals."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

SEED, RESAMPLES = 0, 1000
Values = np.ndarray


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure with its 95% bootstrap interval."""

    name: str
    value: float
    low: float
    high: float
    n: int


def bootstrap(name: str, measure: Callable[..., float], *columns: Values) -> Figure:
    """A measure of columns of values, resampled by row."""
    draw = np.random.default_rng(SEED)
    n = len(columns[0])
    picks = (draw.integers(n, size=n) for _ in range(RESAMPLES))
    found = [measure(*(column[pick] for column in columns)) for pick in picks]
    low, high = np.nanpercentile(found, [2.5, 97.5])
    return Figure(name, measure(*columns), float(low), float(high), n)


def area(labels: Values, scores: Values) -> float:
    """Area under the ROC curve; ties count half."""
    from scipy.stats import rankdata

    labels = labels.astype(bool)
    positives = int(labels.sum())
    if positives in {0, len(labels)}:
        return float("nan")
    ranks = rankdata(scores)
    below = ranks[labels].sum() - positives * (positives + 1) / 2
    return float(below / (positives * (len(labels) - positives)))


def calibration_error(probability: Values, correct: Values) -> float:
    """Expected calibration error over ten equally wide bins."""
    bins = np.minimum((probability * 10).astype(int), 9)
    gaps = [
        abs(probability[bins == b].mean() - correct[bins == b].mean()) * np.mean(bins == b)
        for b in range(10)
        if (bins == b).any()
    ]
    return float(sum(gaps))
