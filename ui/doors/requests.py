"""What a program may ask for: the forms of its requests, checked; an unknown key is refused."""

from datetime import date
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)

from index.article import Filters

MOST_PASSAGES = 100
_MOST_TURNS = 50
_MOST_OUTLETS = 100


def _iso_date(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError("a date looks like 2020-12-31") from None


# Not `date`: pydantic takes a number for one, as seconds.
Day = Annotated[
    str, AfterValidator(_iso_date), WithJsonSchema({"type": "string", "format": "date"})
]


class Asked(BaseModel):
    """The base of all forms."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AskedFilters(Asked):
    """Limits to outlets and days; what is left out limits nothing."""

    publishers: list[str] = Field(
        default=[], max_length=_MOST_OUTLETS, description="Only articles of these outlets."
    )
    published_from: Day | None = Field(
        default=None, description="Only articles published on this day or later."
    )
    published_to: Day | None = Field(
        default=None, description="Only articles published on this day or earlier."
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.published_from and self.published_to and self.published_from > self.published_to:
            raise ValueError("published_from is later than published_to")
        return self

    def to_filters(self) -> Filters:
        """The same for the engine."""
        return Filters(tuple(self.publishers), self.published_from, self.published_to)


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
    explain: bool = Field(default=False, description="Add how the answer came about: `trace`.")


class RetrieveRequest(Asked):
    """A question whose best passages are wanted."""

    question: str = Field(description="The question, at most 2,000 characters.")
    top_k: int = Field(default=10, ge=1, le=MOST_PASSAGES, description="How many passages.")
    filters: AskedFilters = AskedFilters()
