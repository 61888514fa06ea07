"""The only two kinds of address a page of ours ever links to."""

from urllib.parse import quote, urlsplit

from rag.answer import Citation, Passage


def article_path(spot: Citation | Passage) -> str:
    """Our own page for the article, as it was when it was cited, opened at the quoted words."""
    article = quote(spot.article.id, safe="", errors="replace")
    revision = spot.article.revision
    return f"/article/{article}?revision={revision}&start={spot.start}&end={spot.end}#cite"


def outside_url(url: str | None) -> str | None:
    """`url` when it is a plain http or https address with a host, else None."""
    if url is None or any(not char.isprintable() or char in ' "<>\\^`{|}' for char in url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and host else None


def host_of(url: str) -> str:
    """The host of an address that `outside_url` let through, to show where a link leads."""
    return urlsplit(url).hostname or ""
