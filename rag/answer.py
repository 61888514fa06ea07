"""An answer and its parts, as every front door shows them."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from index.records import Coverage
from rag.llms.usage import Usage

Support = Literal["supported", "partial", "unsupported"]


@dataclass(frozen=True, slots=True)
class ArticleRef:
    """The article behind a citation. None means unknown.

    `published` is an ISO date; `source` is the file or address it was read from; `page` is the
    printed page on which the cited words begin, where the article has pages. `revision` is the
    one that was cited: a corrected article has a newer one, and the offsets are of this one.
    """

    id: str
    title: str | None
    publisher: str | None
    author: str | None
    published: str | None
    url: str | None
    source: str
    page: int | None = None
    revision: int = 1


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved chunk: `article.text[start:end] == text`; a higher score is better."""

    text: str
    start: int
    end: int
    score: float
    article: ArticleRef


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact words a sentence rests on: `article.text[start:end] == quote`."""

    number: int
    quote: str
    start: int
    end: int
    article: ArticleRef


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the answer, as written, and the numbers of its citations.

    Only words that carry it wholly ("supported") or in part are cited; its text ends in their
    marks, `[1]`, and says so where the support is less than whole.
    """

    text: str
    support: Support
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing was answered, and what comes nearest; never presented as support."""

    reason: str
    nearest: tuple[Passage, ...]
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class Considered:
    """A sentence that was read, and how probable it is that it answers (0 to 1)."""

    text: str
    probability: float
    article: ArticleRef


@dataclass(frozen=True, slots=True)
class Check:
    """What became of one sentence of a language model.

    `cited` are the numbers it gave, of the prompt's passages; `problems` its words that those do
    not bear out; `asked_again` whether the model had to write it a second time.
    """

    text: str
    cited: tuple[int, ...]
    support: Support
    problems: tuple[str, ...]
    asked_again: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """How an answer came about: what was retrieved and read, and what a language model was told.

    `searched` are the words that were looked for with their weights; `prompt` is None where no
    model was asked, `prompt_tokens` our own count of it.
    """

    searched: tuple[tuple[str, float], ...] = ()
    retrieved: tuple[Passage, ...] = ()
    read: tuple[Considered, ...] = ()
    prompt: str | None = None
    prompt_tokens: int | None = None
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question.

    Always true: every `[n]` in `text` has its citation; every citation is used by a sentence;
    when `answered` is False there are no citations and `refusal` says why. `origins` and
    `figures` are None as long as they have not been computed. `confidence` is how probable it is
    that the articles hold the answer given, 0 to 1, None when nothing was found to read.
    `engine` names what wrote the text; `seconds` is the whole time taken, `timings` its parts.
    `standalone` is the question that was answered where a follow-up had to be completed from the
    conversation, None where it is `question` itself. `dropped_citations` counts the marks of a
    language model that named no passage, `withheld` its sentences that were left out because
    nothing supports them; `interrupted` says in one line why its answer ends early. `usage` is what
    it used, None where none was asked. `trace` tells how the answer came about.
    """

    question: str
    text: str
    short_answer: str | None
    answered: bool
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...]
    origins: None
    figures: None
    refusal: Refusal | None
    confidence: float | None
    engine: str
    seconds: float
    timings: dict[str, float]
    standalone: str | None = None
    dropped_citations: int = 0
    withheld: int = 0
    interrupted: str | None = None
    usage: Usage | None = None
    trace: Trace | None = None

    def to_dict(self, *, explain: bool = False) -> dict[str, Any]:
        """The answer in plain JSON types, as `dateline ask --json` prints it; its trace is only
        there when it is to be explained.
        """
        plain: dict[str, Any] = _plain(asdict(self))
        if not explain:
            del plain["trace"]
        return plain


def _plain(value: Any) -> Any:
    """Tuples as lists, at any depth."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Stream event: the passages found, before anything is written."""

    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class TextDelta:
    """Stream event: more of the answer's text, whole sentences that have been checked."""

    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """Stream event: the sentence that is being written, so far; not checked, never to be kept."""

    text: str


Event = Retrieved | Draft | TextDelta | Answer
