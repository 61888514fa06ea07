"""What reordering the best 50 passages with the trained reader is worth, article level.

Run: `python -m benchmarks.rerank ../shared/data SCIFACT_HOME NEWS_HOME`. The homes are those of
benchmarks/retrieval.py. Writes benchmarks/results/rerank.md.
"""

import argparse
import time
from pathlib import Path

import numpy as np

from benchmarks.ablation import SHOWN
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
from index.home import Home
from rag.rerank import TrainedReranker
from rag.retrieve import rerank, retrieve


def compare(home: Home, asked: list[Asked]) -> tuple[np.ndarray, np.ndarray, float]:
    """The measures without and with reordering, (questions, measures) each, and its seconds."""
    reranker = TrainedReranker()
    before, after, seconds = [], [], 0.0
    for one in asked:
        query = ask(home, one)
        found = retrieve(query, home, DEPTH, None)
        began = time.perf_counter()
        turned = rerank(query, found, reranker, DEPTH)
        seconds += time.perf_counter() - began
        for rows, ranked in ((before, found), (after, turned)):
            row = measures(ranks(ranked, one), len(one.relevant))
            rows.append([row[name] for name in SHOWN])
    return np.array(before), np.array(after), seconds / len(asked)


def table(name: str, place: Path, asked: list[Asked]) -> list[str]:
    """Values without, differences with; 95% bootstrap intervals."""
    with Home.open(place) as home:
        before, after, seconds = compare(home, asked)
    lines = ["", f"## {name}: {len(asked)} questions, {seconds * 1000:.0f} ms each to reorder", ""]
    lines += ["| measure | without | with | difference |", "|---|---|---|---|"]
    for column, shown in enumerate(SHOWN):
        low, high = interval(after[:, column] - before[:, column])
        means = before[:, column].mean(), after[:, column].mean()
        change = f"{means[1] - means[0]:+.3f} ({low:+.3f} – {high:+.3f})"
        lines.append(f"| {shown} | {means[0]:.3f} | {means[1]:.3f} | {change} |")
    return lines


def main() -> None:
    """Write the table of both corpora."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "scifact", "news"):
        parser.add_argument(name, type=Path)
    arguments = parser.parse_args()
    lines = [f"# The best {DEPTH} passages reordered by the trained reader"]
    lines += table("SciFact", arguments.scifact, scifact(arguments.data)[1])
    lines += table("news2022", arguments.news, news2022(arguments.data)[1])
    text = "\n".join(lines) + "\n"
    (RESULTS / "rerank.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
