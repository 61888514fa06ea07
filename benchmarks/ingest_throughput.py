"""Ingest throughput against ONNX Runtime's own, in one run on the same articles.

    python -m benchmarks.ingest_throughput ARTICLES.jsonl.gz [--articles 300]

Ingests the first articles of a JSON Lines file (keys: id, url, title, published, text) into a
new home, some at a time, and after each part gives the same batches to ONNX Runtime alone: what
else the machine does meanwhile meets both. The difference is everything but the model: reading,
cleaning, splitting, tokenising, both indexes, fsync.
"""

import argparse
import gzip
import itertools
import json
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from index import minilm
from index.home import Home
from index.ingest import ingest

PART = 100  # articles between two measurements


class RecordingSession:
    """An ONNX Runtime session that remembers its batches."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self.batches: list[Any] = []

    def run(self, outputs: Any, feed: Any) -> Any:
        """Run the model."""
        self.batches.append(feed)
        return self._session.run(outputs, feed)

    def replay(self) -> float:
        """Seconds that ONNX Runtime takes for the same batches, with nothing else to do."""
        started = time.perf_counter()
        for feed in self.batches:
            self._session.run(None, feed)
        self.batches.clear()
        return time.perf_counter() - started


def write_parts(path: Path, count: int, folder: Path) -> list[Path]:
    """The first articles as JSON Lines files that the loader reads."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in itertools.islice(lines, count)]
    parts = []
    for first in range(0, count, PART):
        parts.append(folder / f"{first:05}.jsonl")
        lines_of_part = []
        for record in records[first : first + PART]:
            del record["id"]
            lines_of_part.append(json.dumps(record))
        parts[-1].write_text("\n".join(lines_of_part))
    return parts


def main() -> None:
    """Measure and print one line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("path", type=Path)
    parser.add_argument("--articles", type=int, default=400)
    arguments = parser.parse_args()
    model = minilm._model()
    session = RecordingSession(model.session)
    minilm._model = lambda: model._replace(session=session)  # type: ignore[assignment]
    ratios, whole, alone = [], 0.0, 0.0
    with tempfile.TemporaryDirectory() as name, Home.open(Path(name) / "home") as home:
        for number, part in enumerate(write_parts(arguments.path, arguments.articles, Path(name))):
            started = time.perf_counter()
            ingest(home, [part])
            taken = time.perf_counter() - started
            bare = session.replay()
            if number == 0:
                continue  # it also opened the indexes
            ratios.append(taken / bare)
            whole, alone = whole + taken, alone + bare
        chunks, articles = home.chunk_count(), home.coverage().articles
    print(
        f"{articles} articles, {chunks} chunks: ingest {whole:.1f} s, ONNX Runtime alone "
        f"{alone:.1f} s; ratio {whole / alone:.3f}, median of parts {median(ratios):.3f} "
        f"({min(ratios):.3f} to {max(ratios):.3f})"
    )


if __name__ == "__main__":
    main()
