"""Cut an article into chunks of whole sentences that the embedder never truncates."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from index.article import Article, Chunk, Span
from index.sentences import split_sentences

VERSION = "sentences-1"  # part of the home's fingerprint: raise it when chunks come out otherwise


class TokenCounter(Protocol):
    """What chunking needs to know of an embedder."""

    chunk_tokens: int

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text as the embedder counts them."""
        ...


def chunk_id(article_id: str, revision: int, position: int) -> str:
    """Never reused: it names the article, its revision and the chunk's place in it."""
    return f"{article_id}.{revision}.{position}"


def _halves(text: str, span: Span) -> tuple[Span, Span]:
    """Cut a span near its middle, at a space where there is one."""
    middle = (span.start + span.end) // 2
    space = text.rfind(" ", span.start + 1, middle + 1)
    cut = space if space > (span.start + middle) // 2 else middle
    start = cut + 1 if text[cut] == " " else cut
    return Span(span.start, cut), Span(start, span.end)


def _fitting(text: str, spans: Sequence[Span], counter: TokenCounter) -> Iterator[tuple[Span, int]]:
    """Each sentence with its token count; one over the budget is halved until its parts fit."""
    counts = counter.count_tokens([text[s.start : s.end] for s in spans])
    for span, count in zip(spans, counts, strict=True):
        if count > counter.chunk_tokens and span.end - span.start > 1:
            yield from _fitting(text, _halves(text, span), counter)
        else:
            yield span, count


def chunk_article(article: Article, counter: TokenCounter) -> list[Chunk]:
    """The chunks of an article in order; together they hold every sentence exactly once.

    Sentences are packed greedily up to `counter.chunk_tokens`; counts add up because no token
    spans the white space between two sentences.
    """
    groups: list[list[Span]] = []
    room = 0
    for span, count in _fitting(article.text, split_sentences(article.text), counter):
        if not groups or count > room:
            groups.append([])
            room = counter.chunk_tokens
        groups[-1].append(span)
        room -= count
    return [
        Chunk(
            id=chunk_id(article.id, article.revision, position),
            article_id=article.id,
            position=position,
            start=group[0].start,
            end=group[-1].end,
            sentences=tuple(group),
        )
        for position, group in enumerate(groups)
    ]
