"""The reading page: one article on a page of its own, with the cited words marked."""

from collections.abc import Iterator

from index.article import Article, Span
from ui import text
from ui.links import host_of, outside_url
from ui.plain_page import plain_headers, plain_page
from ui.render import escape

HEADERS = plain_headers()


def article_html(article: Article, cited: Span | None, *, pane: bool = False) -> str:
    """The page for `article`; a span outside its text is shown as no span. In a pane of the chat
    page it has no way back and no source, and its link opens elsewhere.
    """
    known = article.metadata
    if cited is not None and not 0 <= cited.start < cited.end <= len(article.text):
        cited = None
    url = outside_url(known.url)
    beside = ' target="_blank"' if pane else ""
    facts = [
        escape(text.line(fact))
        for fact in (known.publisher, text.day(known.published), known.author)
        if fact
    ]
    if url:
        facts.append(
            f'<a href="{escape(url)}"{beside} rel="noopener noreferrer">'
            f"Original at {escape(host_of(url))}</a>"
        )
    title = text.line(known.title or article.source)
    return plain_page(
        title,
        f"<header><h1>{escape(title)}</h1><p>{' · '.join(facts)}</p></header>"
        + "".join(_paragraphs(article.text, cited))
        + ("" if pane else f"<footer>Read from {escape(text.line(article.source))}</footer>"),
        nav=not pane,
    )


def missing_html() -> str:
    """The page for an article that is not, or no longer, in the collection."""
    return plain_page(
        "No such article",
        "<header><h1>No such article</h1></header>"
        "<p>It is not, or no longer, in this collection.</p>",
    )


def _paragraphs(words: str, cited: Span | None) -> Iterator[str]:
    """Each line of the text as a paragraph; empty lines only separate them."""
    start = 0
    marked = False
    for row in words.splitlines(keepends=True):
        inner = row.rstrip()
        if inner:
            here = _overlap(cited, start, start + len(inner))
            yield f"<p>{_marked(inner, here, first=not marked)}</p>"
            marked = marked or here is not None
        start += len(row)


def _overlap(cited: Span | None, start: int, end: int) -> Span | None:
    """The part of `cited` inside [start, end), counted from `start`."""
    if cited is None or cited.end <= start or end <= cited.start:
        return None
    return Span(max(cited.start, start) - start, min(cited.end, end) - start)


def _marked(words: str, here: Span | None, *, first: bool) -> str:
    if here is None:
        return escape(words)
    before, quote, after = (
        words[: here.start],
        words[here.start : here.end],
        words[here.end :],
    )
    name = ' id="cite"' if first else ""
    return f"{escape(before)}<mark{name}>{escape(quote)}</mark>{escape(after)}"
