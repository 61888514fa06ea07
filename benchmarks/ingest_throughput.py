"""Ingest throughput against ONNX Runtime's own, in one run on the same articles.

    python -m benchmarks.ingest_throughput ARTICLES.jsonl.gz [--articles 300]

Ingests the first articles of a JSON Lines file (keys: id, url, title, published, text) into a
new home and measures how much of the time is spent inside ONNX Runtime's `session.run`. The rest
is everything else: reading, cleaning, splitting, tokenising, both indexes, fsync.
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


class TimedSession:
    """An ONNX Runtime session that adds up the time spent in it."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self.seconds = 0.0

    def run(self, *arguments: Any) -> Any:
        """Run the model, timed."""
        started = time.perf_counter()
        try:
            return self._session.run(*arguments)
        finally:
            self.seconds += time.perf_counter() - started


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
    session = TimedSession(model.session)
    minilm._model = lambda: model._replace(session=session)  # type: ignore[assignment]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "records.jsonl"
        write_articles(arguments.path, arguments.articles, file)
        with Home.open(Path(folder) / "home") as home:
            home.embedder.embed_query("warm up")
            session.seconds = 0.0
            started = time.perf_counter()
            report = ingest(home, [file])
            total = time.perf_counter() - started
            chunks = home.chunk_count()
    print(
        f"{len(report.added)} articles ({len(report.failed)} failed), {chunks} chunks: "
        f"{total:.1f} s, of which ONNX Runtime {session.seconds:.1f} s; "
        f"whole / model = {total / session.seconds:.3f}; {chunks / total:.1f} chunks/s"
    )


if __name__ == "__main__":
    main()
