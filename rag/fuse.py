"""Fuse two rankings into one by their scores. Pure: lists in, lists out."""

from collections.abc import Mapping


def min_max(scores: Mapping[str, float]) -> dict[str, float]:
    """Scores stretched to 0…1 within one ranking; all 1 when they do not differ."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high == low:
        return dict.fromkeys(scores, 1.0)
    return {key: (score - low) / (high - low) for key, score in scores.items()}


def fuse(
    dense: Mapping[str, float], keyword: Mapping[str, float], dense_share: float
) -> list[tuple[str, float]]:
    """Mix two rankings, best first; an item that one of them lacks counts 0 there.

    Ties are broken by the id, so that a ranking is the same on every run.
    """
    left, right = min_max(dense), min_max(keyword)
    mixed = {
        key: dense_share * left.get(key, 0.0) + (1 - dense_share) * right.get(key, 0.0)
        for key in left.keys() | right.keys()
    }
    return sorted(mixed.items(), key=lambda item: (-item[1], item[0]))
