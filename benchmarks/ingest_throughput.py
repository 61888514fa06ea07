"""Ingest throughput against ONNX Runtime's own, in one run on the same articles.

    python -m benchmarks.ingest_throughput ARTICLES.jsonl.gz [--articles 300]

Ingests the first articles of a JSON Lines file (keys: id, url, title, published, text) into a
new home, then gives the same batches to ONNX Runtime alone, and compares the two times. The
difference is everything else: reading, cleaning, splitting, tokenising, both indexes, fsync.
"""

import argparse
import gzip
import itertools
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from index import minilm
from index.home import Home
from index.ingest import ingest


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
        return time.perf_counter() - started


def write_articles(path: Path, count: int, to: Path) -> None:
    """The first articles as one JSON Lines file that the loader reads."""
    with gzip.open(path, "rt", encoding="utf-8") as lines, to.open("w") as out:
        for line in itertools.islice(lines, count):
            record = json.loads(line)
            record.pop("id")
            out.write(json.dumps(record) + "\n")


def main() -> None:
    """Measure and print one line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("path", type=Path)
    parser.add_argument("--articles", type=int, default=300)
    arguments = parser.parse_args()
    model = minilm._model()
    session = RecordingSession(model.session)
    minilm._model = lambda: model._replace(session=session)  # type: ignore[assignment]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "records.jsonl"
        write_articles(arguments.path, arguments.articles, file)
        with Home.open(Path(folder) / "home") as home:
            home.embedder.embed_query("warm up")
            session.batches.clear()
            started = time.perf_counter()
            report = ingest(home, [file])
            total = time.perf_counter() - started
            chunks = home.chunk_count()
        alone = session.replay()
    print(
        f"{len(report.added)} articles ({len(report.failed)} failed), {chunks} chunks: "
        f"{total:.1f} s; ONNX Runtime alone {alone:.1f} s for the same {len(session.batches)} "
        f"batches; ratio {total / alone:.3f}; {chunks / total:.1f} chunks/s"
    )


if __name__ == "__main__":
    main()
