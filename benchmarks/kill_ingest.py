"""Kill an ingest with signal 9 at random moments, reopen the home and check it.

    python -m benchmarks.kill_ingest ARTICLES_FOLDER [--moments 30] [--rounds 20]

With the real model. Each round begins with a new home and a copy of the articles; before each
kill, some articles are edited, so that new revisions replace old ones. After each kill the home
must hold each article whole or not at all, both indexes must hold exactly its chunks, and each
chunk must be found by its own vector. Prints one line; exits with 1 if anything was broken.
"""

import argparse
import multiprocessing
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path

import index.ingest
import index.publisher
from index.chunk import chunk_article
from index.clean import prepare
from index.errors import LoadError
from index.failure import LoadFailure
from index.folder import TRUTH
from index.home import Home
from index.load import find_sources, load
from index.recovery import lost_chunks

EDITED = 3  # articles edited before each kill
GROUP_CHUNKS = 6  # published together: small, so that many kills strike while writing
PRELOADED = ["chromadb", "onnxruntime", "tantivy", "index.ingest", "index.minilm"]


def run_ingest(home: Path, articles: Path, begun: Event) -> None:
    """The process that is killed; the model is loaded before the clock starts."""
    index.publisher.GROUP_CHUNKS = GROUP_CHUNKS
    with Home.open(home) as opened:
        opened.embedder.embed_query("warm up")
        begun.set()
        index.ingest.ingest(opened, [articles])


@dataclass(slots=True)
class Round:
    """One home, the articles it is fed, and every text that an article ever had."""

    folder: Path
    dice: random.Random
    texts: dict[str, set[str]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def home(self) -> Path:
        """The home that is checked."""
        return self.folder / "home"

    @property
    def articles(self) -> Path:
        """The copies that are edited."""
        return self.folder / "articles"

    def edit(self, turn: int) -> None:
        """Give some articles one more sentence; remember what all should be stored as."""
        editable = sorted(p for p in self.articles.iterdir() if p.suffix in (".txt", ".md"))
        for path in self.dice.sample(editable, EDITED) if turn else []:
            with path.open("a") as file:
                file.write(f"\n\nThe council of Sirte confirmed report number {turn}.\n")
        for path in find_sources([self.articles]):
            for item in load(path):
                if not isinstance(item, LoadFailure):
                    try:
                        self.texts.setdefault(item.source, set()).add(prepare(item)[0])
                    except LoadError:
                        continue

    def start(self) -> BaseProcess:
        """An ingest in another process, which has loaded the model."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
        begun = context.Event()
        process = context.Process(target=run_ingest, args=(self.home, self.articles, begun))
        process.start()
        if not begun.wait(60):
            raise RuntimeError("The ingest did not start.")
        return process

    def kill(self, within: float) -> None:
        """Start an ingest and kill it within some seconds."""
        process = self.start()
        process.join(self.dice.uniform(0, within))
        self.counts["killed" if process.is_alive() else "finished before the kill"] += 1
        process.kill()
        process.join()

    def look(self) -> None:
        """Count what the kill left behind, before the home is opened."""
        if not (self.home / TRUTH).exists():
            return
        connection = sqlite3.connect(self.home / TRUTH)
        try:
            dirty = connection.execute("SELECT 1 FROM meta WHERE key = 'dirty' AND value != ''")
            self.counts["left dirty"] += len(dirty.fetchall())
            pending = connection.execute("SELECT 1 FROM articles WHERE state = 'pending' LIMIT 1")
            self.counts["left half-way"] += len(pending.fetchall())
        except sqlite3.OperationalError:
            self.counts["left empty"] += 1
        finally:
            connection.close()

    def check(self) -> list[str]:
        """Reopen the home; what is wrong with it."""
        wrong = []
        with Home.open(self.home) as home:
            status = home.status()
            if status.pending or not status.agree:
                wrong.append(f"{status}")
            for row in home.list_articles():
                article = home.article(row.id)
                assert article is not None
                chunks = {chunk.id: chunk for chunk in chunk_article(article, home.embedder)}
                kept = {key: found.chunk for key, found in home.chunks(chunks).items()}
                if article.text not in self.texts[row.source] or kept != chunks:
                    wrong.append(f"{row.source} is not whole")
            if status.chunks:
                store, derived = home._truth(), home._indexes()
                ids = store.chunk_ids()
                lost = lost_chunks(store, derived.dense(), ids)
                wrong += [f"{identity} is not found" for identity in lost]
                for index in (derived.dense(), derived.keyword()):
                    if index.ids() != set(ids):
                        wrong.append(f"{index} holds other chunks than the home")
        self.counts["articles checked"] += status.articles
        self.counts["chunks checked"] += status.chunks
        return wrong


def full_run(source: Path) -> float:
    """Seconds of a whole ingest in another process."""
    with tempfile.TemporaryDirectory() as folder:
        whole = Round(Path(folder), random.Random(0))
        shutil.copytree(source, whole.articles)
        process = whole.start()
        started = time.perf_counter()
        process.join()
        return time.perf_counter() - started


def main() -> None:
    """Kill, check, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("articles", type=Path)
    parser.add_argument("--moments", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    seconds = full_run(arguments.articles)
    total: Counter[str] = Counter()
    wrong: list[str] = []
    for number in range(arguments.rounds):
        with tempfile.TemporaryDirectory() as folder:
            turn = Round(Path(folder), random.Random(arguments.seed * 1000 + number))
            shutil.copytree(arguments.articles, turn.articles)
            for moment in range(arguments.moments):
                turn.edit(moment)
                # The first ingests of a round are long, those of a few edits short.
                turn.kill(seconds if moment < 3 else seconds / 3)
                turn.look()
                wrong += [f"round {number}, kill {moment}: {what}" for what in turn.check()]
            total += turn.counts
    print(f"a whole ingest takes {seconds:.1f} s")
    kills = arguments.rounds * arguments.moments
    told = ", ".join(f"{count} {what}" for what, count in sorted(total.items()))
    print(f"{kills} kills ({told}): {len(wrong)} things wrong")
    print("\n".join(wrong[:20]))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
