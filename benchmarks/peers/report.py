"""The comparison as Markdown: one table, then the differences tested."""

import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version

import numpy as np

from benchmarks.peers.compare import Compared, Measured
from benchmarks.peers.measure import TIMED
from benchmarks.retrieval import DEPTH, interval
from rag.evaluation import statistics

PACKAGES = (
    "dateline",
    "llama-index-core",
    "llama-index-retrievers-bm25",
    "bm25s",
    "onnxruntime",
    "chromadb",
    "tantivy",
)
NOTES = f"""\
Retrieval only: without a language model the peers give no answer. All embed with the same
all-MiniLM-L6-v2, which reads a text's first 256 tokens: of a longer chunk the rest is not seen by
dense search. All get the articles as Dateline cleaned them, with their titles (LlamaIndex: as
metadata, which it embeds and counts with each chunk), so its cleaning helps the peers too.

A passage counts when it shares a character with an evidence quote. Large chunks have that easier,
so look at the characters handed over, and at the evidence among the first characters of the
ranking, where all have the same room. Rankings are judged {DEPTH} passages deep; SciFact by the
best passage of each article. Brackets: 95% bootstrap interval.

Times leave out loading programs and the model. Ingest runs until the index is on disk: Dateline
from files, with cleaning and flushing; the peers from texts in memory, a hybrid's BM25 on top of
the quick start's index, whose time and size it includes. Ingest is given by the clock and
in processor time, which what else the machine does disturbs less. Query: one search for the
passages handed over, embedding included, {TIMED} times, the peers taking turns."""


def report(compared: Sequence[Compared], machine: str) -> str:
    """The whole page; `machine` is the line that says what it was made on."""
    peers = compared[0].peers
    lines = [
        "# Retrieval beside LlamaIndex",
        "",
        "`python -m benchmarks.peers`; what is compared and how to run it again is in",
        "[benchmarks/peers](../peers/README.md).",
        "",
        _row("", (peer.name for peer in peers)),
        "|---" * (len(peers) + 1) + "|",
        _row("chunks: tokens, overlap", (peer.chunking for peer in peers)),
        _row("passages handed over", (str(peer.top_k) for peer in peers)),
        *(line for one in compared for line in _section(one)),
        "",
        *_differences(compared),
        "",
        NOTES,
        "",
        machine,
    ]
    return "\n".join(lines) + "\n"


def describe_machine() -> str:
    """Cores, load before the run, versions."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    cores = len(os.sched_getaffinity(0))
    busy = f"load average {os.getloadavg()[0]:.1f} before the run"
    return f"{cores} cores, {busy}, Python {platform.python_version()}, {versions}."


def _section(one: Compared) -> Iterator[str]:
    head = f"**{one.corpus.title}: {one.articles:,} articles, n = {one.questions}**"
    yield _row(head, ("" for _ in one.peers))
    for name in one.peers[0].quality.scores:
        yield _row(name, (_share(peer.quality.scores[name]) for peer in one.peers))
    for name, show in COSTS.items():
        yield _row(name, (show(peer) for peer in one.peers))


COSTS = {
    "characters handed over": lambda peer: f"{peer.quality.characters.mean():,.0f}",
    "chunks in all": lambda peer: f"{peer.chunks:,}",
    "ingest, s: clock / processor": lambda peer: " / ".join(f"{each:,.1f}" for each in peer.ingest),
    "query, ms: p50 / p95": lambda peer: " / ".join(
        f"{1000 * each:,.1f}" for each in np.quantile(peer.times, [0.5, 0.95])
    ),
    "on disk, MB": lambda peer: f"{peer.size / 1e6:,.1f}",
}


def _share(values: np.ndarray) -> str:
    low, high = interval(values)
    return f"{values.mean():.3f} [{low:.3f}, {high:.3f}]"


def _differences(compared: Sequence[Compared]) -> Iterator[str]:
    *peers, product = compared[0].peers
    yield f"{product.name} minus each peer on the same questions, paired randomisation test:"
    yield ""
    yield _row("", (peer.name for peer in peers))
    yield "|---" * (len(peers) + 1) + "|"
    for one in compared:
        *theirs, ours = one.peers
        name = f"{one.corpus.title}: {one.corpus.main}"
        yield _row(name, (_difference(peer, ours, one.corpus.main) for peer in theirs))


def _difference(peer: Measured, ours: Measured, name: str) -> str:
    values = [each.quality.scores[name] for each in (peer, ours)]
    pairs = [np.stack([each, np.ones_like(each)], axis=1) for each in values]
    found = statistics.difference(statistics.ratio, *pairs)
    chance = f"p = {found.p:.3f}" if found.p >= 0.001 else "p < 0.001"
    return f"{found.value:+.3f} [{found.low:+.3f}, {found.high:+.3f}], {chance}"


def _row(head: str, cells: Iterable[str]) -> str:
    return f"| {head} | {' | '.join(cells)} |"
