"""What a plot needs: risk against coverage, and confidence against how often it is right."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from rag.evaluation.statistics import BINS, bin_of


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """Answering only what has at least this `confidence` answers `coverage` of all questions, and
    `risk` of those answers are wrong. All three from 0 to 1.
    """

    confidence: float
    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class Bin:
    """The `n` answers whose confidence lies from `low` up to `high`: their mean confidence and
    the share that is correct, both None when there are none.
    """

    low: float
    high: float
    n: int
    confidence: float | None
    correct: float | None


def risk_coverage(answers: Sequence[tuple[float, float]], questions: int) -> tuple[RiskPoint, ...]:
    """The risk–coverage curve (El-Yaniv & Wiener 2010) of answers (confidence, correct 0 or 1).

    `questions` counts the refused ones too, so the curve ends at the coverage of today. Answers
    of equal confidence cannot be told apart and make one point.
    """
    points = []
    done = wrong = 0
    ordered = sorted(answers, reverse=True)
    for confidence, alike in groupby(ordered, key=lambda answer: answer[0]):
        for _, correct in alike:
            done += 1
            wrong += not correct
        points.append(RiskPoint(confidence, round(done / questions, 6), round(wrong / done, 6)))
    return tuple(points)


def calibration(answers: Sequence[tuple[float, float]]) -> tuple[Bin, ...]:
    """The reliability table of answers (confidence, correct 0 or 1) in ten bins of equal width
    (Guo et al. 2017). Empty when there are no answers.
    """
    if not answers:
        return ()
    confidence, correct = np.array(answers, dtype=np.float64).T
    bins = bin_of(confidence)
    table = []
    for number in range(BINS):
        inside = bins == number
        count = int(inside.sum())
        means = [round(float(each[inside].mean()), 6) for each in (confidence, correct) if count]
        table.append(Bin(number / BINS, (number + 1) / BINS, count, *(means or (None, None))))
    return tuple(table)
