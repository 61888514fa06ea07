"""An answer as safe HTML and as Markdown: pure functions, text in and text out.

Articles, questions and model output reach a page through `escape` alone, and Markdown through
`escape_markdown`.
"""

import html
import re
from collections.abc import Sequence

import nh3

from index.records import Coverage
from rag.answer import Answer, ArticleRef, Citation, Passage, Refusal
from ui import text
from ui.links import article_path, host_of, outside_url

_TAGS = {"section", "div", "h2", "h3", "p", "ul", "li", "a", "span"}
_ATTRIBUTES = {tag: {"class", "dir"} for tag in _TAGS} | {
    "a": {"class", "href", "title", "target", "rel"}
}


def escape(words: str) -> str:
    """`words` as inert HTML, fit for text and for quoted attributes."""
    return html.escape(text.clean(words), quote=True)


def escape_markdown(words: str) -> str:
    """`words` as inert Markdown on one line; every character that it would act on is escaped."""
    plain = re.sub(r"([\\`*_{}\[\]<>|~&$@^])", r"\\\1", text.line(words))
    # Addresses in running text would become links of their own.
    unlinked = re.sub(r":(?=//)|(?<=www)\.", r"\\\g<0>", plain, flags=re.IGNORECASE)
    return re.sub(r"^([-+=#]|[0-9]+(?=[.)]))", _escape_start, unlinked)


def _escape_start(start: re.Match[str]) -> str:
    """A list, heading or rule mark at the start of a line, made plain."""
    return start[0] + "\\" if start[0].isdigit() else "\\" + start[0]


def conversation_html(turns: Sequence[Answer], current: str = "") -> str:
    """All turns and the one under way, through a second gate that drops what is not ours.

    Everything in it is escaped already; the gate keeps a slip in one renderer harmless.
    """
    told = (turn_html(turn.question, _asked(turn) + answer_html(turn)) for turn in turns)
    whole = "".join(told) + current
    return nh3.clean(
        whole, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https"}, link_rel=None
    )


def turn_html(question: str, inner: str) -> str:
    """The question as asked, above what answers it."""
    asked = _tag("h2", "question", escape(text.line(question)))
    return f'<section class="dl-turn">{asked}{inner}</section>'


def _asked(answer: Answer) -> str:
    words = text.asked_as(answer)
    return _tag("p", "asked", escape(words)) if words else ""


def answer_html(answer: Answer) -> str:
    """The whole answer: its text with linked citations, beside it the quotes it rests on."""
    if answer.refusal is not None:
        return _refusal_html(answer, answer.refusal)
    short = text.short_answer(answer)
    return _answer(
        (_tag("p", "short", escape(short)) if short else "")
        + _paragraphs(answer.text, {item.number: item for item in answer.citations})
        + _remarks(answer)
        + _tag("p", "made", escape(text.made_by(answer))),
        _sources(answer.citations),
    )


def draft_html(words: str, unchecked: str = "") -> str:
    """A streamed prefix of an answer's text, and the sentence under way, which is not checked yet;
    the citations are not known yet.
    """
    writing = _tag("p", "draft", escape(text.line(unchecked))) if unchecked.strip() else ""
    return _answer(_paragraphs(words, {}) + writing)


def searching_html(passages: Sequence[Passage]) -> str:
    """What is shown between finding the passages and the first words."""
    found = text.count(len(passages), "passage")
    return _answer(_tag("p", "made", f"Reading {found} …"))


def notice_html(message: str) -> str:
    """One line about something that went wrong; read out at once by screen readers."""
    return f'<p class="dl-notice" role="alert">{escape(text.line(message))}</p>'


def masthead_html(coverage: Coverage) -> str:
    """The head of the chat page: the name and what the collection holds."""
    covers = escape(text.coverage_words(coverage))
    return f'<header class="dl-masthead"><h1>Dateline</h1><p>{covers}</p></header>'


def markdown(answer: Answer) -> str:
    """The answer as Markdown: text, then each citation with its quote, outlet, date, address."""
    if answer.refusal is not None:
        covers = text.coverage_words(answer.refusal.coverage)
        near = [_markdown_source("-", item.text, item.article) for item in answer.refusal.nearest]
        head = [f"**{escape_markdown(answer.refusal.reason)}**", escape_markdown(covers)]
        return "\n\n".join([*head, *(["Nearest passages, not an answer:", *near] if near else [])])
    short = text.short_answer(answer)
    quotes = [_markdown_source(f"{c.number}.", c.quote, c.article) for c in answer.citations]
    return "\n\n".join(
        [
            *([f"**{escape_markdown(short)}**"] if short else []),
            *(escape_markdown(words) for words in answer.text.splitlines() if words.strip()),
            *(f"*{escape_markdown(remark)}*" for remark in text.remarks(answer)),
            *quotes,
        ]
    )


def _remarks(answer: Answer) -> str:
    return "".join(_tag("p", "weak", escape(remark)) for remark in text.remarks(answer))


def _refusal_html(answer: Answer, refusal: Refusal) -> str:
    near = "".join(
        f"<li>{_quoted(item, text.excerpt(item.text))}{_origin(item.article)}</li>"
        for item in refusal.nearest
    )
    label = _tag("h3", "label", "Nearest passages, not an answer")
    return _answer(
        _tag("p", "reason", escape(text.line(refusal.reason)))
        + _tag("p", "covers", escape(text.coverage_words(refusal.coverage)))
        + _remarks(answer),
        f'{label}<ul class="dl-near">{near}</ul>' if near else "",
    )


def _sources(citations: Sequence[Citation]) -> str:
    items = "".join(
        f'<li><span class="dl-number">{item.number}</span>'
        f"{_quoted(item, item.quote)}{_origin(item.article)}</li>"
        for item in citations
    )
    return f'{_tag("h3", "label", "Sources")}<ul class="dl-sources">{items}</ul>' if items else ""


def _quoted(spot: Citation | Passage, words: str) -> str:
    """The quoted words, linked to the place in the article where they stand."""
    return _link(article_path(spot), f"“{escape(text.line(words))}”", "quote")


def _origin(article: ArticleRef) -> str:
    """Outlet and date, and the article's own address where it has one."""
    url = outside_url(article.url)
    original = f" {_link(url, escape(host_of(url)), 'original')}" if url else ""
    return _tag("p", "origin", escape(text.byline(article)) + original)


def _paragraphs(words: str, citations: dict[int, Citation]) -> str:
    """Each line of `words` as a paragraph, with its known citation marks as links."""
    lines = [text.line(raw) for raw in text.clean(words).split("\n")]
    return "".join(
        '<p dir="auto">'
        + "".join(
            escape(part) if isinstance(part, str) else _mark(part)
            for part in text.pieces(each, citations)
        )
        + "</p>"
        for each in lines
        if each
    )


def _mark(citation: Citation) -> str:
    tip = f"{text.byline(citation.article)}: “{text.excerpt(citation.quote)}”"
    return _link(article_path(citation), f"[{citation.number}]", "cite", tip)


def _link(address: str, inner: str, kind: str, tip: str | None = None) -> str:
    title = f' title="{escape(tip)}"' if tip else ""
    return (
        f'<a class="dl-{kind}" href="{escape(address)}"{title} target="_blank"'
        f' rel="noopener noreferrer">{inner}</a>'
    )


def _tag(name: str, kind: str, inner: str) -> str:
    return f'<{name} class="dl-{kind}" dir="auto">{inner}</{name}>'


def _answer(words: str, beside: str = "") -> str:
    aside = f'<div class="dl-beside">{beside}</div>' if beside else ""
    return f'<div class="dl-answer"><div class="dl-text">{words}</div>{aside}</div>'


def _markdown_source(label: str, words: str, article: ArticleRef) -> str:
    url = outside_url(article.url)
    address = f", <{url}>" if url else ""
    return f"{label} “{escape_markdown(words)}” ({escape_markdown(text.byline(article))}{address})"
