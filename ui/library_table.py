"""The table of articles: which of them, in which order, as safe HTML. Pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import nh3

from index.article import publisher_key
from ui import text
from ui.links import host_of, outside_url
from ui.render import escape

if TYPE_CHECKING:
    from index.bin import Binned
    from index.records import ArticleRow

PAGE_ROWS = 50
ORDERS = {
    "newest": "Newest first",
    "oldest": "Oldest first",
    "title": "Title",
    "outlet": "Outlet",
    "chunks": "Most chunks",
    "added": "Added last",
}
_LONGEST_TITLE = 160
_MOST_BINNED = 20  # rows of the bin that are shown
_TAGS = set("div p table thead tbody tr th td a span input button label h3 details summary".split())
_TAGS |= {"ul", "li", "nav", "progress"}
_SHARED = {"class", "dir", "role", "aria-label", "title", "tabindex", "id"}
_ATTRIBUTES = dict.fromkeys(_TAGS, _SHARED) | {
    "a": _SHARED | {"href", "target", "rel"},
    "input": _SHARED | {"type", "name", "value"},
    "button": _SHARED | {"type", "data-act", "data-id", "data-page", "disabled"},
    "th": _SHARED | {"scope", "aria-sort"},
    "progress": _SHARED | {"value", "max"},
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles the table shows: words, outlet, ISO dates, order and page (from 0)."""

    words: str = ""
    outlet: str = ""
    first: str = ""
    last: str = ""
    order: str = "newest"
    page: int = 0


def wanted_of(form: Mapping[str, Any]) -> Wanted:
    """What a form sent, which may be anything."""

    def told(name: str) -> str:
        value = form.get(name)
        return value[:200] if isinstance(value, str) else ""

    order = told("order")
    return Wanted(
        told("words"),
        told("outlet"),
        told("first"),
        told("last"),
        order if order in ORDERS else "newest",
    )


def selected(rows: Sequence["ArticleRow"], wanted: Wanted) -> list["ArticleRow"]:
    """The articles that pass, in the order asked for; an undated one passes no date."""
    words = wanted.words.casefold().split()
    outlet = publisher_key(wanted.outlet)
    found = [
        row
        for row in rows
        if (not outlet or publisher_key(row.metadata.publisher) == outlet)
        and (not wanted.first or (row.metadata.published or "") >= wanted.first)
        and (not wanted.last or "" < (row.metadata.published or "") <= wanted.last)
        and _holds(row, words)
    ]
    return _ordered(found, wanted.order)


def _holds(row: "ArticleRow", words: Sequence[str]) -> bool:
    if not words:
        return True
    known = row.metadata
    fields = (known.title, known.publisher, known.author, known.url, row.source)
    whole = " ".join(field for field in fields if field).casefold()
    return all(word in whole for word in words)


def _ordered(rows: list["ArticleRow"], order: str) -> list["ArticleRow"]:
    by_title = sorted(rows, key=lambda row: _title(row).casefold())
    match order:
        case "title":
            return by_title
        case "outlet":
            return sorted(
                by_title, key=lambda row: publisher_key(row.metadata.publisher) or "\uffff"
            )
        case "chunks":
            return sorted(by_title, key=lambda row: -row.chunks)
        case "added":
            return sorted(by_title, key=lambda row: row.added_at, reverse=True)
        case "oldest":
            return sorted(by_title, key=lambda row: row.metadata.published or "\uffff")
        case _:
            return sorted(by_title, key=lambda row: row.metadata.published or "", reverse=True)


def outlets_of(rows: Sequence["ArticleRow"]) -> list[str]:
    """The outlets, each under one of its spellings, alphabetically."""
    named = {publisher_key(row.metadata.publisher): row.metadata.publisher for row in rows}
    return sorted((name for name in named.values() if name), key=str.casefold)


def filters_html(outlets: Sequence[str], wanted: Wanted) -> str:
    """The form that narrows the table down; plain elements, so that every keyboard works."""
    choices = [("", "All outlets"), *((name, text.excerpt(name, 60)) for name in outlets)]
    search = (
        f'<input type="search" id="dl-words" name="words" value="{escape(wanted.words)}" '
        'placeholder="Title, outlet, author or source">'
    )
    return (
        '<form class="dl-filters" role="search" aria-label="Articles">'
        f'<div class="dl-wide"><label for="dl-words">Search</label>{search}</div>'
        + select("outlet", "Outlet", choices, wanted.outlet)
        + _date("first", "From", wanted.first)
        + _date("last", "To", wanted.last)
        + select("order", "Order", list(ORDERS.items()), wanted.order)
        + "</form>"
    )


def select(name: str, label: str, choices: Sequence[tuple[str, str]], chosen: str) -> str:
    """A labelled choice between values, each with its words."""
    options = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>'
        f"{escape(words)}</option>"
        for value, words in choices
    )
    return (
        f'<div><label for="dl-{name}">{label}</label>'
        f'<select id="dl-{name}" name="{name}">{options}</select></div>'
    )


def _date(name: str, label: str, value: str) -> str:
    return (
        f'<div><label for="dl-{name}">{label}</label>'
        f'<input type="date" id="dl-{name}" name="{name}" value="{escape(value)}"></div>'
    )


def list_html(
    rows: Sequence["ArticleRow"], wanted: Wanted, binned: Sequence["Binned"], notice: str = ""
) -> str:
    """The table of one page of articles, with what can be done to them, and the bin.

    `notice` is HTML, escaped already.
    """
    found = selected(rows, wanted)
    pages = max(1, -(-len(found) // PAGE_ROWS))
    wanted = replace(wanted, page=min(max(wanted.page, 0), pages - 1))
    shown = found[wanted.page * PAGE_ROWS : (wanted.page + 1) * PAGE_ROWS]
    if not rows:
        body = _empty()
    elif not found:
        body = '<p class="dl-nothing">No article passes these filters.</p>'
    else:
        body = _table(shown, wanted.order) + _pager(wanted.page, pages)
    head = f'<h3 class="dl-count" tabindex="-1">{escape(_count(len(found), len(rows)))}</h3>'
    parts = [f'<div role="status" class="dl-said">{notice}</div>', head, body, _bin(binned)]
    return gated("".join(parts))


def gated(markup: str) -> str:
    """A second gate behind `escape`: it drops what is not ours."""
    return nh3.clean(markup, tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None)


def removed_notice(ids: Sequence[str], days: int) -> str:
    """What was removed, with the way back."""
    undo = f'<button type="button" data-act="undo" data-id="{escape(" ".join(ids))}">Undo</button>'
    kept = f" and kept in the bin for {days} days."
    return f"{escape(text.count(len(ids), 'article'))} removed{kept} {undo}"


def _count(found: int, total: int) -> str:
    if not total:
        return "No articles yet"
    if found == total:
        return text.count(total, "article")
    return f"{found:,} of {text.count(total, 'article')}"


def _empty() -> str:
    return (
        '<p class="dl-nothing">The collection is empty. Drop files into “Add articles”, or type '
        "the addresses of articles there.</p>"
    )


def _table(rows: Sequence["ArticleRow"], order: str) -> str:
    sorts = {"title": "title", "outlet": "outlet", "newest": "date", "oldest": "date"}
    sorts["chunks"] = "chunks"
    directions = {"newest": "descending", "oldest": "ascending", "chunks": "descending"}
    heads = []
    for name in ("title", "outlet", "date", "source", "chunks"):
        direction = directions.get(order, "ascending") if sorts.get(order) == name else ""
        sort = f' aria-sort="{direction}"' if direction else ""
        heads.append(
            f'<th scope="col" role="columnheader" class="dl-{name}"{sort}>{name.title()}</th>'
        )
    return (
        '<div class="dl-actions"><label><input type="checkbox" name="all"> All on this page'
        '</label> <button type="button" data-act="delete">Remove selected</button></div>'
        '<table class="dl-articles" role="table" aria-label="Articles"><thead role="rowgroup">'
        '<tr role="row"><th scope="col" role="columnheader" class="dl-tick">'
        f'<span class="dl-hidden">Selected</span></th>{"".join(heads)}</tr></thead>'
        f'<tbody role="rowgroup">{"".join(map(_row, rows))}</tbody></table>'
    )


def _row(row: "ArticleRow") -> str:
    known = row.metadata
    title = escape(text.excerpt(_title(row), _LONGEST_TITLE))
    cells = [
        (
            "tick",
            f'<input type="checkbox" name="article" value="{escape(row.id)}" '
            f'aria-label="Select {title}">',
        ),
        ("title", _link(row.id, title)),
        ("outlet", escape(text.line(known.publisher or "unknown outlet"))),
        ("date", escape(text.day(known.published))),
        ("source", _source(row)),
        ("chunks", f'{row.chunks:,}<span class="dl-unit"> {_noun(row.chunks)}</span>'),
    ]
    inner = "".join(
        f'<td role="cell" class="dl-{kind}" dir="auto">{cell}</td>' for kind, cell in cells
    )
    return f'<tr role="row">{inner}</tr>'


def _noun(chunks: int) -> str:
    return "chunk" if chunks == 1 else "chunks"


def _title(row: "ArticleRow") -> str:
    return text.line(row.metadata.title or "") or _short(row.source)


def _short(source: str) -> str:
    """The last part of a path, the whole of anything else."""
    return source if "://" in source else source.rstrip("/").rpartition("/")[2] or source


def _link(article_id: str, title: str) -> str:
    address = f"/article/{quote(article_id, safe='', errors='replace')}"
    return (
        f'<a href="{escape(address)}" class="dl-open" target="_blank" rel="noopener noreferrer">'
        f"{title}</a>"
    )


def _source(row: "ArticleRow") -> str:
    url = outside_url(row.source)
    shown = host_of(url) if url else _short(row.source)
    told = escape(text.excerpt(shown, 60))
    return f'<span title="{escape(text.line(row.source))}">{told}</span>'


def _pager(page: int, pages: int) -> str:
    if pages == 1:
        return ""
    ends = []
    for words, number in (("Previous", page - 1), ("Next", page + 1)):
        off = "" if 0 <= number < pages else " disabled"
        ends.append(
            f'<button type="button" data-act="apply" data-page="{number}"{off}>{words}</button>'
        )
    here = f"<span>Page {page + 1:,} of {pages:,}</span>"
    return f'<nav class="dl-pager" aria-label="Pages of articles">{ends[0]}{here}{ends[1]}</nav>'


def _bin(binned: Sequence["Binned"]) -> str:
    if not binned:
        return ""
    rows = "".join(
        f'<li><span dir="auto">{escape(name)}</span> '
        f'<button type="button" data-act="undo" data-id="{escape(each.article.id)}" '
        f'aria-label="Restore {escape(name)}">Restore</button> '
        f'<button type="button" data-act="clear" data-id="{escape(each.article.id)}" '
        f'aria-label="Delete {escape(name)} for good">Delete for good</button></li>'
        for each in binned[:_MOST_BINNED]
        if (name := text.excerpt(each.article.metadata.title or _short(each.article.source), 90))
    )
    more = len(binned) - _MOST_BINNED
    rest = f"<p>and {more:,} more</p>" if more > 0 else ""
    return (
        f'<details class="dl-bin"><summary>Bin: {escape(text.count(len(binned), "article"))}'
        f"</summary><ul>{rows}</ul>{rest}</details>"
    )
