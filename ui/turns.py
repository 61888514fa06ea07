"""What a question was asked with, and the turns of a conversation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from urllib.parse import urlencode

from index.article import Filters
from index.errors import UsageError
from rag.answer import Answer
from ui import text

Rating = Literal["up", "down"]
LEAST_PASSAGES = 3
MOST_PASSAGES = 20
PASSAGES = 10
_LONGEST_VALUE = 2000  # characters of anything in an address


@dataclass(frozen=True, slots=True)
class Choices:
    """The filters and settings beside the question box.

    `quoting`: the answer quotes although a language model is configured.
    """

    publishers: tuple[str, ...] = ()
    published_from: str | None = None
    published_to: str | None = None
    quoting: bool = False
    strict: bool = False
    passages: int = PASSAGES

    @property
    def filters(self) -> Filters:
        """The limits, for the engine. Raises UsageError for a date that is none."""
        first = _day(self.published_from)
        last = _day(self.published_to)
        if first and last and first > last:
            raise UsageError(
                f"{text.day(first)} is later than {text.day(last)}: exchange the dates."
            )
        return Filters(self.publishers, first, last)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was answered: how it was asked, on which day, and what its reader thinks.

    `identity` is given with the first rating, so that a later one replaces it.
    """

    answer: Answer
    choices: Choices
    day: date
    rating: Rating | None = None
    identity: str = ""


def address(question: str, choices: Choices) -> str:
    """The page's address with a question, its filters and settings in it."""
    asked = text.line(question)
    told: list[tuple[str, str]] = [("q", asked)] if asked else []
    told += [("outlet", text.line(name)) for name in choices.publishers]
    told += [
        (name, value)
        for name, value in (("from", choices.published_from), ("to", choices.published_to))
        if value
    ]
    if choices.quoting:
        told.append(("quoting", "1"))
    if choices.strict:
        told.append(("strict", "1"))
    if choices.passages != PASSAGES:
        told.append(("passages", str(choices.passages)))
    return f"/?{urlencode(told)}" if told else "/"


def from_address(told: Iterable[tuple[str, str]]) -> tuple[str, Choices]:
    """The question and the choices that an address names; what makes no sense is left out."""
    pairs = [(name, text.line(value)[:_LONGEST_VALUE]) for name, value in told]
    last: Mapping[str, str] = dict(pairs)
    return last.get("q", ""), Choices(
        publishers=tuple(value for name, value in pairs if name == "outlet" and value),
        published_from=_known_day(last.get("from")),
        published_to=_known_day(last.get("to")),
        quoting=last.get("quoting") == "1",
        strict=last.get("strict") == "1",
        passages=_number(last.get("passages")),
    )


def _day(value: str | None) -> str | None:
    if not value or not value.strip():
        return None
    try:
        return date.fromisoformat(value.strip()).isoformat()
    except ValueError:
        raise UsageError(f"{text.line(value)} is not a date. Write it as 2020-12-31.") from None


def _known_day(value: str | None) -> str | None:
    try:
        return _day(value)
    except UsageError:
        return None


def _number(value: str | None) -> int:
    if value is None or not value.isascii() or not value.isdigit():
        return PASSAGES
    return min(max(int(value), LEAST_PASSAGES), MOST_PASSAGES)
