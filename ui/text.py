"""Words as people read them: safe characters, dates, outlets, counts.

Everything shown anywhere passes `clean` first, so that no terminal and no page ever receives a
control character or a bidirectional override from an article, a question or a model.
"""

import re
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # these load numpy, which `dateline --help` can do without
    from index.article import Filters
    from index.records import Coverage
    from rag.answer import Answer, ArticleRef, Citation

_CONTROLS = [*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0)]
_LINE_ENDS = [0x0D, 0x2028, 0x2029]
# Overrides, embeddings and isolates: they can make text read as other words than it holds.
_BIDI = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_SAFE = dict.fromkeys(_CONTROLS, "·") | dict.fromkeys(_LINE_ENDS, "\n") | dict.fromkeys(_BIDI, None)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ITEM = re.compile(r"\n\s*(?=(?:[-*•–]|\d{1,2}[.)])\s)")  # where an item of a list begins
_EXCERPT = 280
_CONFIDENCE = ((0.8, "high confidence"), (0.5, "fair confidence"), (0.0, "low confidence"))


def clean(text: str) -> str:
    """`text` with control characters shown as `·`, bidi controls dropped, half pairs replaced."""
    return _SURROGATE.sub("\ufffd", text.replace("\r\n", "\n").translate(_SAFE))


def line(text: str) -> str:
    """`text` cleaned and on one line."""
    return " ".join(clean(text).split())


def items(text: str) -> str:
    """`text` cleaned, on one line but for the items of a list, each on its own."""
    return "\n".join(filter(None, map(line, _ITEM.split(clean(text)))))


def excerpt(text: str, limit: int = _EXCERPT) -> str:
    """`text` on one line, cut after a whole word when longer than `limit` characters."""
    whole = line(text)
    if len(whole) <= limit:
        return whole
    head = whole[:limit].rpartition(" ")[0] or whole[:limit]
    return f"{head} …"


def day(iso: str | None) -> str:
    """An ISO date in words, "3 December 2020"; "undated" when unknown."""
    if iso is None:
        return "undated"
    try:
        parsed = date.fromisoformat(iso)
    except ValueError:
        return line(iso)
    return f"{parsed.day} {parsed:%B %Y}"


def byline(article: "ArticleRef") -> str:
    """Who published the article and when, "Harbour Wire, 3 December 2020, page 2"."""
    return f"{outlet(article)}, {day_and_page(article)}"


def day_and_page(article: "ArticleRef") -> str:
    """When the article was published, and on which page the words stand."""
    page = f", page {article.page}" if article.page else ""
    return f"{day(article.published)}{page}"


def outlet(article: "ArticleRef") -> str:
    """The publisher, or the source when the publisher is unknown."""
    return line(article.publisher or article.source)


def count(number: int, noun: str) -> str:
    """A number with its noun, "1 article", "1,200 articles"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def coverage_words(coverage: "Coverage") -> str:
    """What the collection holds, in one sentence."""
    if not coverage.articles:
        return "The collection is empty: add articles with `dateline ingest PATH`."
    words = f"The collection holds {count(coverage.articles, 'article')}"
    if coverage.publishers:
        words += f" from {count(len(coverage.publishers), 'outlet')}"
    if coverage.first and coverage.last:
        first, last = day(coverage.first), day(coverage.last)
        words += f", {first}" if first == last else f", {first} to {last}"
    if coverage.subjects:
        words += ", mostly about " + ", ".join(line(name) for name in coverage.subjects)
    return words + "."


def remarks(answer: "Answer") -> list[str]:
    """What a reader of the answer must know besides it, a line each: sentences that the quoted
    words do not carry, marks that named no passage, sentences left out, an early end.
    """
    found = []
    weak = sum(sentence.support != "supported" for sentence in answer.sentences)
    if weak and answer.answered:
        verb = "is" if weak == 1 else "are"
        whole = count(len(answer.sentences), "sentence")
        found.append(f"{weak} of {whole} {verb} not fully supported by the quoted words.")
    if answer.withheld:
        verb = "was" if answer.withheld == 1 else "were"
        found.append(
            f"{count(answer.withheld, 'sentence')} that no passage supports {verb} left out."
        )
    if answer.dropped_citations:
        marks = count(answer.dropped_citations, "citation")
        found.append(f"{marks} of the language model named no passage and went.")
    if answer.interrupted:
        found.append(f"The answer ends early. {line(answer.interrupted)}")
    return found


def short_answer(answer: "Answer") -> str | None:
    """The short answer where it says something that the text does not already open with."""
    if answer.short_answer is None:
        return None
    short = line(answer.short_answer)
    return None if line(answer.text).startswith(short) else short


def confidence_words(answer: "Answer") -> str | None:
    """How sure the answer is, in words: a calibrated probability, without false precision."""
    if answer.confidence is None or not answer.answered:
        return None
    return next(words for least, words in _CONFIDENCE if answer.confidence >= least)


def made_in(answer: "Answer") -> str:
    """What wrote the answer and how long it took."""
    seconds = f"{answer.seconds:.2f}" if answer.seconds < 1 else f"{answer.seconds:.1f}"
    quoted = answer.engine == "extractive"
    made = "Quoted from the articles" if quoted else f"Written by {line(answer.engine)}"
    return f"{made} in {seconds} s"


def made_by(answer: "Answer") -> str:
    """What wrote the answer, how long it took, and how sure it is."""
    sure = confidence_words(answer)
    return made_in(answer) + (f" · {sure}" if sure else "")


def limits(filters: "Filters") -> str:
    """The outlets and days that a question is limited to, "" for none."""
    parts = [", ".join(line(name) for name in filters.publishers)]
    if filters.published_from:
        parts.append(f"from {day(filters.published_from)}")
    if filters.published_to:
        parts.append(f"to {day(filters.published_to)}")
    return " ".join(part for part in parts if part)


def spoken(answer: "Answer") -> str:
    """What screen readers say when an answer is there."""
    short = short_answer(answer)
    return f"Answer: {short + '. ' if short else ''}{line(answer.text)}"


def pieces(text: str, citations: "dict[int, Citation]") -> "list[str | Citation]":
    """`text` split at the citation marks it has citations for; other marks stay text."""
    parts: list[str | Citation] = []
    start = 0
    for mark in re.finditer(r"\[([0-9]{1,4})\]", text):
        citation = citations.get(int(mark[1]))
        if citation is not None:
            parts += [text[start : mark.start()], citation]
            start = mark.end()
    return [part for part in [*parts, text[start:]] if part != ""]


def asked_as(answer: "Answer") -> str:
    """How a follow-up was completed, "" where the question was answered as typed."""
    return f"Asked as: {line(answer.standalone)}" if answer.standalone else ""
