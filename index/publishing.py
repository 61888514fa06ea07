"""What publishing an article needs beside its rows: sound vectors, index records, word counts."""

from collections.abc import Sequence

import numpy as np

from index.article import date_number, publisher_key
from index.errors import ModelError
from index.records import Entry, Fingerprint, IndexRecord
from index.vocabulary import WordCounts, chunk_terms
from index.words import terms


def check_vectors(entry: Entry, fingerprint: Fingerprint) -> None:
    """Raise ModelError unless every vector of an article is as long as the others, and finite."""
    for stored in entry.chunks:
        if stored.vector.shape != (fingerprint.dimension,) or not np.isfinite(stored.vector).all():
            raise ModelError(
                f"The embedding model {fingerprint.embedder} gave a vector that is not "
                f"{fingerprint.dimension} numbers for {entry.article.source}. Use another model."
            )


def index_records(entries: Sequence[Entry], since: int, counts: WordCounts) -> list[IndexRecord]:
    """What the indexes will hold of some articles; their words are added to the counts."""
    records = []
    for entry in entries:
        known = entry.article.metadata
        title = terms(known.title or "")
        published = date_number(known.published) if known.published else None
        for stored in entry.chunks:
            found = chunk_terms(entry.article.text, stored.chunk)
            counts.add(found)
            records.append(
                IndexRecord(
                    chunk_id=stored.chunk.id,
                    vector=stored.vector,
                    body=found.body,
                    title=title,
                    publisher=publisher_key(known.publisher),
                    published=published,
                    since=since,
                )
            )
    return records
