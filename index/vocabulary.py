"""The words of the collection, counted: for spellings, misspellings and rare terms."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from index.article import Chunk
from index.database import Database
from index.names import skeleton
from index.records import WordRow
from index.words import tokens

_skeleton = lru_cache(1 << 17)(skeleton)  # most words of a group were in earlier ones

_ADD_WORDS = """
INSERT INTO words (word, stem, skeleton, chunks, capitals) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (word) DO UPDATE
SET chunks = chunks + excluded.chunks, capitals = capitals + excluded.capitals
"""
_ADD_TERMS = """
INSERT INTO terms (term, chunks) VALUES (?, ?)
ON CONFLICT (term) DO UPDATE SET chunks = chunks + excluded.chunks
"""
_SUBTRACT_WORDS = "UPDATE words SET chunks = chunks - ?, capitals = capitals - ? WHERE word = ?"
_SUBTRACT_TERMS = "UPDATE terms SET chunks = chunks - ? WHERE term = ?"
_CLEAR_WORDS = "DELETE FROM words WHERE word = ? AND chunks = 0"
_CLEAR_TERMS = "DELETE FROM terms WHERE term = ? AND chunks = 0"


@dataclass(frozen=True, slots=True)
class ChunkTerms:
    """The words of one chunk: its index terms in order, the stem of each word, and the words
    written with a capital elsewhere than at the start of a sentence, once for each time.
    """

    body: Sequence[str]
    stems: dict[str, str]
    capitals: Sequence[str]


def chunk_terms(text: str, chunk: Chunk) -> ChunkTerms:
    """Analyse one chunk of an article's text."""
    body: list[str] = []
    stems: dict[str, str] = {}
    capitals: list[str] = []
    for sentence in chunk.sentences:
        opening = -1
        for token in tokens(text[sentence.start : sentence.end]):
            if opening < 0:
                opening = token.start
            body.append(token.stem)
            stems[token.word] = token.stem
            if token.capital and token.start != opening:
                capitals.append(token.word)
    return ChunkTerms(body, stems, capitals)


@dataclass(slots=True)
class WordCounts:
    """Counts over some chunks: chunks that hold a word or an index term, capitals of a word."""

    words: Counter[str] = field(default_factory=Counter)
    capitals: Counter[str] = field(default_factory=Counter)
    terms: Counter[str] = field(default_factory=Counter)
    stems: dict[str, str] = field(default_factory=dict)

    def add(self, found: ChunkTerms) -> None:
        """Add one chunk."""
        self.words.update(found.stems.keys())
        self.terms.update(set(found.stems.values()))
        self.capitals.update(found.capitals)
        self.stems.update(found.stems)


def add_words(database: Database, counts: WordCounts) -> None:
    """Add the counts of chunks that became ready. Call it inside a transaction."""
    words = [
        (word, counts.stems[word], _skeleton(word), chunks, counts.capitals[word])
        for word, chunks in sorted(counts.words.items())
    ]
    database.many(_ADD_WORDS, words)
    database.many(_ADD_TERMS, sorted(counts.terms.items()))


def subtract_words(database: Database, counts: WordCounts) -> None:
    """Take the counts of dropped chunks away again. Call it inside a transaction."""
    words = [(chunks, counts.capitals[word], word) for word, chunks in counts.words.items()]
    database.many(_SUBTRACT_WORDS, words)
    database.many(_SUBTRACT_TERMS, [(chunks, term) for term, chunks in counts.terms.items()])
    database.many(_CLEAR_WORDS, [(word,) for word in counts.words])
    database.many(_CLEAR_TERMS, [(term,) for term in counts.terms])


def word_counts(database: Database, stems: Iterable[str]) -> dict[str, int]:
    """In how many ready chunks each index term occurs; 0 for an unknown one."""
    wanted = list(dict.fromkeys(stems))
    sql = "SELECT term, chunks FROM terms WHERE term IN (SELECT value FROM json_each(?))"
    found = dict(database.rows(sql, (json.dumps(wanted),)))
    return {stem: found.get(stem, 0) for stem in wanted}


def spellings(database: Database, skeletons: Iterable[str]) -> list[WordRow]:
    """The words with one of these skeletons, most frequent first."""
    rows = database.rows(
        "SELECT word, stem, chunks, capitals FROM words "
        "WHERE skeleton IN (SELECT value FROM json_each(?)) ORDER BY chunks DESC, word",
        (json.dumps(list(skeletons)),),
    )
    return [WordRow(*row) for row in rows]


def vocabulary(database: Database) -> list[WordRow]:
    """Every word of the collection in alphabetical order."""
    rows = database.rows("SELECT word, stem, chunks, capitals FROM words ORDER BY word")
    return [WordRow(*row) for row in rows]
