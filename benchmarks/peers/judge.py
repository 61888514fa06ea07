"""Questions whose right passages or articles are known, and the scores of a ranking; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from benchmarks.retrieval import measures
from rag.evaluation import metrics
from rag.evaluation.locate import Place

BUDGET = 2000  # characters of context at which all chunk sizes are compared
MRR_DEPTH = 10


class Judged(Protocol):
    """A question that can score what was retrieved for it."""

    @property
    def text(self) -> str:
        """The question."""
        ...

    def scores(self, found: Sequence[Place], top_k: int) -> dict[str, float]:
        """Each measure's value for a ranking, best first; `top_k` passages are handed over."""
        ...


@dataclass(frozen=True, slots=True)
class EvidenceQuestion:
    """A question with its evidence: for each piece, every place where its words stand."""

    text: str
    evidence: tuple[tuple[Place, ...], ...]

    def scores(self, found: Sequence[Place], top_k: int) -> dict[str, float]:
        """Whether and where a passage comes that shares a character with some evidence."""
        ranks = metrics.passage_ranks(found, self.evidence)
        cut = list(within(found, BUDGET))
        return {
            "evidence hit@1": metrics.hit(ranks, 1),
            "evidence hit@5": metrics.hit(ranks, 5),
            f"evidence MRR@{MRR_DEPTH}": metrics.reciprocal_rank(ranks, MRR_DEPTH),
            "evidence handed over": metrics.hit(ranks, top_k),
            f"evidence in the first {BUDGET:,} characters": metrics.hit(
                metrics.passage_ranks(cut, self.evidence), len(cut)
            ),
        }


@dataclass(frozen=True, slots=True)
class ArticleQuestion:
    """A question with the ids of its articles."""

    text: str
    relevant: frozenset[str]

    def scores(self, found: Sequence[Place], top_k: int) -> dict[str, float]:
        """Article level: an article stands where its best passage does."""
        del top_k
        order = dict.fromkeys(place.article for place in found)
        ranks = [rank for rank, one in enumerate(order, start=1) if one in self.relevant]
        every = measures(ranks, len(self.relevant))
        return {name: every[name] for name in ("nDCG@10", "MRR@10", "hit@1", "hit@10")}


def within(found: Sequence[Place], budget: int) -> Iterator[Place]:
    """The passages that fit into so many characters; the last one is cut."""
    for place in found:
        if budget <= 0:
            return
        yield Place(place.article, place.start, min(place.end, place.start + budget))
        budget -= place.end - place.start
