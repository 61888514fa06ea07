"""An answer by a language model, every sentence checked before it is told."""

import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress
from datetime import date
from typing import TYPE_CHECKING

from index.article import Span
from index.errors import LLMError
from index.words import terms
from rag.answer import Check, Draft, TextDelta
from rag.checking.support import ModelChecker, SupportChecker
from rag.llms.open import open_llm, time_limit
from rag.read import Finding
from rag.retrieve import Candidate
from rag.writing.loops import close
from rag.writing.marks import parted
from rag.writing.pieces import SentenceBuffer
from rag.writing.prompt import (
    head_cost,
    question_messages,
    repair_messages,
    rules_cost,
)
from rag.writing.sources import Source, fitted
from rag.writing.stream import Stream
from rag.writing.verify import Checked, verify
from rag.writing.written import Written

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    from rag.llms.options import LLMOptions

ANSWER_TOKENS = 600  # kept free for the answer
LEAST_PASSAGE = 150  # tokens of the passages without which asking makes no sense
LONGEST = 8000  # characters of an answer; a model that goes on is stopped
SHARED = 0.4  # of a sentence's words that stand in it when it is written again
REPEATS = 2  # sentences said again after which a model has nothing more to say
REPAIRS = 2  # sentences of one answer that a model may write again
_NOTHING = re.compile(
    r"\W*(?:the )?(?:articles|passages) do(?:es)? not (?:say|mention|state)\b", re.I
)
_LEAD_IN = re.compile(r":\s*$")
_LETTER = re.compile(r"[^\W\d_]")


class Writer:
    """Writes answers with the language model `llm`; `name` is how it is called.

    `strict` leaves out what is not supported instead of marking it. A model that is `ours` was
    opened for this writer, and is closed with it.
    """

    def __init__(
        self,
        llm: "LLM",
        name: str,
        strict: bool = False,
        checker: SupportChecker | None = None,
        seconds: float | None = None,
        ours: bool = False,
    ) -> None:
        self.name = name
        self._ours = ours
        self._seconds = seconds
        self.llm = llm
        self._strict = strict
        self._checker = checker or ModelChecker()

    @property
    def is_strict(self) -> bool:
        """Whether what nothing supports is left out."""
        return self._strict

    def variant(self, *, strict: bool) -> "Writer":
        """The same with another strictness."""
        return Writer(self.llm, self.name, strict, self._checker, self._seconds)

    def close(self) -> None:
        """Close the model's connections, where the model is ours."""
        if self._ours:
            close(self.llm)

    @property
    def seconds(self) -> float:
        """How long the model may stay silent."""
        return self._seconds or time_limit()

    def sources(
        self, question: str, candidates: Sequence[Candidate], findings: Sequence[Finding]
    ) -> tuple[Source, ...]:
        """The passages that fit beside the question and an answer. Raises LLMError if none does."""
        window = self.llm.metadata.context_window
        room = window - ANSWER_TOKENS - rules_cost(question)
        if room < LEAST_PASSAGE:
            raise LLMError(
                f"The language model {self.name} takes only {window:,} tokens, too few for a "
                "passage. Choose another one, or start its server with a larger context."
            )
        heads = [
            head_cost(Source(number, candidate, _whole(candidate)))
            for number, candidate in enumerate(candidates)
        ]
        return fitted(candidates, findings, room, max(heads, default=0))

    def write(
        self, question: str, sources: Sequence[Source], today: date, written: Written
    ) -> Iterator[Draft | TextDelta]:
        """Tell the answer sentence by sentence, each checked; it gathers in `written`.

        Raises LLMError when the model fails before it wrote a sentence; later, what there is
        stays and `written.interrupted` says what happened.
        """
        buffer, told, whole = SentenceBuffer(), 0, False
        messages = question_messages(question, sources, today)
        written.prompt = "\n\n".join(str(message.content) for message in messages)
        stream = Stream(self.llm, self.name, messages, self.seconds)
        try:
            with closing(iter(stream)) as pieces:
                for piece in pieces:
                    told += len(piece)
                    for sentence in buffer.feed(piece):
                        yield from self._take(sentence, question, sources, written)
                    yield Draft(buffer.draft)
                    if written.repeated > REPEATS:
                        break
                    if told > LONGEST:
                        written.interrupted = f"The language model {self.name} wrote without end."
                        break
                else:
                    whole = True
        except LLMError as error:
            if not written.sentences:
                raise
            written.interrupted = str(error)
        written.usage += stream.usage
        for sentence in buffer.finish() if whole else []:
            yield from self._take(sentence, question, sources, written)
        if not (written.sentences or written.withheld or written.says_nothing):
            raise LLMError(
                f"The language model {self.name} gave an empty answer. Try again, or use another."
            )

    def _take(
        self, raw: str, question: str, sources: Sequence[Source], written: Written
    ) -> Iterator[Draft | TextDelta]:
        """Check one sentence and tell it, unless there is nothing in it to check."""
        text, numbers = parted(raw)
        known = [source for source in sources if source.number in numbers]
        written.dropped += len(numbers) - len(known)
        if _NOTHING.match(text):
            written.says_nothing = True
        if not _asserts(text):
            return
        if written.has(text):
            written.repeated += 1
            return
        checked = self._verified(text, known, sources)
        again = checked.support == "unsupported" and written.repaired < REPAIRS
        if again:
            written.repaired += 1
            checked = yield from self._repaired(checked, question, known, sources, written)
        written.checks.append(
            Check(checked.text, numbers, checked.support, checked.problems, again)
        )
        if checked.support == "unsupported" and self._strict:
            written.withheld += 1
            return
        first = not written.sentences
        sentence = written.add(checked)
        yield TextDelta(sentence.text if first else f" {sentence.text}")

    def _verified(self, text: str, cited: Sequence[Source], sources: Sequence[Source]) -> Checked:
        others = [source for source in sources if source not in cited]
        return verify(text, cited, others, self._checker)

    def _repaired(
        self,
        checked: Checked,
        question: str,
        cited: Sequence[Source],
        sources: Sequence[Source],
        written: Written,
    ) -> Generator[Draft, None, Checked]:
        """The sentence written again, if that is supported; else the sentence as it was."""
        told, buffer = Draft(checked.text), SentenceBuffer()
        shown = cited or sources
        messages = repair_messages(question, checked.text, _problem(checked), shown)
        stream = Stream(self.llm, self.name, messages, self.seconds)
        again: list[str] = []
        with closing(iter(stream)) as pieces, suppress(LLMError):
            for piece in pieces:
                again += buffer.feed(piece)
                yield told
                if again:
                    break
        written.usage += stream.usage
        again += buffer.finish()
        text, numbers = parted(again[0]) if again else ("", ())
        if not _asserts(text) or not _about(text, checked.text):
            return checked
        known = [source for source in sources if source.number in numbers]
        better = self._verified(text, known or cited, sources)
        return better if better.support == "supported" else checked


def open_writer(llm: "str | LLM", strict: bool, options: "LLMOptions | None" = None) -> Writer:
    """The writer for a spec or a LlamaIndex LLM. Raises LLMError for one that cannot be used."""
    seconds = options.seconds if options else None
    if isinstance(llm, str):
        return Writer(open_llm(llm, options), llm.strip(), strict, seconds=seconds, ours=True)
    return Writer(llm, llm.metadata.model_name, strict, seconds=seconds)


def _asserts(text: str) -> bool:
    """Whether a sentence says something that can be checked: no lead-in, no refusal."""
    return bool(_LETTER.search(text)) and not _LEAD_IN.search(text) and not _NOTHING.match(text)


def _about(text: str, other: str) -> bool:
    """Whether one sentence speaks of what the other does."""
    wanted, found = set(terms(other)), set(terms(text))
    return len(wanted & found) >= SHARED * len(wanted)


def _whole(candidate: Candidate) -> Span:
    return Span(candidate.stored.chunk.start, candidate.stored.chunk.end)


def _problem(checked: Checked) -> str:
    """What is wrong with a sentence, for the model that wrote it."""
    return f" (not borne out: {'; '.join(checked.problems)})" if checked.problems else ""
