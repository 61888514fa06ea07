"""An answer as HTML: its sentences with their support, its citations, and what stands beside."""

from collections.abc import Iterator, Sequence
from itertools import count

from rag.answer import Answer, ArticleRef, Citation, Passage, Refusal, Sentence
from ui import text
from ui.links import article_path, host_of, outside_url
from ui.render import escape, link, tag
from ui.turns import Turn

_MARKS = {"partial": "[partly supported]", "unsupported": "[unsupported]"}  # as sentences end


def whole(turn: Turn, number: int, below: str = "") -> str:
    """The whole answer; `number` keeps its element ids apart from those of other turns, `below` is
    HTML to stand under its text.
    """
    answer = turn.answer
    if answer.refusal is not None:
        return _refusal(turn, answer.refusal, below)
    short = text.short_answer(answer)
    known = {item.number: item for item in answer.citations}
    return _beside(
        (tag("p", "short", escape(short)) if short else "")
        + _said(answer, known, number)
        + _remarks(answer)
        + below,
        _facts(turn) + _sources(answer.citations),
    )


def draft(checked: Sequence[str], unchecked: str = "") -> str:
    """A streamed prefix: what has been checked, and apart from it the sentence under way.

    The citations are not known yet, so their marks are no links.
    """
    running: list[str] = []
    parts: list[str] = []
    for piece in checked:
        support = _support_of(piece)
        if support == "unsupported":
            parts += [_paragraphs("".join(running)), _unsupported(escape(_bare(piece, support)))]
            running = []
        else:
            running.append(piece)
    parts.append(_paragraphs("".join(running)))
    if unchecked.strip():
        label = '<span class="dl-mark">Being written, not checked yet</span>'
        parts.append(tag("p", "draft", f"{label} {escape(text.line(unchecked))}"))
    return _beside("".join(parts))


def searching(found: str) -> str:
    """What is shown between finding the passages and the first words."""
    return _beside(tag("p", "made", f"Reading {escape(found)} …"))


def _said(answer: Answer, known: dict[int, Citation], number: int) -> str:
    """The text sentence by sentence; one that nothing supports stands apart."""
    keys = count(1)
    if " ".join(one.text for one in answer.sentences) != answer.text:
        return _paragraphs(answer.text, known, number)
    parts: list[str] = []
    running: list[str] = []
    for one in answer.sentences:
        inner = _cited(_bare(one.text, one.support), known, number, keys)
        if one.support == "unsupported":
            parts += [_flow(running), _unsupported(inner)]
            running = []
        else:
            running.append(_partly(inner) if one.support == "partial" else inner)
    return "".join([*parts, _flow(running)])


def _flow(sentences: Sequence[str]) -> str:
    return f'<p dir="auto">{" ".join(sentences)}</p>' if sentences else ""


def _partly(inner: str) -> str:
    return f'<span class="dl-partly">{inner} <span class="dl-mark">partly supported</span></span>'


def _unsupported(inner: str) -> str:
    label = '<span class="dl-mark">Not supported by the articles</span>'
    return tag("p", "unsupported", f"{label} {inner}")


def _support_of(words: str) -> str:
    ends = words.rstrip()
    return next((name for name, mark in _MARKS.items() if ends.endswith(mark)), "supported")


def _bare(words: str, support: str) -> str:
    """A sentence without the words that tell its support, which the page shows itself."""
    return text.items(words).removesuffix(_MARKS.get(support, "")).rstrip()


def _paragraphs(words: str, known: dict[int, Citation] | None = None, number: int = 0) -> str:
    """Each line of `words` as a paragraph, with its known citation marks as links."""
    lines = [text.line(raw) for raw in text.clean(words).split("\n")]
    keys = count(1)
    return "".join(
        f'<p dir="auto">{_cited(each, known or {}, number, keys)}</p>' for each in lines if each
    )


def _cited(words: str, known: dict[int, Citation], number: int, keys: Iterator[int]) -> str:
    return "".join(
        escape(part) if isinstance(part, str) else _chip(part, f"dl-tip-{number}-{next(keys)}")
        for part in text.pieces(words, known)
    )


def _chip(citation: Citation, key: str) -> str:
    """A citation mark, and the words that come up over it."""
    mark = link(
        article_path(citation), f"[{citation.number}]", "cite", f' aria-describedby="{key}"'
    )
    by = escape(text.byline(citation.article))
    quote = escape(text.excerpt(citation.quote))
    return (
        f'<span class="dl-chip">{mark}<span class="dl-tip" role="tooltip" id="{key}" dir="auto">'
        f"<strong>{by}</strong> <q>{quote}</q></span></span>"
    )


def _remarks(answer: Answer) -> str:
    return "".join(tag("p", "weak", escape(remark)) for remark in text.remarks(answer))


def _refusal(turn: Turn, refusal: Refusal, below: str) -> str:
    near = "".join(
        f"<li>{_quoted(item, text.excerpt(item.text))}{_origin(item.article)}</li>"
        for item in refusal.nearest
    )
    label = tag("h3", "label", "Nearest passages, not an answer")
    return _beside(
        tag("p", "reason", escape(text.line(refusal.reason)))
        + tag("p", "covers", escape(text.coverage_words(refusal.coverage)))
        + _remarks(turn.answer)
        + _withdrawn(turn.answer.sentences)
        + below,
        _facts(turn) + (f'{label}<ul class="dl-near">{near}</ul>' if near else ""),
    )


def _withdrawn(sentences: Sequence[Sentence]) -> str:
    """What a language model wrote that nothing supports, to be opened by who wants to see it."""
    if not sentences:
        return ""
    said = "".join(_unsupported(escape(_bare(one.text, one.support))) for one in sentences)
    return f"<details><summary>What the language model wrote</summary>{said}</details>"


def _facts(turn: Turn) -> str:
    """How the question was asked and answered. Independent origins will stand here too."""
    answer = turn.answer
    rows = [
        ("Asked as", text.line(answer.standalone or "")),
        ("Only from", text.limits(turn.choices.filters)),
        ("Confidence", (text.confidence_words(answer) or "").removesuffix(" confidence")),
        ("Made", text.made_in(answer)),
    ]
    told = "".join(
        f'<dt>{name}</dt><dd dir="auto">{escape(words)}</dd>' for name, words in rows if words
    )
    return f'<dl class="dl-facts">{told}</dl>'


def _sources(citations: Sequence[Citation]) -> str:
    """The quotes. A table of figures will stand after them."""
    items = "".join(
        f'<li><span class="dl-number">{item.number}</span>'
        f"{_quoted(item, item.quote)}{_origin(item.article)}</li>"
        for item in citations
    )
    return f'{tag("h3", "label", "Sources")}<ul class="dl-sources">{items}</ul>' if items else ""


def _quoted(spot: Citation | Passage, words: str) -> str:
    """The quoted words, linked to the place in the article where they stand."""
    return link(article_path(spot), f"“{escape(text.items(words))}”", "quote")


def _origin(article: ArticleRef) -> str:
    """Outlet and date, and the article's own address where it has one."""
    url = outside_url(article.url)
    original = f" {link(url, escape(host_of(url)), 'original')}" if url else ""
    return tag("p", "origin", escape(text.byline(article)) + original)


def _beside(words: str, beside: str = "") -> str:
    aside = f'<div class="dl-beside">{beside}</div>' if beside else ""
    return f'<div class="dl-answer"><div class="dl-text">{words}</div>{aside}</div>'
