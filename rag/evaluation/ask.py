"""Ask one gold question and keep what came of it, in plain types that a file can hold."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from index.errors import DatelineError
from rag.evaluation.gold import GoldItem
from rag.evaluation.locate import Place

if TYPE_CHECKING:
    from rag.answer import Answer
    from rag.engine import QueryEngine

DEPTH = 50  # passages retrieved, so that they hold ten articles for the figures by article


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation: where its words stand, the words, and the file or address of the article."""

    place: Place
    quote: str
    source: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question. `error` is the reason, in one line, why it has no answer.

    `retrieved` is best first. `seconds` is the whole time of the answer, `timings` its parts.
    """

    id: str
    retrieved: tuple[Place, ...] = ()
    answered: bool = False
    text: str = ""
    short_answer: str | None = None
    citations: tuple[Cited, ...] = ()
    confidence: float | None = None
    engine: str = ""
    seconds: float = 0.0
    timings: Mapping[str, float] | None = None
    error: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The outcome in plain JSON types; `from_dict` reads it back."""
        plain = asdict(self)
        plain["retrieved"] = [[spot.article, spot.start, spot.end] for spot in self.retrieved]
        return plain

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> "Outcome":
        """Read `to_dict` back. Raises KeyError, TypeError or ValueError for anything else."""
        cited = [
            Cited(Place(**each["place"]), each["quote"], each["source"])
            for each in plain["citations"]
        ]
        retrieved = tuple(Place(*spot) for spot in plain["retrieved"])
        return cls(**{**plain, "retrieved": retrieved, "citations": tuple(cited)})


def ask(engine: "QueryEngine", item: GoldItem) -> Outcome:
    """Retrieve for one question, then answer it. An error raised on purpose is its outcome."""
    retrieved: tuple[Place, ...] = ()
    try:
        passages = engine.retrieve(item.question, top_k=DEPTH)
        retrieved = tuple(Place(each.article.id, each.start, each.end) for each in passages)
        return _outcome(item, retrieved, engine.ask(item.question))
    except DatelineError as error:
        return Outcome(item.id, retrieved, error=" ".join(str(error).split()))


def _outcome(item: GoldItem, retrieved: tuple[Place, ...], answer: "Answer") -> Outcome:
    return Outcome(
        id=item.id,
        retrieved=retrieved,
        answered=answer.answered,
        text=answer.text,
        short_answer=answer.short_answer,
        citations=tuple(
            Cited(Place(each.article.id, each.start, each.end), each.quote, each.article.source)
            for each in answer.citations
        ),
        confidence=answer.confidence,
        engine=answer.engine,
        seconds=answer.seconds,
        timings=dict(answer.timings),
    )
