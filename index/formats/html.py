"""Web pages: the article's body by trafilatura, its facts by `page_facts`."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.article import Document, Metadata
from index.decode import decode, tidy
from index.errors import LoadError
from index.formats.around import drop_around
from index.formats.left_out import paragraphs, restored
from index.formats.page_facts import page_facts
from index.formats.shown_dates import date_in

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ELEMENTS = 150_000  # a long article's page has 5,000
_DEPTH = 2_000
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_PARAMETER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_HIDDEN = frozenset(("script", "style", "head", "title", "noscript", "template"))
_BLOCKS = frozenset(
    "p div br tr td table h1 h2 h3 h4 h5 h6 li ul ol blockquote section article hr".split()
)
_TEXT_BLOCKS = ("p", "h2", "h3", "h4", "li")
_HEAD_LINES = 6
_BYLINE_LIMIT = 120  # characters
_BYLINE_WORDS = 6  # "Updated", a month, "at", "min read" beside the names
_REMEDY = "give the page of one article"


def read(data: bytes, source: str, name: str, media_type: str | None) -> Iterator[Document]:
    """Give the one article of a page. Raises LoadError where there is none."""
    tree = _tree(html_text(data, media_type))
    metadata = page_facts(tree, name)
    drop_around(tree)
    text = _without_byline(_body(tree), metadata)
    if not text.strip():
        raise LoadError(f"holds no article text; {_REMEDY}")
    yield Document(source, text, metadata)


def mail_text(markup: str) -> str:
    """Give the lines of a page that was sent by mail: its layout is tables, not articles."""
    tree = _tree(markup)
    body = tree.find("body")
    return "" if body is None else _lines(body)


def html_text(data: bytes, media_type: str | None = None) -> str:
    """Decode a page: UTF-8 if it is, else as it or its server says, else by its letters."""
    data = data if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data.replace(b"\0", b"")
    stated = _PARAMETER.search(media_type or "")
    inside = _DECLARED.search(data[:4096])
    for charset in (
        "utf-8-sig",
        stated[1] if stated else None,
        inside[1].decode("ascii") if inside else None,
    ):
        try:
            if charset and charset.lower() not in ("utf-16", "utf-7"):
                return data.decode(charset)
        except (LookupError, ValueError):
            continue
    return decode(data)


def _tree(text: str) -> "HtmlElement":
    from lxml import etree, html

    text = re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", text)
    try:
        # Depth is libxml2's own limit unless huge_tree lifts it: deeper markup is left out.
        parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=False)
        tree = html.document_fromstring(text, parser=parser, ensure_head_body=True)
    except (etree.LxmlError, ValueError, AssertionError):
        raise LoadError(f"is not readable HTML; {_REMEDY}") from None
    if sum(1 for _ in tree.iter()) > _ELEMENTS:
        raise LoadError(f"has more than {_ELEMENTS:,} elements; {_REMEDY}")
    return tree


def _body(tree: "HtmlElement") -> str:
    from trafilatura import extract

    # Before trafilatura changes the tree.
    blocks, known = _paragraphs(tree), paragraphs(tree)
    text = tidy(extract(tree, include_comments=False, include_tables=True) or "")
    # Where trafilatura finds too little for an article, it gives all text of the page in one line.
    if "\n" not in text.strip() and len(blocks) > 1:
        return "\n".join(blocks)
    return restored(text, known)


def _paragraphs(tree: "HtmlElement") -> list[str]:
    """The text of each paragraph and subhead of the first article, or of the page."""
    place = next(tree.iter("article", "main"), tree)
    texts = (" ".join(tidy(block.text_content()).split()) for block in place.iter(*_TEXT_BLOCKS))
    return [text for text in texts if text]


def _without_byline(text: str, metadata: Metadata) -> str:
    """Drop the lines at the top that say who wrote the article and when, in any language."""
    lines = text.split("\n")
    for number, line in enumerate(lines[:_HEAD_LINES]):
        if len(line) <= _BYLINE_LIMIT and _is_byline(line, metadata):
            lines[number] = ""
    return "\n".join(lines)


def _is_byline(line: str, metadata: Metadata) -> bool:
    stated = date_in(line)
    authors = re.split(r",\s*|\s+and\s+", metadata.author or "")
    names = [name for name in authors if name.strip() and name in line]
    rest = line
    for name in names:
        rest = rest.replace(name, " ")
    words = re.findall(r"[^\W\d_]{2,}", rest)
    if stated is not None and stated == metadata.published:
        return not line.endswith(".") or len(words) <= _BYLINE_WORDS
    return bool(names) and len(words) <= 2


def _lines(body: "HtmlElement") -> str:
    """The text of each block on lines of its own."""
    for element in body.iter():
        if element.tag in _HIDDEN:
            element.clear(keep_tail=True)
        elif element.tag in _BLOCKS:
            element.text = f"\n\n{element.text or ''}"
            element.tail = f"\n\n{element.tail or ''}"
    lines = (" ".join(line.split()) for line in body.text_content().split("\n"))
    return re.sub(r"\n{3,}", "\n\n", tidy("\n".join(lines))).strip()
