"""Retrieval quality on SciFact and news2022, article level, through the product's own engine.

Run: `python -m benchmarks.retrieval ../shared/data scifact HOME` or `… news2022 HOME`.
HOME is filled on the first run (news2022: 52,000 chunks, twenty minutes on two cores) and kept.
Each question of news2022 is asked on its own day. Writes a table to benchmarks/results/.
"""

import argparse
import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

import rag
from index.home import Home
from rag.retrieve import Candidate, Query, prepare, retrieve
from rag.understand import understand

RESULTS = Path(__file__).parent / "results"
DEPTH = 50  # passages retrieved; the first ten different articles among them are judged
PART = 500  # articles a file, so that each stays under the loader's size limit
SEED, RESAMPLES = 0, 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the addresses of the articles that answer it, and the day it was asked."""

    question: str
    relevant: frozenset[str]
    day: date | None = None


def lines(path: Path) -> Iterator[dict]:
    """The rows of a JSON lines file, gzipped or not."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def scifact(data: Path) -> tuple[list[dict], list[Asked]]:
    """Abstracts as articles, and the 300 claims of the test set."""
    folder = data / "scifact"
    articles = [
        {"title": row["title"], "text": row["text"], "url": f"https://scifact.example/{row['id']}"}
        for row in lines(folder / "corpus.jsonl.gz")
    ]
    relevant: dict[str, set[str]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, document, score = line.split("\t")
        if int(score) > 0:
            relevant.setdefault(query, set()).add(f"https://scifact.example/{document}")
    asked = [
        Asked(row["text"], frozenset(relevant[str(row["id"])]))
        for row in lines(folder / "queries.jsonl")
        if str(row["id"]) in relevant
    ]
    return articles, asked


def news2022(data: Path) -> tuple[list[dict], list[Asked]]:
    """A year of articles, and the quiz questions whose article is known."""
    folder = data / "news2022"
    articles = [
        {key: row[key] for key in ("title", "text", "url", "published")}
        for row in lines(folder / "articles.jsonl.gz")
    ]
    asked = [
        Asked(row["question"], frozenset(row["gold"]), date.fromisoformat(row["date"]))
        for row in lines(folder / "questions.jsonl")
        if row.get("gold")
    ]
    return articles, asked


def fill(home: Path, articles: list[dict]) -> None:
    """Ingest the articles unless the home holds them already."""
    with rag.connect(home) as engine:
        if engine.status().articles:
            return
        folder = home.with_name(home.name + "-articles")
        folder.mkdir(exist_ok=True)
        for first in range(0, len(articles), PART):
            part = articles[first : first + PART]
            text = "\n".join(json.dumps(article) for article in part)
            (folder / f"{first:06}.jsonl").write_text(text, encoding="utf-8")
        report = engine.ingest([folder])
        print(f"{len(report.added)} ingested, {len(report.failed)} failed: {report.failed[:3]}")


def ask(home: Home, asked: Asked) -> Query:
    """The question as the product prepares it, on the day it was asked."""
    return prepare(understand(asked.question), home, asked.day or date.today())


def ranks(candidates: Iterable[Candidate], asked: Asked) -> list[int]:
    """The ranks (from 1) at which relevant articles come, among different articles."""
    seen: dict[str, None] = {}
    for found in candidates:
        seen.setdefault(found.article.metadata.url or found.article.id)
    return [rank for rank, url in enumerate(seen, start=1) if url in asked.relevant]


def measures(found: list[int], relevant: int) -> dict[str, float]:
    """nDCG@10 (binary gains), MRR@10 and Hit@k of one question."""
    gain = sum(1 / np.log2(rank + 1) for rank in found if rank <= 10)
    ideal = sum(1 / np.log2(rank + 1) for rank in range(1, min(relevant, 10) + 1))
    first = found[0] if found else 10**9
    hits = {f"hit@{k}": float(first <= k) for k in (1, 3, 5, 10)}
    return {"nDCG@10": gain / ideal, "MRR@10": 1 / first if first <= 10 else 0.0, **hits}


def interval(values: np.ndarray) -> tuple[float, float]:
    """The 95% bootstrap interval of a mean."""
    draws = np.random.default_rng(SEED).integers(len(values), size=(RESAMPLES, len(values)))
    low, high = np.percentile(values[draws].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def table(rows: list[Mapping[str, float]]) -> list[str]:
    """One line for each measure, with its interval."""
    found = []
    for name in rows[0]:
        values = np.array([row[name] for row in rows])
        low, high = interval(values)
        found.append(f"| {name} | {values.mean():.3f} | {low:.3f} – {high:.3f} |")
    return found


def main() -> None:
    """Fill the home if need be, ask everything, write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("corpus", choices=["scifact", "news2022"])
    parser.add_argument("home", type=Path)
    arguments = parser.parse_args()
    read = scifact if arguments.corpus == "scifact" else news2022
    articles, asked = read(arguments.data)
    fill(arguments.home, articles)
    with Home.open(arguments.home) as home:
        rows = [
            measures(ranks(retrieve(ask(home, one), home, DEPTH, None), one), len(one.relevant))
            for one in asked
        ]
    head = [
        f"# {arguments.corpus}: {len(articles)} articles, {len(asked)} questions, article level",
        "",
        "| measure | value | 95% interval |",
        "|---|---|---|",
    ]
    text = "\n".join([*head, *table(rows)]) + "\n"
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"retrieval-{arguments.corpus}.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
