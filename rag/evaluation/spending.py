"""What language models used up over a run: totals, and how it spreads over the questions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.evaluation import statistics
from rag.evaluation.figures import Figure, Spec, figure
from rag.llms.usage import Usage

_AMOUNTS = {
    "prompt_tokens": "prompt tokens",
    "completion_tokens": "completion tokens",
    "cost": "cost",
}


@dataclass(frozen=True, slots=True)
class Spending:
    """One amount, of the `n` questions that tell it: the sum, the median, the 95th percentile."""

    who: str
    amount: str
    total: float
    p50: Figure
    p95: Figure
    n: int


def spending(who: str, used: Sequence[Usage | None]) -> Iterator[Spending]:
    """Every amount that a provider told for at least one question; nothing of what is unknown."""
    for name, amount in _AMOUNTS.items():
        told = [getattr(usage, name) for usage in used if usage is not None]
        pairs = [(float(value), 1.0) for value in told if value is not None]
        if pairs:
            p50 = figure(Spec("p50", amount, who, "", statistics.median), pairs)
            p95 = figure(Spec("p95", amount, who, "", statistics.p95), pairs)
            total = round(sum(value for value, _ in pairs), 9)
            yield Spending(who, amount, total, p50, p95, len(pairs))
