"""All peers on one corpus."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import rag
from benchmarks.peers.corpora import Corpus
from benchmarks.peers.llama import DEFAULT, SMALL, Hybrid, QuickStart
from benchmarks.peers.measure import Quality, Taken, quality, search_times, seconds
from benchmarks.peers.peer import Dateline, Peer
from index.article import Article
from rag.engine import QueryEngine

WARM_UP = "The harbour was closed on Tuesday because of fog, the port authority said."


@dataclass(frozen=True, slots=True)
class Measured:
    """What one peer did. `times` are seconds of single searches, `size` bytes."""

    name: str
    chunking: str
    top_k: int
    chunks: int
    quality: Quality
    ingest: Taken
    times: np.ndarray
    size: int


@dataclass(frozen=True, slots=True)
class Compared:
    """What each peer did on a corpus, the product last."""

    corpus: Corpus
    articles: int
    questions: int
    peers: tuple[Measured, ...]


def compare(corpus: Corpus, folder: Path) -> Compared:
    """Ingest with the product; give the same cleaned texts to the peers; ask all of them."""
    _warm_up(folder / "warm-up")
    with rag.connect(folder / "dateline") as engine:
        product = Dateline(engine, corpus.files)
        taken = _ingest([product], corpus)
        articles, questions = _articles(engine), corpus.questions(engine)
        peers = _llama_peers(articles, folder)
        taken |= _ingest(peers, corpus)
        peers.append(product)
        qualities = [quality(peer, questions) for peer in peers]  # first, so that all is loaded
        times = search_times(peers, questions)
        ingests = [taken[peer.name] for peer in peers]
        measured = map(_measured, peers, qualities, ingests, times)
        return Compared(corpus, len(articles), len(questions), tuple(measured))


def _ingest(peers: Sequence[Peer], corpus: Corpus) -> dict[str, Taken]:
    """What each peer took, with what its base took; a base comes before what builds on it."""
    taken: dict[str, Taken] = {}
    for peer in peers:
        own = seconds(peer.ingest)
        taken[peer.name] = own.plus(taken[peer.base.name]) if peer.base else own
        print(f"{corpus.title}: {peer.name} took {own.clock:,.1f} s to ingest", flush=True)
    return taken


def _measured(peer: Peer, found: Quality, ingest: Taken, times: np.ndarray) -> Measured:
    return Measured(
        name=peer.name,
        chunking=peer.chunking,
        top_k=peer.top_k,
        chunks=peer.chunk_count(),
        quality=found,
        ingest=ingest,
        times=times,
        size=peer.size(),
    )


def _warm_up(folder: Path) -> None:
    """Load every library and the model, so that no ingest pays for it."""
    (folder / "files").mkdir(parents=True)
    (folder / "files" / "one.txt").write_text(WARM_UP, encoding="utf-8")
    with rag.connect(folder / "dateline") as engine:
        Dateline(engine, folder / "files").ingest()
        for peer in _llama_peers(_articles(engine), folder):
            peer.ingest()


def _articles(engine: QueryEngine) -> list[Article]:
    found = [engine.article(row.id) for row in engine.articles()]
    return [article for article in found if article is not None]


def _llama_peers(articles: Sequence[Article], folder: Path) -> list[Peer]:
    plain, hybrid = [], []
    for setting in (DEFAULT, SMALL):
        plain.append(QuickStart(articles, setting, folder / f"vectors-{setting.tokens}"))
        hybrid.append(Hybrid(plain[-1], folder / f"bm25-{setting.tokens}"))
    return [*plain, *hybrid]
