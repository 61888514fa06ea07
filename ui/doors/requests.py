"""What a program may ask for: the forms of its requests, checked; an unknown key is refused."""

from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from index.article import Filters

MOST_PASSAGES = 100
_MOST_TURNS = 50
_MOST_OUTLETS = 100


class Asked(BaseModel):
    """The base of all forms."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AskedFilters(Asked):
    """Limits to outlets and days; what is left out limits nothing."""

    publishers: list[str] = Field(
        default=[], max_length=_MOST_OUTLETS, description="Only articles of these outlets."
    )
    published_from: date | None = Field(
        default=None, description="Only articles published on this day or later."
    )
    published_to: date | None = Field(
        default=None, description="Only articles published on this day or earlier."
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.published_from and self.published_to and self.published_from > self.published_to:
            raise ValueError("published_from is later than published_to")
        return self

    def to_filters(self) -> Filters:
        """The same for the engine."""
        days = (self.published_from, self.published_to)
        first, last = (day.isoformat() if day else None for day in days)
        return Filters(tuple(self.publishers), first, last)


class AskedTurn(Asked):
    """An earlier question and the text of its answer."""

    question: str
    answer: str


class AskRequest(Asked):
    """A question to be answered."""

    question: str = Field(description="The question, at most 2,000 characters.")
    history: list[AskedTurn] = Field(
        default=[], max_length=_MOST_TURNS, description="The conversation so far, oldest first."
    )
    filters: AskedFilters = AskedFilters()
    stream: bool = Field(default=False, description="Answer with server-sent events.")


class RetrieveRequest(Asked):
    """A question whose best passages are wanted."""

    question: str = Field(description="The question, at most 2,000 characters.")
    top_k: int = Field(default=10, ge=1, le=MOST_PASSAGES, description="How many passages.")
    filters: AskedFilters = AskedFilters()
