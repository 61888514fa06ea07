"""Documents that disagree: which answers the extractive reader shows, and whether side by side.

Run: `python -m benchmarks.ramdocs [FILE] [--count N]` (default ../shared/data/ramdocs/dev.jsonl).
Each question's documents are read in memory as the passages of articles of their own. Writes
benchmarks/results/ramdocs.md.
"""

import argparse
import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import rag
from benchmarks.retrieval import RESULTS
from benchmarks.verification import share
from rag.answer import Answer
from rag.engine import QueryEngine


@dataclass(frozen=True, slots=True)
class Row:
    """A question with its documents, right answers and wrong ones."""

    question: str
    documents: tuple[str, ...]
    gold: tuple[str, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What an answer shows: right and wrong answers, one by one, and whether groups disagree."""

    answered: bool
    gold: tuple[bool, ...]
    wrong: tuple[bool, ...]
    conflict: bool


def rows(path: Path) -> list[Row]:
    """All questions of the file."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        texts = tuple(one["text"] for one in row["documents"])
        found.append(
            Row(row["question"], texts, tuple(row["gold_answers"]), tuple(row["wrong_answers"]))
        )
    return found


def _plain(text: str) -> str:
    words = re.findall(r"[^\W_]+", text.casefold())
    return f" {' '.join(words)} "


def _says(text: str, answer: str) -> bool:
    return _plain(answer) in _plain(text)


def shown(row: Row, answer: Answer) -> Shown:
    """Which answers stand in the answer's sentences.

    Groups that say otherwise are shown as quotes of their own: two or more quotes that are
    not followed by "articles agree" for all of them let a reader see that articles differ.
    """
    text = " ".join(sentence.text for sentence in answer.sentences)
    quotes = [one for one in answer.sentences if one.text.startswith("“")]
    gold = tuple(_says(text, one) for one in row.gold)
    wrong = tuple(_says(text, one) for one in row.wrong)
    return Shown(answer.answered, gold, wrong, len(quotes) > 1)


def read(row: Row, engine: QueryEngine, folder: Path) -> Shown:
    """Ask a home that holds the row's documents and nothing else."""
    engine.remove([article.id for article in engine.articles()])
    for place, text in enumerate(row.documents):
        (folder / f"{place}.txt").write_text(text, encoding="utf-8")
    engine.ingest([folder / f"{place}.txt" for place in range(len(row.documents))])
    return shown(row, engine.ask(row.question))


def measure(chosen: Sequence[Row]) -> list[Shown]:
    """Every row in one home that is emptied in between."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "documents")
        folder.mkdir()
        with rag.connect(Path(place, "home")) as engine:
            return [read(row, engine, folder) for row in chosen]


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path("../shared/data/ramdocs/dev.jsonl")
    parser.add_argument("file", type=Path, nargs="?", default=default)
    parser.add_argument("--count", type=int, help="only the first COUNT questions")
    arguments = parser.parse_args()
    found = measure(rows(arguments.file)[: arguments.count])
    gold = [flag for one in found for flag in one.gold]
    wrong = [flag for one in found for flag in one.wrong]
    alone = [flag and not one.conflict for one in found for flag in one.wrong]
    table = (
        ("questions answered", [one.answered for one in found]),
        ("questions with a gold answer shown", [any(one.gold) for one in found]),
        ("questions with every gold answer shown", [all(one.gold) for one in found]),
        ("gold answers shown", gold),
        ("wrong answers shown", wrong),
        ("wrong answers shown without another answer beside them", alone),
    )
    lines = ["# Documents that disagree (RAMDocs)", "", "| | n | share |", "|---|---|---|"]
    lines += [f"| {name} | {len(flags)} | {share(flags)} |" for name, flags in table]
    text = "\n".join(lines) + "\n"
    (RESULTS / "ramdocs.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
