"""The passages that a language model is given: numbered, and fitted to its context window."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.article import Span
from index.tokens import count_tokens
from rag.read import Finding
from rag.retrieve import Candidate

MARGIN = 1.15  # another model's tokenizer may make more tokens of a text than the one counted with


@dataclass(frozen=True, slots=True)
class Source:
    """A numbered passage as the model sees it: `candidate.article.text[span.start : span.end]`."""

    number: int
    candidate: Candidate
    span: Span

    @property
    def text(self) -> str:
        """The article's words that are shown."""
        return self.candidate.article.text[self.span.start : self.span.end]


def token_cost(text: str) -> int:
    """Tokens that a text may take, counted with care."""
    return int(count_tokens(text) * MARGIN) + 1


def fitted(
    candidates: Sequence[Candidate], findings: Sequence[Finding], budget: int, overhead: int
) -> tuple[Source, ...]:
    """As many passages as fit into `budget` tokens, the most valuable first.

    What the reader found most probable goes before what was only retrieved. A passage that does
    not fit whole is cut to the sentences around its best one; `overhead` tokens go to each head.
    """
    worth = {id(found): 0.0 for found in candidates}
    best: dict[int, Finding] = {}
    for finding in findings:
        key = id(finding.candidate)
        if key in worth and finding.probability > worth[key]:
            worth[key], best[key] = finding.probability, finding
    chosen: list[Source] = []
    left = budget
    for candidate in sorted(candidates, key=lambda found: -worth[id(found)]):
        span = _fitting(candidate, best.get(id(candidate)), left - overhead)
        if span is not None:
            chosen.append(Source(len(chosen) + 1, candidate, span))
            left -= overhead + token_cost(chosen[-1].text)
    return tuple(chosen)


def _fitting(candidate: Candidate, best: Finding | None, room: int) -> Span | None:
    """The whole passage, or the sentences around the best one that there is room for."""
    chunk = candidate.stored.chunk
    text = candidate.article.text
    if token_cost(text[chunk.start : chunk.end]) <= room:
        return Span(chunk.start, chunk.end)
    middle = best.number if best else 0
    span = chunk.sentences[middle]
    if token_cost(text[span.start : span.end]) > room:
        return None
    first, last = middle, middle
    while True:
        wider = [
            (low, high)
            for low, high in ((first, last + 1), (first - 1, last))
            if low >= 0 and high < len(chunk.sentences)
        ]
        spans = [(chunk.sentences[low].start, chunk.sentences[high].end) for low, high in wider]
        fits = [n for n, (start, end) in enumerate(spans) if token_cost(text[start:end]) <= room]
        if not fits:
            return span
        first, last = wider[fits[0]]
        span = Span(*spans[fits[0]])
