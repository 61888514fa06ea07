"""Citation recall and precision by a judge, as ALCE defines them (Gao et al. 2023).

Recall: the quotes that a sentence cites together support it. Precision: of a supported sentence, a
citation counts unless it does not support the sentence alone and the others do without it; of an
unsupported sentence, none counts. Both are means within an answer, then over the answers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from index.errors import LLMError
from rag.evaluation.ask import Cited, Outcome
from rag.evaluation.metrics import without_marks
from rag.llms.usage import Usage

if TYPE_CHECKING:
    from rag.judge import Judge

Supports = Callable[[tuple[int, ...]], bool]  # whether the citations of these numbers do


@dataclass(frozen=True, slots=True)
class Verdict:
    """One sentence without its marks: whether its citations support it, and which of them count."""

    text: str
    supported: bool
    citations: tuple[int, ...]
    counting: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a judge says of one answer, sentence by sentence, and what that used up.

    `error` is the reason, in one line, why the judge failed; then there are no verdicts.
    """

    id: str
    judge: str
    verdicts: tuple[Verdict, ...]
    usage: Usage
    error: str | None = None

    @property
    def recall(self) -> float:
        """The share of sentences that their citations support."""
        return sum(each.supported for each in self.verdicts) / len(self.verdicts)

    @property
    def precision(self) -> float:
        """The share of citations that count; 0 for an answer that cites nothing."""
        cited = sum(len(each.citations) for each in self.verdicts)
        return sum(len(each.counting) for each in self.verdicts) / cited if cited else 0.0

    def to_dict(self) -> dict[str, Any]:
        """The judgement in plain JSON types; `from_dict` reads it back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> "Judgement":
        """Read `to_dict` back. Raises KeyError, TypeError or ValueError for anything else."""
        verdicts = tuple(
            Verdict(
                each["text"], each["supported"], *map(tuple, (each["citations"], each["counting"]))
            )
            for each in plain["verdicts"]
        )
        return cls(plain["id"], plain["judge"], verdicts, Usage(**plain["usage"]), plain["error"])


def statements(outcome: Outcome) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """What an answer states: each sentence without its marks, and the citations it has."""
    known = {cited.number for cited in outcome.citations}
    stated = (
        (without_marks(each.text).strip(), tuple(dict.fromkeys(each.citations)))
        for each in outcome.sentences
    )
    return tuple(
        (text, tuple(n for n in numbers if n in known)) for text, numbers in stated if text
    )


def judge_outcome(judge: "Judge", question: str, outcome: Outcome) -> Judgement | None:
    """Judge one answer; None where there is nothing to judge. A judge that fails is its error."""
    stated = statements(outcome) if outcome.answered and outcome.error is None else ()
    if not stated:
        return None
    shown = {cited.number: as_shown(cited) for cited in outcome.citations}
    try:
        verdicts = tuple(
            verdict(text, numbers, _asking(judge, question, text, shown))
            for text, numbers in stated
        )
    except LLMError as error:
        why = " ".join(str(error).split())
        return Judgement(outcome.id, judge.name, (), judge.take_usage(), why)
    return Judgement(outcome.id, judge.name, verdicts, judge.take_usage())


def fits(judgement: Judgement, outcome: Outcome) -> bool:
    """Whether a judgement is of this very answer."""
    judged = tuple((each.text, each.citations) for each in judgement.verdicts)
    return judged == statements(outcome)


def as_shown(cited: Cited) -> str:
    """A quote under its outlet and date, as readers see it, so that articles can be counted."""
    outlet = cited.publisher or cited.source.rpartition("/")[2]
    return f"{outlet}, {cited.published or 'undated'}: “{cited.quote}”"


def verdict(text: str, citations: Sequence[int], supports: Supports) -> Verdict:
    """The verdict on one sentence; what it cites nothing for is not supported."""
    cited = tuple(citations)
    if not cited or not supports(cited):
        return Verdict(text, False, cited, ())
    if len(cited) == 1:
        return Verdict(text, True, cited, cited)
    counting = tuple(
        one
        for one in cited
        if supports((one,)) or not supports(tuple(each for each in cited if each != one))
    )
    return Verdict(text, True, cited, counting)


def _asking(judge: "Judge", question: str, text: str, shown: Mapping[int, str]) -> Supports:
    """Ask the judge about one sentence, and nothing twice."""

    @cache
    def supports(numbers: tuple[int, ...]) -> bool:
        return judge.supports(text, [shown[number] for number in numbers], question)

    return supports
