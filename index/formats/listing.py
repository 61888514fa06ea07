"""Feeds, sitemaps and lists of addresses: which articles they name."""

import hashlib
import html
import json
import re
import zlib
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from index.article import Metadata
from index.dates import iso_date
from index.decode import decode, tidy
from index.errors import LoadError
from index.failure import LoadFailure
from index.formats.kinds import ListKind
from index.listed import Listed

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_LISTED = 50_000  # as many as a sitemap may hold
_MOST_BYTES = 50_000_000  # of a sitemap unpacked, by its standard
_ROOT = re.compile(rb"<(?:[\w.-]+:)?(rss|feed|rdf|urlset|sitemapindex)[\s>]", re.IGNORECASE)
_KINDS: dict[bytes, ListKind] = {
    b"rss": "feed",
    b"feed": "feed",
    b"rdf": "feed",
    b"urlset": "sitemap",
    b"sitemapindex": "sitemap",
}
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/tr)\b[^>]{0,200}>", re.IGNORECASE)


def listing_kind(data: bytes) -> ListKind | None:
    """Tell what kind of list some bytes are; None where they are no list of addresses."""
    if data[:2] == b"\x1f\x8b":
        return "sitemap"  # the only one of them that comes packed
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        root = _ROOT.search(start)
        before = start[: root.start()] if root else b""
        return _KINDS[root[1].lower()] if root and b"<html" not in before.lower() else None
    return "list" if _is_list(data) else None


def read_listing(data: bytes, kind: ListKind, address: str) -> Iterator[Listed | LoadFailure]:
    """Give what a list names, each item once, and a failure where it cannot be read."""
    try:
        yield from _read(data, kind, address)
    except LoadError as error:
        yield LoadFailure(address, str(error))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # a library may raise anything
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:160]
        yield LoadFailure(address, f"cannot be read as a {kind} ({reason}); check the address")


def _read(data: bytes, kind: ListKind, address: str) -> Iterator[Listed]:
    readers = {"feed": _feed, "sitemap": _sitemap, "list": _list}
    seen: set[str] = set()
    for item in readers[kind](data, address):
        if item.key not in seen:
            seen.add(item.key)
            yield item
        if len(seen) >= MOST_LISTED:
            return


def _is_list(data: bytes) -> bool:
    """Whether every line that is not empty or a comment is an address."""
    lines = [line.strip() for line in data[:100_000].split(b"\n")[:1000]]
    lines = [line for line in lines if line and not line.startswith(b"#")]
    return bool(lines) and all(
        re.match(rb"https?://\S+$", line, re.I) for line in lines[:-1] or lines
    )


def _list(data: bytes, _address: str) -> Iterator[Listed]:
    for line in tidy(decode(data)).split("\n"):
        if found := _ADDRESS.match(line.strip()):
            yield Listed(found[0], found[0])


# Feeds


def _feed(data: bytes, address: str) -> Iterator[Listed]:
    import feedparser

    feedparser.USER_AGENT = ""
    parsed = feedparser.parse(
        data, response_headers={"content-location": address}, sanitize_html=False
    )
    outlet = _plain(parsed.feed.get("title", "")) or None
    if not parsed.entries and not parsed.version:
        raise LoadError("is not a feed that can be read; check the address")
    for entry in parsed.entries:
        link = entry.get("link")
        if isinstance(link, str) and link.strip():
            yield _entry(entry, urljoin(address, link.strip()), outlet)


def _entry(entry: Any, link: str, outlet: str | None) -> Listed:
    contents = [each.get("value", "") for each in entry.get("content", ())]
    text = _plain(max([*contents, entry.get("summary", "")], key=len))
    source = entry.get("source", {})
    metadata = Metadata(
        title=_plain(entry.get("title", "")) or None,
        publisher=_plain(source.get("title", "")) or outlet,
        author=_plain(entry.get("author", "")) or None,
        published=_day(entry.get("published_parsed")),
        url=link,
    )
    # Only Atom, and some RSS, say when an entry was last changed; its date of publication does not.
    updated = entry["updated"] if "updated" in list(entry) else None
    stamp = _stamp(link, updated, metadata.title, text) if updated else None
    return Listed(str(entry.get("id") or link), link, stamp, metadata, text)


def _stamp(*parts: str | None) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _day(moment: Any) -> str | None:
    try:
        return date(*moment[:3]).isoformat() if moment else None
    except (TypeError, ValueError):
        return None


def _plain(markup: str) -> str:
    """The text of an entry's HTML, its paragraphs as lines."""
    import nh3

    text = nh3.clean(_BREAK.sub("\n", str(markup)), tags=set())
    lines = (" ".join(line.split()) for line in tidy(html.unescape(text)).split("\n"))
    return "\n\n".join(line for line in lines if line)


# Sitemaps


def _sitemap(data: bytes, _address: str) -> Iterator[Listed]:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(_unpacked(data))
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise LoadError("is not a sitemap that can be read; check the address") from None
    for element in root:
        facts = _facts(element)
        address = facts.get("loc", "")
        if _ADDRESS.fullmatch(address):
            changed = facts.get("lastmod", "")
            yield Listed(
                address,
                address,
                _stamp(address, changed) if ":" in changed else None,  # a day is too coarse
                Metadata(
                    title=facts.get("title"),
                    publisher=facts.get("name"),
                    published=iso_date(facts.get("publication_date", "")),
                ),
                nested=_local(element) == "sitemap",
            )


def _facts(element: "Element") -> dict[str, str]:
    """The texts below an element by their names; the first of each, and none of pictures."""
    facts: dict[str, str] = {}
    for below in element.iter():
        if "image" not in below.tag and "video" not in below.tag:
            facts.setdefault(_local(below), " ".join(tidy(below.text or "").split()))
    return {name: text for name, text in facts.items() if text}


def _local(element: "Element") -> str:
    return element.tag.rpartition("}")[2].lower()


def _unpacked(data: bytes) -> bytes:
    if data[:2] != b"\x1f\x8b":
        return data
    inflater = zlib.decompressobj(31)
    try:
        plain = inflater.decompress(data, _MOST_BYTES)
    except zlib.error:
        raise LoadError("is not a sitemap that can be read; check the address") from None
    if inflater.unconsumed_tail:
        raise LoadError(f"unpacks to more than {_MOST_BYTES // 1_000_000} MB; give its parts")
    return plain
