"""What a possible short answer is."""

from dataclasses import dataclass

from rag.understand import Kind


@dataclass(frozen=True, slots=True)
class Mention:
    """A possible short answer: its span in a text and the kinds of question it could answer.

    `key` is equal for two mentions that say the same ("20,000" and "about 20,000"); `core` is
    the offset where the value itself begins, after any hedge.
    """

    start: int
    end: int
    kinds: frozenset[Kind]
    key: str
    core: int
