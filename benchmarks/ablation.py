"""What each signal of retrieval is worth: each removed in turn, on SciFact and news2022.

Run: `python -m benchmarks.ablation ../shared/data SCIFACT_HOME NEWS_HOME`. The homes are those of
benchmarks/retrieval.py. Differences are paired by question, with 95% bootstrap intervals. Writes
benchmarks/results/ablation.md.
"""

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.retrieval import (
    DEPTH,
    RESULTS,
    Asked,
    ask,
    interval,
    measures,
    news2022,
    ranks,
    scifact,
)
from index.article import Filters
from index.embed import Vector
from index.home import Home
from index.records import Hit
from rag.retrieve import SHARES, Query, Shares, retrieve

SHOWN = ("nDCG@10", "MRR@10", "hit@1", "hit@5", "hit@10")


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to retrieve: the shares of the signals, and which searches find candidates."""

    name: str
    shares: Shares = SHARES
    dense: bool = True
    keyword: bool = True
    kin: bool = True


VARIANTS = (
    Variant("all signals"),
    Variant("without vectors", replace(SHARES, dense=0.0), dense=False),
    Variant("without chunk words", replace(SHARES, chunk_words=0.0)),
    Variant("without article words", replace(SHARES, article_words=0.0)),
    Variant(
        "without any words", replace(SHARES, chunk_words=0.0, article_words=0.0), keyword=False
    ),
    Variant("without recency", replace(SHARES, recency=0.0)),
    Variant("without kin and spellings", kin=False),
)


class _Searched:
    """A home of which one of the two searches finds nothing."""

    def __init__(self, home: Home, variant: Variant) -> None:
        self._home, self._variant = home, variant

    def __getattr__(self, name: str) -> object:
        return getattr(self._home, name)

    def dense(self, vector: Vector, top_k: int, filters: Filters | None = None) -> list[Hit]:
        return self._home.dense(vector, top_k, filters) if self._variant.dense else []

    def keyword(
        self, terms: list[tuple[str, float]], top_k: int, filters: Filters | None = None
    ) -> list[Hit]:
        return self._home.keyword(terms, top_k, filters) if self._variant.keyword else []


def _bare(query: Query) -> Query:
    """The query's words alone, without words of their kin and other spellings."""
    wanted = [replace(w, stems={w.term.stem: 1.0}, groups=()) for w in query.wanted]
    return replace(query, wanted=tuple(wanted))


def run(home: Home, asked: list[Asked], variant: Variant) -> dict[str, np.ndarray]:
    """Each measure, question by question."""
    rows = []
    searched = _Searched(home, variant)
    for one in asked:
        query = ask(home, one) if variant.kin else _bare(ask(home, one))
        found = retrieve(query, searched, DEPTH, None, variant.shares)  # type: ignore[arg-type]
        rows.append(measures(ranks(found, one), len(one.relevant)))
    return {name: np.array([row[name] for row in rows]) for name in SHOWN}


def _cell(values: np.ndarray, full: np.ndarray | None) -> str:
    if full is None:
        low, high = interval(values)
        return f"{values.mean():.3f} ({low:.3f} – {high:.3f})"
    low, high = interval(values - full)
    return f"{values.mean() - full.mean():+.3f} ({low:+.3f} – {high:+.3f})"


def table(name: str, home: Path, asked: list[Asked]) -> list[str]:
    """The first row's values, and each other row's difference to it."""
    lines = ["", f"## {name}: {len(asked)} questions", "", "| | " + " | ".join(SHOWN) + " |"]
    lines.append("|---" * (len(SHOWN) + 1) + "|")
    full: dict[str, np.ndarray] = {}
    with Home.open(home) as opened:
        for variant in VARIANTS:
            found = run(opened, asked, variant)
            cells = [_cell(found[shown], full.get(shown)) for shown in SHOWN]
            lines.append(f"| {variant.name} | " + " | ".join(cells) + " |")
            full = full or found
    return lines


def main() -> None:
    """Write the table of both corpora."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "scifact", "news"):
        parser.add_argument(name, type=Path)
    arguments = parser.parse_args()
    head = ["# Each signal removed in turn", "", "`python -m benchmarks.ablation`; article level;"]
    head.append("difference to all signals, with 95% bootstrap intervals of the paired difference.")
    body = table("SciFact", arguments.scifact, scifact(arguments.data)[1])
    body += table("news2022", arguments.news, news2022(arguments.data)[1])
    text = "\n".join([*head, *body]) + "\n"
    (RESULTS / "ablation.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
