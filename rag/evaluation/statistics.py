"""How sure a figure is: bootstrap intervals and paired randomisation tests, by SciPy.

An estimate takes the scores of questions as two arrays (…, questions), top and bottom, and gives
one number for each leading index. SciPy costs about a second to import, so that is left to use.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Estimate = Callable[..., Any]  # (top, bottom, axis=-1) -> array without that axis

LEVEL = 0.95
RESAMPLES = 2000  # the bounds of a share over 75 questions then vary by less than 0.01
SHUFFLES = 4999  # all of them where there are fewer, which makes the test exact
BINS = 10  # of confidence, equally wide
_AT_ONCE = 250  # resamples held in memory together
_SEED = 20240501  # the same scores always give the same interval


# Estimates


def ratio(top: Numbers, bottom: Numbers, axis: int = -1) -> Any:
    """sum(top) / sum(bottom), 0 where that is empty; the mean of top where bottom is 1."""
    above, below = top.sum(axis=axis), bottom.sum(axis=axis)
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)


def median(top: Numbers, bottom: Numbers, axis: int = -1) -> Any:
    """The median of top."""
    del bottom
    return np.median(top, axis=axis)


def p95(top: Numbers, bottom: Numbers, axis: int = -1) -> Any:
    """The 95th percentile of top, linear between its neighbours."""
    del bottom
    return np.quantile(top, 0.95, axis=axis)


def bin_of(confidence: Numbers) -> NDArray[np.int64]:
    """The number of the bin, from 0, that each confidence in 0 to 1 falls into."""
    return np.minimum((confidence * BINS).astype(np.int64), BINS - 1)


def calibration_error(confidence: Numbers, correct: Numbers, axis: int = -1) -> Any:
    """Expected calibration error (Guo et al. 2017): the mean over answers of the distance, in
    their bin, between mean confidence and the share that is correct.
    """
    bins, gap = bin_of(confidence), correct - confidence
    distances = [np.abs(np.where(bins == one, gap, 0.0).sum(axis=axis)) for one in range(BINS)]
    return np.sum(distances, axis=0) / confidence.shape[axis]


def auc(score: Numbers, positive: Numbers, axis: int = -1) -> Any:
    """The area under the ROC curve: how probable it is that a positive has the higher score, ties
    counting half (Mann & Whitney 1947). NaN where either class is missing.
    """
    from scipy.stats import rankdata  # type: ignore[import-untyped]

    ranks = rankdata(score, axis=axis)
    positives = positive.sum(axis=axis)
    pairs = positives * (positive.shape[axis] - positives)
    above = (ranks * positive).sum(axis=axis) - positives * (positives + 1) / 2
    return np.divide(above, pairs, out=np.full_like(above, np.nan), where=pairs > 0)


# How sure


class Interval(NamedTuple):
    """Both bounds, None when there is nothing to resample."""

    low: float | None
    high: float | None


def interval(estimate: Estimate, *columns: Numbers) -> Interval:
    """The 95% percentile bootstrap interval (Efron 1979) of an estimate over questions.

    Resampled are whole questions, so that the citations of one stay together. Where all questions
    score the same it has no width: it tells nothing of questions unlike these.
    """
    if len(columns[0]) < 2:
        return Interval(None, None)
    from scipy.stats import DegenerateDataWarning, bootstrap

    with warnings.catch_warnings():
        # Resamples that an estimate cannot be made from, such as an AUC of one class, are left out.
        warnings.simplefilter("ignore", DegenerateDataWarning)
        drawn = bootstrap(
            columns,
            estimate,
            n_resamples=RESAMPLES,
            batch=_AT_ONCE,
            vectorized=True,
            paired=True,
            confidence_level=LEVEL,
            method="percentile",
            rng=np.random.default_rng(_SEED),
        ).bootstrap_distribution
    outside = (1 - LEVEL) / 2
    drawn = drawn[~np.isnan(drawn)]
    if not drawn.size:
        return Interval(None, None)
    low, high = np.quantile(drawn, [outside, 1 - outside])
    return Interval(float(low), float(high))


@dataclass(frozen=True, slots=True)
class Difference:
    """Later minus earlier over the same `n` questions, `changed` of which score otherwise.

    `low` and `high` bound it with 95%, None for fewer than two questions. `p` is how often chance
    alone, swapping the two runs question by question, gives a difference as large.
    """

    value: float
    low: float | None
    high: float | None
    p: float
    n: int
    changed: int


def difference(estimate: Estimate, earlier: Numbers, later: Numbers) -> Difference:
    """Compare two runs on the same questions: arrays (questions, 2) of top and bottom.

    The test is the paired randomisation test (Fisher 1935; Smucker, Allan & Carterette 2007),
    exact when few questions changed.
    """

    def apart(*scores: Numbers, axis: int = -1) -> Any:
        top0, bottom0, top1, bottom1 = scores
        return estimate(top1, bottom1, axis=axis) - estimate(top0, bottom0, axis=axis)

    columns = (*earlier.T, *later.T)
    low, high = interval(apart, *columns)
    changed = np.flatnonzero((earlier != later).any(axis=1))
    return Difference(
        float(apart(*columns)),
        low,
        high,
        _chance(estimate, earlier, later, changed),
        len(earlier),
        len(changed),
    )


def _chance(
    estimate: Estimate, earlier: Numbers, later: Numbers, changed: NDArray[np.int64]
) -> float:
    """The two-sided p of the paired randomisation test.

    Swapping the runs of a question that scores the same changes nothing, so only the others are
    swapped; the same ones stay where they are.
    """
    if len(changed) < 2:  # one question either way is as likely as the other
        return 1.0
    from scipy.stats import permutation_test

    both = np.stack([earlier, later])
    count = len(earlier)

    def apart(first: NDArray[np.int64], second: NDArray[np.int64], axis: int) -> Any:
        # What is shuffled are numbers of rows: below `count` of the earlier run, else the later.
        del axis
        runs: list[Any] = []
        for rows in (first, second):
            which = np.broadcast_to(np.arange(count), (*rows.shape[:-1], count)).copy()
            source = np.full_like(which, len(runs))
            which[..., changed], source[..., changed] = rows % count, rows // count
            chosen = both[source, which]
            runs.append(estimate(chosen[..., 0], chosen[..., 1], axis=-1))
        return runs[1] - runs[0]

    tested = permutation_test(
        (changed, changed + count),
        apart,
        permutation_type="samples",
        vectorized=True,
        n_resamples=SHUFFLES,
        batch=_AT_ONCE,
        rng=np.random.default_rng(_SEED),
    )
    return float(tested.pvalue)
