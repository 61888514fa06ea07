"""What a page's head says of its article, each fact from where it is most trustworthy."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from index.article import Metadata
from index.dates import iso_date
from index.decode import tidy
from index.formats.linked_data import Facts, article_facts
from index.formats.shown_dates import shown_date
from index.headline import split_site, title_key

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TITLE_LIMIT = 400
_NAME_LIMIT = 80
_DATES = (
    "article:published_time article:published og:published_time datepublished parsely-pub-date"
    " sailthru.date cxenseparse:recs:publishtime publishdate publish-date publish_date pubdate"
    " dc.date.issued dcterms.issued dcterms.created dc.date dcterms.date article.published"
    " originalpublicationdate date"
).split()
_OUTLETS = "og:site_name application-name apple-mobile-web-app-title dc.publisher publisher".split()
_AUTHORS = "author article:author_name parsely-author sailthru.author byl dc.creator byline".split()
_NO_OUTLET = frozenset("home news website blog index wordpress homepage main untitled".split())
_PUBLISHED = re.compile(r"publish|pubdate|posted|entry-date|dateline|article-?_?date|byline")
_CHANGED = re.compile(r"updat|modif|changed")
_SEPARATOR = re.compile(r"\s+(?:[|–—·•»:-]|::)\s+|\s*\|\s*")


def page_facts(tree: "HtmlElement", address: str) -> Metadata:
    """Read title, outlet, author, date and canonical address of a page.

    `address` is where it came from, if it is one; what is not stated stays None.
    """
    meta = _meta(tree)
    facts = article_facts(_scripts(tree), _line(meta.get("og:title")))
    head = _line(tree.findtext(".//head/title"))
    outlet = _outlet(tree, meta, facts, head)
    return Metadata(
        title=_title(tree, meta, facts, head, outlet),
        publisher=outlet,
        author=_author(tree, meta, facts, outlet),
        published=_published(tree, meta, facts, address),
        url=_address(tree, meta, facts, address),
    )


def _meta(tree: "HtmlElement") -> dict[str, str]:
    """The first content of each named meta tag."""
    found: dict[str, str] = {}
    for tag in tree.iter("meta"):
        content = tag.get("content")
        for key in ("property", "name", "itemprop"):
            if content and (name := tag.get(key)):
                found.setdefault(name.strip().lower(), content)
    return found


def _scripts(tree: "HtmlElement") -> list[str]:
    return [
        script.text
        for script in tree.iter("script")
        if script.text and "ld+json" in (script.get("type") or "").lower()
    ]


def _line(text: str | None) -> str | None:
    """Give a text on one line, None when it is empty."""
    return " ".join(tidy(text or "").split())[:_TITLE_LIMIT] or None


# The headline


def _title(
    tree: "HtmlElement",
    meta: dict[str, str],
    facts: Facts,
    head: str | None,
    outlet: str | None,
) -> str | None:
    """Give the headline that readers see where it agrees with what the head says, else the head's.

    Sites shorten the titles meant for search engines and social networks, and some set their own
    name as a heading of the first level.
    """
    stated = [facts.headline, meta.get("og:title"), meta.get("twitter:title"), head]
    stated = [without_site(title, outlet) for each in stated if (title := _line(each))]
    shown = [
        without_site(text, outlet)
        for h1 in tree.iter("h1")
        if (text := _line(h1.text_content())) and not (outlet and _same_name(text, outlet))
    ]
    told = [title for title in stated if title]
    best = max(shown, key=lambda text: _agreement(text, told), default=None)
    if best and (_agreement(best, told) >= 0.4 or (len(shown) == 1 and _is_long(best))):
        return best
    return next((title for title in told if _is_long(title)), next(iter(told), None))


def without_site(title: str, outlet: str | None) -> str:
    """Take the site's name off the end or the start of a title."""
    parts = _SEPARATOR.split(title)
    if outlet and len(parts) > 1:
        if _same_name(parts[-1], outlet):
            cut = title.rindex(parts[-1])
            return without_site(title[:cut].rstrip(" |–—·•»:-"), None) or title
        if _same_name(parts[0], outlet):
            return title[len(parts[0]) :].lstrip(" |–—·•»:-") or title
    return split_site(title)[0]


def _agreement(text: str, others: Iterable[str]) -> float:
    """Give the most words that a text shares with one of the others, as a share of the fewer."""
    words = set(re.findall(r"\w+", text.casefold()))
    best = 0.0
    for other in others:
        theirs = set(re.findall(r"\w+", other.casefold()))
        if words and theirs:
            best = max(best, len(words & theirs) / max(min(len(words), len(theirs)), 3))
    return best


def _is_long(title: str) -> bool:
    return len(title.split()) > 2 or len(title) > 20


def _same_name(one: str, other: str) -> bool:
    return _name_key(one) == _name_key(other) != ""


def _name_key(name: str) -> str:
    plain = re.sub(r"^the |\.(?:com|org|net|co\.uk|info|news|test|example)$", "", name.casefold())
    return re.sub(r"\W+", "", plain)


# The outlet


def _outlet(
    tree: "HtmlElement", meta: dict[str, str], facts: Facts, head: str | None
) -> str | None:
    """Give the name that most of the page's statements share; in their order where none do.

    What a page's title holds beside the headline is the site's name, or a section and that.
    """
    stated = [meta.get("og:site_name"), facts.publisher, *_marked_publishers(tree)]
    stated += map(meta.get, _OUTLETS[1:])
    names = [name for each in stated if (name := _line(each)) and _is_outlet_name(name)]
    parts = _SEPARATOR.split(head or "")
    ends = {_name_key(part) for part in (parts[0], parts[-1])} if len(parts) > 1 else set()
    keys = [_name_key(name) for name in names]
    votes = [keys.count(key) + 2 * (key in ends) for key in keys]
    if votes:
        return names[votes.index(max(votes))]
    return beside_headline(tree, head) or (split_site(head)[1] if head else None)


def _marked_publishers(tree: "HtmlElement") -> list[str | None]:
    """What microdata names as the publisher."""
    marked = tree.xpath("//*[@itemprop='publisher']//*[@itemprop='name']")[:2]
    return [element.get("content") or element.text_content() for element in marked]


def beside_headline(tree: "HtmlElement", head: str | None) -> str | None:
    """Give the last part of the page's title that is not its headline, None where it has none."""
    parts = _SEPARATOR.split(head or "")
    headlines = {title_key(h1.text_content()) for h1 in tree.iter("h1")}
    if head is None or len(parts) < 2:
        return None
    first, last = parts[0], parts[-1]
    if headlines & {title_key(first), title_key(head[: -len(last)].rstrip(" |–—·•»:-"))}:
        return last
    return first if title_key(last) in headlines else None


def _is_outlet_name(name: str) -> bool:
    return (
        len(name) <= _NAME_LIMIT
        and name.casefold() not in _NO_OUTLET
        and not name.startswith(("http:", "https:", "@"))
        and any(char.isalpha() for char in name)
    )


# Author, date and address


def _author(
    tree: "HtmlElement", meta: dict[str, str], facts: Facts, outlet: str | None
) -> str | None:
    marked = [
        _line(element.text_content())
        for element in tree.xpath(
            "//*[@rel='author' or @itemprop='author' or contains(@class, 'byline')]"
        )[:5]
    ]
    for each in (facts.author, *map(meta.get, _AUTHORS), *marked):
        name = re.sub(r"^(?:by|por|par|von)\s+", "", _line(each) or "", flags=re.IGNORECASE)
        if _is_author(name, outlet):
            return name
    return None


def _is_author(name: str, outlet: str | None) -> bool:
    return (
        1 < len(name) <= 2 * _NAME_LIMIT
        and not re.search(r"https?:|@|\d|[.!?]$", name)
        and name.casefold() not in ("admin", "editor", "staff", "author", "unknown")
        and not (outlet and _same_name(name, outlet))
    )


def _published(tree: "HtmlElement", meta: dict[str, str], facts: Facts, address: str) -> str | None:
    stated = [facts.published, *map(meta.get, _DATES), *_marked_times(tree)]
    for each in stated:
        if each and (day := iso_date(each.strip())):
            return day
    return shown_date(_lines_below_headline(tree))[0] or _searched(tree, address)


def _lines_below_headline(tree: "HtmlElement") -> Iterator[str]:
    """The texts that follow the headline in the page's own order, each on one line."""
    headline = next(tree.iter("h1", "h2"), None)
    body = tree.find("body")
    if headline is None or body is None:
        return
    inside = set(headline.iter())
    below = False
    for element in body.iter():
        below = below or element is headline
        if not below or not isinstance(element.tag, str):
            continue
        for text in (None if element in inside else element.text, element.tail):
            if line := " ".join((text or "").split()):
                yield line


def _marked_times(tree: "HtmlElement") -> Iterator[str]:
    """The times that the markup itself calls those of publication, then those of any header."""
    for element in tree.iter("time"):
        names = " ".join(str(element.get(key) or "") for key in ("class", "itemprop", "pubdate"))
        around = element.getparent()
        names += str(around.get("class") or "") if around is not None else ""
        if (
            "pubdate" in element.attrib or _PUBLISHED.search(names.lower())
        ) and not _CHANGED.search(names.lower()):
            yield element.get("datetime") or element.text_content()


def _searched(tree: "HtmlElement", address: str) -> str | None:
    """Give the date that htmldate finds in what readers see."""
    from htmldate import find_date

    url = address if address.startswith(("http://", "https://")) else None
    return find_date(tree, original_date=True, extensive_search=False, url=url)


def _address(tree: "HtmlElement", meta: dict[str, str], facts: Facts, address: str) -> str | None:
    """Give the canonical address; one that only names a site's front page is none."""
    base = address if address.startswith(("http://", "https://")) else ""
    links = [
        link.get("href")
        for link in tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    ]
    for each in (*links, meta.get("og:url"), facts.url, base):
        if each and (whole := _absolute(base, each)):
            return whole
    return None


def _absolute(base: str, link: str) -> str | None:
    try:
        whole = urljoin(base, link.strip())
        parts = urlsplit(whole)
    except ValueError:
        return None
    named = parts.scheme in ("http", "https") and parts.hostname
    return whole if named and (parts.path.strip("/") or parts.query) else None
