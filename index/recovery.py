"""Bring a home's indexes back in step with its truth, after a writer died or files were lost."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

import numpy as np

from index.dense import Dense
from index.derived import Derived
from index.errors import HomeError
from index.keyword import article_key
from index.records import RepairReport
from index.store import Store

BATCH = 500  # chunks read, written or checked at once
CHECKED = 5000  # chunks checked when a home opens; a repair checks all
SEARCHED = 10  # a chunk must be among so many nearest to its own vector
SEARCHED_AGAIN = 500  # or among so many: the search is approximate, a lost chunk stays lost
SAME = 0.9999  # the similarity of chunks with the same text, which may crowd each other out

Progress = Callable[[int, int, str], None]


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Chunk ids, those of an article standing together, in batches of about BATCH.

    No article is split: the keyword index also holds each as a whole.
    """
    batch: list[str] = []
    for _, group in groupby(ids, article_key):
        batch += group
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _lost(store: Store, dense: Dense, ids: Sequence[str], searched: int) -> list[str]:
    """The chunks that are not found by their own vectors."""
    lost = []
    for batch in _batches(ids):
        records = [r for r in store.records(batch) if np.any(r.vector)]
        if not records:
            continue
        vectors = np.stack([record.vector for record in records])
        for record, hits in zip(records, dense.search_many(vectors, searched), strict=True):
            found = any(hit.chunk_id == record.chunk_id for hit in hits)
            crowded = len(hits) == searched and hits[-1].score >= SAME
            if not (found or crowded):
                lost.append(record.chunk_id)
    return lost


def lost_chunks(store: Store, dense: Dense, ids: Sequence[str]) -> list[str]:
    """Those of the chunks that are not found by their own vectors.

    A broken vector index counts its chunks as before, so counting them proves nothing.
    """
    return _lost(store, dense, _lost(store, dense, ids, SEARCHED), SEARCHED_AGAIN)


def _sample(ids: Sequence[str]) -> Sequence[str]:
    """The newest chunks and some of all others; all of them in a small home."""
    if len(ids) <= CHECKED:
        return ids
    half = CHECKED // 2
    chosen = np.random.default_rng(0).choice(len(ids) - half, half, replace=False)
    return [ids[row] for row in sorted(chosen)] + list(ids[-half:])


def _fill(store: Store, derived: Derived, wanted: Iterable[str]) -> None:
    """Make both indexes hold exactly the wanted chunks."""
    wanted = set(wanted)
    indexes = (derived.dense(), derived.keyword())
    with derived.exclusive():
        for index in indexes:
            present = index.ids()
            if present - wanted:
                index.change([], sorted(present - wanted))
            for batch in _batches(sorted(wanted - present)):
                index.change(list(store.records(batch)), [])


def _complete(store: Store) -> int:
    """Make ready what a dead writer left pending; each is whole, being one transaction."""
    pending = store.pending()
    if pending:
        store.flip(pending, store.counted(pending))
    return len(pending)


def reconcile(store: Store, derived: Derived) -> None:
    """Finish what a dead writer began; build the indexes anew if they cannot be trusted.

    Raises HomeError when that fails too.
    """
    try:
        _fill(store, derived, store.every_chunk_id())
        _complete(store)
        ready = store.chunk_ids()
        _fill(store, derived, ready)
        sound = not lost_chunks(store, derived.dense(), _sample(ready))
    except HomeError:
        sound = False
    if not sound:
        rebuild(store, derived)
    store.set_meta(dirty="")


def rebuild(store: Store, derived: Derived, progress: Progress | None = None) -> RepairReport:
    """Build both indexes anew from the truth in new folders, check them, then use them.

    Approximate search may miss a chunk for good; such are reported as lost, not fatal: exact
    search in small homes and the keyword index still find them.
    """
    store.set_meta(dirty="yes")
    completed = _complete(store)
    ids = store.chunk_ids()
    generation, dense, keyword = derived.create()
    done = 0
    for batch in _batches(ids):
        records = list(store.records(batch))
        dense.change(records, [])
        keyword.change(records, [])
        done += len(batch)
        if progress:
            progress(done, len(ids), batch[-1])
    lost = lost_chunks(store, dense, ids)
    store.set_meta(generation=generation, dense=derived.server)
    derived.adopt(generation, dense, keyword)
    store.set_meta(dirty="")
    return RepairReport(len(store.known()), len(ids), completed, len(lost))
