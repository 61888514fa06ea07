"""What passes between the steps of an article's way in."""

from dataclasses import dataclass
from datetime import date

from index.errors import UsageError


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about an article; None means unknown, never guessed.

    `published` is an ISO date (YYYY-MM-DD).
    """

    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One article as loaded: where it was read from, its raw text, what its file says of it.

    `pages` are the offsets in `text` at which its printed pages begin; empty where it has none.
    """

    source: str
    text: str
    metadata: Metadata = Metadata()
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """One stored article. `text` is the cleaned text that all offsets refer to.

    `id` is derived from `source` and stays the same when the text changes; `revision` counts
    those changes from 1. `pages` are the offsets at which its printed pages begin, if it has any.
    `gone` is the ISO date since which its source no longer has it, where that is to be flagged.
    """

    id: str
    revision: int
    source: str
    text: str
    metadata: Metadata
    pages: tuple[int, ...] = ()
    gone: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of character offsets in an article's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of whole sentences of one article, small enough for the embedder.

    `id` holds article, revision and position, so a changed text never reuses an id.
    """

    id: str
    article_id: str
    position: int
    start: int
    end: int
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """Limits a question to some outlets and dates; empty means no limit.

    Dates are inclusive ISO dates. An article of unknown date passes no date limit.
    """

    publishers: tuple[str, ...] = ()
    published_from: str | None = None
    published_to: str | None = None


def publisher_key(publisher: str | None) -> str:
    """The form in which publishers are compared; empty for an unknown one."""
    return " ".join((publisher or "").casefold().split())


def date_number(iso: str) -> int:
    """An ISO date as a number that sorts like it: 2020-12-02 → 20201202.

    Raises UsageError for anything else.
    """
    try:
        day = date.fromisoformat(iso)
    except ValueError as error:
        raise UsageError(f"{iso!r} is not a date. Write it as 2020-12-31.") from error
    return day.year * 10000 + day.month * 100 + day.day
