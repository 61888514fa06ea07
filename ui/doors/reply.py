"""An answer as the reply of a chat model: Markdown with [n] marks that ends in its sources.

What articles and models wrote is inert: no word of it becomes a link, an image or HTML. Chat
programs render Markdown, and would fetch what it names.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from rag.answer import Answer, ArticleRef, Citation
from ui import text
from ui.links import outside_url
from ui.render import escape_markdown

_SOURCES = "\n\nSources:\n"
_NEAREST = "\n\nNearest passages, not an answer:\n"
_MARK = re.compile(r"(\[[0-9]{1,4}\])")
_ENDS = re.compile(r"^(\s*)(.*?)(\s*)$", re.DOTALL)


def body_markdown(words: str) -> str:
    """Words of an answer's text, its marks left as they are; pieces of it can be joined."""
    return "\n".join(_marked(row) for row in text.clean(words).split("\n"))


def tail_markdown(answer: Answer) -> str:
    """What follows the text: what must be known besides it, and the sources or what comes near."""
    told = [text.asked_as(answer), *text.remarks(answer)]
    beside = "".join(f"\n\n*{escape_markdown(words)}*" for words in told if words)
    if answer.refusal is not None:
        covers = "\n\n" + escape_markdown(text.coverage_words(answer.refusal.coverage))
        near = [("-", text.excerpt(item.text), item.article) for item in answer.refusal.nearest]
        return beside + covers + (_NEAREST + _sources(near) if near else "")
    cited = [(f"[{item.number}]", item.quote, item.article) for item in answer.citations]
    return beside + _SOURCES + _sources(cited)


def reply_markdown(answer: Answer) -> str:
    """The whole reply."""
    return body_markdown(answer.text) + tail_markdown(answer)


def without_sources(reply: str) -> str:
    """The text of an earlier reply, as conversations hold it."""
    return reply.partition(_SOURCES)[0].partition(_NEAREST)[0]


def annotations(answer: Answer) -> list[dict[str, Any]]:
    """OpenAI's `url_citation`, one for each mark whose article has an address.

    The indices are those of the mark in the reply.
    """
    cited = {citation.number: citation for citation in answer.citations}
    return [
        {"type": "url_citation", "url_citation": _url_citation(mark, citation, url)}
        for mark, citation in _marks(body_markdown(answer.text), cited)
        if (url := outside_url(citation.article.url))
    ]


def _marks(words: str, cited: dict[int, Citation]) -> Iterator[tuple[re.Match[str], Citation]]:
    for mark in _MARK.finditer(words):
        citation = cited.get(int(mark[1][1:-1]))
        if citation is not None:
            yield mark, citation


def _url_citation(mark: re.Match[str], citation: Citation, url: str) -> dict[str, Any]:
    title = text.line(citation.article.title or citation.article.source)
    return {"start_index": mark.start(), "end_index": mark.end(), "title": title, "url": url}


def _marked(row: str) -> str:
    """One line: marks stay, all else is escaped; no mark becomes a link by what follows it."""
    parts = []
    for part in _MARK.split(row):
        if _MARK.fullmatch(part):
            parts.append(part)
            continue
        before, words, after = _ENDS.fullmatch(part).groups()  # type: ignore[union-attr]
        if parts and not before and words.startswith(("(", ":")):
            before = " "
        parts.append(before + escape_markdown(words) + after)
    return "".join(parts)


def _sources(told: Sequence[tuple[str, str, ArticleRef]]) -> str:
    """One source a line; the two spaces break the line in Markdown."""
    return "\n" + "  \n".join(f"{label} {_source(words, at)}" for label, words, at in told)


def _source(words: str, article: ArticleRef) -> str:
    """Outlet, date, title, address, quote."""
    url = outside_url(article.url)
    parts = [
        escape_markdown(text.byline(article)),
        *([f"*{escape_markdown(article.title)}*"] if article.title else []),
        *([f"<{url}>"] if url else []),
    ]
    return f"{', '.join(parts)}: “{escape_markdown(words)}”"
