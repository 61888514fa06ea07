"""From the bytes of one file or answered address to its documents, safely.

What our own code reads in bounded time and memory is read here; everything else in a child
process with limits.
"""

import atexit
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from index.article import Document
from index.decode import check_size
from index.errors import LoadError
from index.failure import LoadFailure
from index.formats.kinds import SUFFIXES, Kind, ListKind, kind_of, size_limit
from index.formats.read import Job, read
from index.listed import Listed
from index.worker import Worker

# Objects take up to 44 times the memory of the JSON they are read from.
_RECORDS_HERE = 2_000_000  # bytes
NO_FIELDS: Mapping[str, str] = MappingProxyType({})
UNSUPPORTED = f"has an unsupported suffix; give {', '.join(SUFFIXES)}"


def parse(
    data: bytes,
    name: str,
    source: str,
    media_type: str | None = None,
    fields: Mapping[str, str] = NO_FIELDS,
) -> list[Document | LoadFailure]:
    """Give the documents of a file in order, and a failure for each one that cannot be had.

    `name` is the file's name or the address the bytes came from; `media_type` a Content-Type.
    A record, page or message of many adds its number to `source`, `/a/b.jsonl#3`, a member of an
    archive its name, `/a/b.zip!/c.html`. `fields` maps our names of fields to those of records.
    Never raises for anything in `data`.
    """
    kind = kind_of(data, name, media_type)
    if kind is None:
        return [LoadFailure(source, UNSUPPORTED)]
    try:
        check_size(data, size_limit(kind))
    except LoadError as error:
        return [LoadFailure(source, str(error))]
    job = Job(data, kind, name, source, media_type, fields)
    if _is_bounded(kind, len(data)):
        return list(read(job))
    return [item for item in _worker().run(job) if not isinstance(item, Listed)]


def parse_list(data: bytes, kind: ListKind, address: str) -> list[Listed]:
    """Give what a feed, a sitemap or a list of addresses names, in order and each once.

    `address` is where it was read from. Raises LoadError where it cannot be read.
    """
    found = _worker().run(Job(data, kind, address, address))
    failure = next((item for item in found if isinstance(item, LoadFailure)), None)
    if failure is not None:
        raise LoadError(failure.reason)
    return [item for item in found if isinstance(item, Listed)]


def _is_bounded(kind: Kind, size: int) -> bool:
    return kind == "text" or (kind in ("json", "jsonl", "csv") and size <= _RECORDS_HERE)


@cache
def _worker() -> Worker:
    worker = Worker()
    atexit.register(worker.close)
    return worker
