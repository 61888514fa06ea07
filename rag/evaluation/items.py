"""What gold holds: questions, accepted answers and the words that carry them."""

from dataclasses import dataclass

UNANSWERABLE = "unanswerable"
ANSWERABLE = "answerable"  # the kind of a question whose file gives none


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that carry an answer.

    `article` names where they stand: the article's id, its address, its source or the source's
    file name. It is None where only the surrounding text is known (SQuAD): then they stand at
    `context[start : start + len(quote)]`, in whichever article holds that text.
    """

    quote: str
    article: str | None
    context: str | None = None
    start: int = 0


@dataclass(frozen=True, slots=True)
class GoldItem:
    """One question. No `answers` means that the articles do not say; with `all_answers` every
    one of them is wanted, otherwise each is accepted on its own.
    """

    id: str
    kind: str
    question: str
    answers: tuple[str, ...]
    all_answers: bool = False
    evidence: tuple[Evidence, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the articles say."""
        return bool(self.answers)
