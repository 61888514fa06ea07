"""Fuse rankings into one by their scores. Pure: mappings in, list out."""

from collections.abc import Mapping, Sequence


def min_max(scores: Mapping[str, float]) -> dict[str, float]:
    """Scores stretched to 0…1; all 1 when they do not differ."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high == low:
        return dict.fromkeys(scores, 1.0)
    return {key: (score - low) / (high - low) for key, score in scores.items()}


def of_best(scores: Mapping[str, float]) -> dict[str, float]:
    """Scores that begin at 0, as BM25's do, as shares of the best one."""
    high = max(scores.values(), default=0.0)
    return {key: score / high for key, score in scores.items()} if high > 0 else {}


def fuse(signals: Sequence[tuple[Mapping[str, float], float]]) -> list[tuple[str, float]]:
    """Add up signals, each by its weight, best first; what a signal lacks counts 0 in it.

    Ties are broken by the id, so that a ranking is the same on every run.
    """
    mixed: dict[str, float] = {}
    for scores, weight in signals:
        for key, score in scores.items():
            mixed[key] = mixed.get(key, 0.0) + weight * score
    return sorted(mixed.items(), key=lambda item: (-item[1], item[0]))
