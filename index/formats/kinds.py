"""Which format some bytes are in: told by file name, media type and first bytes."""

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal
from urllib.parse import unquote, urlsplit

ListKind = Literal["feed", "sitemap", "list"]  # they name articles and hold none
Kind = (
    Literal[
        "text", "json", "jsonl", "csv", "html", "pdf", "docx", "eml", "mbox", "warc", "zip", "wacz"
    ]
    | ListKind
)
LISTS: tuple[ListKind, ...] = ("feed", "sitemap", "list")
SUFFIXES: Mapping[str, Kind] = MappingProxyType(
    {
        ".txt": "text",
        ".md": "text",
        ".json": "json",
        ".jsonl": "jsonl",
        ".csv": "csv",
        ".html": "html",
        ".htm": "html",
        ".xhtml": "html",
        ".pdf": "pdf",
        ".docx": "docx",
        ".eml": "eml",
        ".mbox": "mbox",
        ".warc": "warc",
        ".warc.gz": "warc",
        ".wacz": "wacz",
        ".zip": "zip",
    }
)
_MEDIA_TYPES: Mapping[str, Kind] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "application/json": "json",
    "application/ld+json": "json",
    "application/jsonl": "jsonl",
    "application/x-ndjson": "jsonl",
    "text/csv": "csv",
    "text/markdown": "text",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "message/rfc822": "eml",
    "application/mbox": "mbox",
    "application/warc": "warc",
    "application/zip": "zip",
}
_CONTAINERS = frozenset(("zip", "wacz", "warc", "mbox"))
_ARTICLE_LIMIT = 20_000_000  # bytes; the longest articles are under 1 MB, data sets can be split
_BULKY_LIMIT = 200_000_000  # bytes; pictures and many articles make these long
_MARKUP = (b"<!doctype html", b"<html", b"<head", b"<body")


def kind_of(data: bytes, name: str, media_type: str | None = None) -> Kind | None:
    """Tell the format; None where it is none that is read.

    A media type that says something counts more than a suffix: an address may end in anything.
    Plain text that opens as a web page is one.
    """
    stated = _MEDIA_TYPES.get((media_type or "").partition(";")[0].strip().lower())
    kind = stated or kind_of_name(name)
    if kind in ("text", None) and _is_markup(data):
        return "html"
    if kind is None and data.startswith(b"%PDF-"):
        return "pdf"
    if kind is None and (media_type or "").lower().startswith("text/plain"):
        return "text"
    return kind


def kind_of_name(name: str) -> Kind | None:
    """Tell the format that a file name or an address names, without looking into it."""
    if name.lower().startswith(("http://", "https://")):
        try:
            name = unquote(urlsplit(name).path)
        except ValueError:
            return None
    return SUFFIXES.get(suffix_of(name))


def suffix_of(name: str) -> str:
    """The suffix that tells the format, lower case: ".txt", ".warc.gz"."""
    lower = name.lower()
    return ".warc.gz" if lower.endswith(".warc.gz") else os.path.splitext(lower)[1]  # noqa: PTH122


def size_limit(kind: Kind) -> int:
    """The most bytes that a file of a format may have."""
    return _BULKY_LIMIT if kind in _CONTAINERS or kind == "pdf" else _ARTICLE_LIMIT


def _is_markup(data: bytes) -> bool:
    start = data[:400].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<?xml", b"<!--")):
        start = start.partition(b">")[2].lstrip()
    return start.startswith(_MARKUP)
