"""The corpora: files to ingest, and questions with what answers them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.judge import ArticleQuestion, EvidenceQuestion, Judged
from benchmarks.retrieval import PART, scifact
from rag.engine import QueryEngine
from rag.evaluation.gold import read_gold
from rag.evaluation.locate import Locator, warnings


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles in files, and `questions` over the home that has ingested them.

    `main` names the measure that differences are tested on.
    """

    name: str
    title: str
    files: Path
    main: str
    questions: Callable[[QueryEngine], list[Judged]]


def corpora(root: Path, shared: Path, folder: Path, only: Sequence[str] | None) -> list[Corpus]:
    """The corpora at hand, all or the named ones; `folder` takes files that must be written."""
    makers = {
        "samples": lambda: _evidence(
            "samples", "Sample articles", root / "samples/articles", root / "samples/gold.jsonl"
        ),
        "articles": lambda: _evidence(
            "articles", "Real articles", shared / "articles", shared / "gold/articles-dev.jsonl"
        ),
        "scifact": lambda: _scifact(shared / "data", folder / "scifact-files"),
    }
    return [makers[name]() for name in only or makers]


def _evidence(name: str, title: str, files: Path, gold: Path) -> Corpus:
    def questions(engine: QueryEngine) -> list[Judged]:
        items = [item for item in read_gold(gold).items if item.evidence]
        locator = Locator(engine)
        located = [[locator.locate(piece) for piece in item.evidence] for item in items]
        for warning in warnings(items, located):
            print(warning)
        return [
            EvidenceQuestion(item.question, tuple(piece.places for piece in pieces))
            for item, pieces in zip(items, located, strict=True)
        ]

    return Corpus(name, title, files, "evidence MRR@10", questions)


def _scifact(data: Path, folder: Path) -> Corpus:
    articles, asked = scifact(data)
    folder.mkdir(parents=True)
    for first in range(0, len(articles), PART):
        lines = [json.dumps(article) for article in articles[first : first + PART]]
        (folder / f"{first:06}.jsonl").write_text("\n".join(lines), encoding="utf-8")

    def questions(engine: QueryEngine) -> list[Judged]:
        ids = {row.metadata.url: row.id for row in engine.articles()}
        return [
            ArticleQuestion(one.question, frozenset(ids[url] for url in one.relevant))
            for one in asked
        ]

    return Corpus("scifact", "SciFact abstracts", folder, "nDCG@10", questions)
