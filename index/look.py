"""A look at one item of a source: whether it is as it was, is gone, or what it holds now."""

import hashlib
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from index.article import Document
from index.chunk import VERSION as CHUNKER
from index.clean import VERSION as CLEANER
from index.collect import Fields
from index.declared import merged
from index.decode import read_bytes
from index.errors import FetchError, LoadError
from index.failure import LoadFailure
from index.fetch import Fetched, Fetcher
from index.formats.kinds import kind_of_name, size_limit
from index.listed import Listed, Validators
from index.load import load
from index.parse import parse
from index.sidecar import described_beside, tables_beside
from index.sources import Seen

MADE = f"{CLEANER} {CHUNKER}"  # what was read by other code is read anew
_RESTED = 2_000_000_000  # ns since a file's last change, after which its time and size are trusted


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at one item found, and what is to be remembered of it once that is stored."""

    state: Literal["same", "gone", "read"]
    found: tuple[Document | LoadFailure, ...] = ()
    seen: Seen | None = None


def look_at_file(item: Listed, seen: Seen | None, fields: Fields) -> Look:
    """Load a file unless size and time, or else its bytes, are as they were."""
    path = Path(item.address)
    known = _usable(seen)
    stamp = _file_stamp(path)
    if known and stamp is not None and known.stamp == stamp:
        return Look("same")
    digest = _file_digest(path, fields)
    fresh = Seen(item.key, item.key, stamp, Validators(), digest, MADE, ())
    if known and digest and known.digest == digest:
        return Look("same", seen=replace(fresh, articles=known.articles))
    return Look("read", tuple(load(path, fields)), fresh if digest else None)


def look_at_page(
    item: Listed,
    seen: Seen | None,
    fetcher: Fetcher,
    fields: Fields,
    *,
    stored: bool,
    fetched: Fetched | None = None,
) -> Look:
    """Fetch a page unless its source says that it is as it was; ask its server only for changes.

    Where the page cannot be had, what its source itself gives of the article is taken, unless
    something of it is `stored` already.
    """
    known = _usable(seen) if seen and seen.address == item.address else None
    if known and item.stamp is not None and known.stamp == item.stamp:
        return Look("same")
    try:
        page = fetched or fetcher.fetch(item.address, known.validators if known else None)
    except FetchError as error:
        if error.gone and seen is not None:
            return Look("gone")
        return Look("read", _instead(item, str(error), stored))
    digest = known.digest if known and page.unchanged else _sha256(page.data)
    fresh = Seen(item.key, item.address, item.stamp, page.validators, digest, MADE, ())
    if known and digest == known.digest:
        validators = known.validators if page.unchanged else page.validators
        return Look("same", seen=replace(fresh, articles=known.articles, validators=validators))
    return Look("read", tuple(_articles(item, page, fields, stored)), fresh)


def _usable(seen: Seen | None) -> Seen | None:
    """What was seen of an item, if it says anything of what the item would give now."""
    return None if seen is None or seen.made != MADE or seen.gone else seen


def _articles(
    item: Listed, page: Fetched, fields: Fields, stored: bool
) -> list[Document | LoadFailure]:
    """The articles of a page; what the page does not say of itself, its source may."""
    found = parse(page.data, page.address, item.address, page.media_type, fields)
    if failures := [each for each in found if isinstance(each, LoadFailure)]:
        if len(failures) == len(found) == 1:
            return list(_instead(item, failures[0].reason, stored))
        return found
    beside = replace(item.metadata, url=page.address)
    return [
        replace(each, metadata=merged(each.metadata, beside))
        for each in found
        if isinstance(each, Document)
    ]


def _instead(item: Listed, reason: str, stored: bool) -> tuple[Document | LoadFailure, ...]:
    """What the source itself gives of an article whose page cannot be had, said to be so."""
    if stored or not item.text.strip():
        return (LoadFailure(item.address, reason),)
    why = f"{reason}; only what the feed gives of it was taken"
    metadata = merged(item.metadata, replace(item.metadata, url=item.address))
    return Document(item.address, item.text, metadata), LoadFailure(item.address, why)


def _file_stamp(path: Path) -> str | None:
    """Size and time of a file and of the tables beside it; None where they tell nothing.

    A file that was changed a moment ago may be changed again without a new time.
    """
    try:
        states = [each.stat() for each in (path, *tables_beside(path))]
    except (OSError, ValueError):
        return None
    if max(state.st_mtime_ns for state in states) > time.time_ns() - _RESTED:
        return None
    return " ".join(f"{state.st_size} {state.st_mtime_ns}" for state in states)


def _file_digest(path: Path, fields: Fields) -> str:
    """Recognises a file's bytes and what is said of them; empty where they cannot be read."""
    try:
        data = read_bytes(path, size_limit(kind_of_name(path.name) or "text"))
    except LoadError:
        return ""
    return _sha256(
        data, repr(described_beside(path)).encode(), repr(sorted(fields.items())).encode()
    )


def _sha256(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()
