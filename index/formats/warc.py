"""Web archives (WARC): each page that a server answered with is an article."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.errors import LoadError
from index.formats.kinds import kind_of, size_limit
from index.formats.member import Member

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

_RECORDS = 200_000
_BROKEN = "is a broken web archive from here on; make it anew"
_KINDS = ("html", "pdf")


def members(data: bytes) -> Iterator[Member]:
    """Give the pages and PDFs answered with status 200; "#3" is the third record."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    number = 0
    try:
        for number, record in enumerate(ArchiveIterator(io.BytesIO(data)), start=1):
            if number > _RECORDS:
                raise LoadError(f"has more than {_RECORDS:,} records; split it")
            if _is_answer(record):
                yield from _page(record, number)
    except (ArchiveLoadFailed, ValueError, OSError, EOFError):
        yield Member(f"#{number + 1}", "", LoadError(_BROKEN))


def _is_answer(record: "ArcWarcRecord") -> bool:
    answered = record.rec_type == "response" and record.http_headers is not None
    return answered and record.http_headers.get_statuscode() == "200"


def _page(record: "ArcWarcRecord", number: int) -> Iterator[Member]:
    address = record.rec_headers.get_header("WARC-Target-URI") or ""
    media_type = record.http_headers.get_header("Content-Type")
    limit = size_limit("html")
    body = record.content_stream().read(limit + 1)
    kind = kind_of(body[:1000], address, media_type)
    if kind not in _KINDS:
        return
    large = LoadError(f"is larger than {limit // 1_000_000} MB; give it alone")
    yield Member(f"#{number}", address, large if len(body) > limit else body, kind, media_type)
