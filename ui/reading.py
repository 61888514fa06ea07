"""The reading page: one article on a page of its own, with the cited words marked."""

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from index.article import Article, Span
from index.corrections import corrections
from ui import text
from ui.links import host_of, outside_url
from ui.plain_page import plain_headers, plain_page
from ui.render import escape

HEADERS = plain_headers()


def article_html(
    article: Article,
    cited: Span | None,
    revisions: Sequence[tuple[int, str]] = (),
    *,
    pane: bool = False,
) -> str:
    """The page for `article`; a span outside its text is shown as no span. In a pane of the chat
    page it has no way back and no source, and its link opens elsewhere.

    `revisions` are those that are kept of it, oldest first, each with the ISO time it was stored.
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
        + "".join(f'<p class="note">{note}</p>' for note in _notes(article, revisions))
        + "".join(_paragraphs(article.text, cited))
        + ("" if pane else f"<footer>Read from {escape(text.line(article.source))}</footer>"),
        nav=not pane,
    )


def _notes(article: Article, revisions: Sequence[tuple[int, str]]) -> Iterator[str]:
    """What a reader must know of this text, as HTML: corrected, changed since, or gone."""
    newest = revisions[-1][0] if revisions else article.revision
    if article.revision < newest:
        link = f'<a href="{_path(article, newest)}">as it is now</a>'
        yield f"The article was changed after this text was stored; read it {link}."
    earlier = [each for each in revisions if each[0] < article.revision]
    if earlier and article.revision == newest:
        links = ", ".join(
            f'<a href="{_path(article, number)}">{escape(text.day(stored[:10]))}</a>'
            for number, stored in earlier
        )
        yield f"The article was changed. Earlier texts, by the day they were stored: {links}."
    for span in corrections(article.text):
        yield escape(text.line(article.text[span.start : span.end]))
    if article.gone:
        yield f"No longer at its source since {escape(text.day(article.gone))}."


def _path(article: Article, revision: int) -> str:
    return escape(f"/article/{quote(article.id, safe='', errors='replace')}?revision={revision}")


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
