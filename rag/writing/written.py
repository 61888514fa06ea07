"""The answer as far as it is written and checked."""

from dataclasses import dataclass, field

from index.words import terms
from rag.answer import Check, Citation, Sentence
from rag.llms.usage import Usage
from rag.retrieve import article_ref
from rag.writing.verify import Checked, Rest

MARKS = {"supported": "", "partial": "[partly supported]", "unsupported": "[unsupported]"}


SAME = 0.9  # of their words that two sentences share which say the same


def _alike(words: set[str], others: set[str]) -> bool:
    return len(words & others) >= SAME * len(words | others)


@dataclass(slots=True)
class Written:
    """What a language model wrote so far, checked; numbers are given in the order of first use.

    `repeated` counts sentences that said what an earlier one said, which are left out;
    `dropped` counts marks that named no passage, `withheld` sentences that were left out,
    `repaired` those that the model was asked for again. `says_nothing`: it wrote that the articles
    do not say. `prompt` is what it was told, `checks` what became of each sentence. `interrupted`
    tells, in one line, why an answer ends early.
    """

    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    dropped: int = 0
    withheld: int = 0
    repaired: int = 0
    repeated: int = 0
    prompt: str = ""
    checks: list[Check] = field(default_factory=list)
    says_nothing: bool = False
    interrupted: str | None = None
    usage: Usage = field(default_factory=Usage)
    _numbers: dict[tuple[str, int, int], int] = field(default_factory=dict)

    def add(self, checked: Checked) -> Sentence:
        """Take a sentence in; its text ends in its marks."""
        numbers = tuple(dict.fromkeys(self._number(rest) for rest in checked.rests))
        marks = [f"[{number}]" for number in numbers]
        told = " ".join(part for part in ("".join(marks), MARKS[checked.support]) if part)
        text = f"{checked.text} {told}".strip()
        self.sentences.append(Sentence(text, checked.support, numbers))
        return self.sentences[-1]

    def has(self, text: str) -> bool:
        """Whether a sentence with these words was taken in already: small models go in circles."""
        words = set(terms(text))
        return any(_alike(words, set(terms(check.text))) for check in self.checks)

    def _number(self, rest: Rest) -> int:
        article, span = rest.source.candidate.article, rest.span
        key = (article.id, span.start, span.end)
        for (other, start, end), number in self._numbers.items():
            if other == article.id and start <= span.start and span.end <= end:
                return number  # its quote holds these words too
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers) + 1
            quote = article.text[span.start : span.end]
            self.citations.append(
                Citation(
                    self._numbers[key],
                    quote,
                    span.start,
                    span.end,
                    article_ref(article, span.start),
                )
            )
        return self._numbers[key]
