"""The bin: articles removed lately, kept for a while so that a removal can be undone.

One file an article, outside the collection: no search, question or ingest sees it.
"""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from index.article import Article, Metadata
from index.chunk import chunk_article
from index.errors import HomeError
from index.home import Home
from index.publisher import Draft, Publisher
from index.uploads import drop_unused

KEPT_DAYS = 30
_FOLDER = "bin"
_FORMAT = "dateline-bin/1"


Stamped = tuple[Article, str]


@dataclass(frozen=True, slots=True)
class Binned:
    """A removed article, the ISO time of its removal in UTC, the digests it was stored with, and
    its earlier revisions, each with the ISO time it was stored.
    """

    article: Article
    removed_at: str
    digest: str
    content: str
    earlier: tuple[Stamped, ...] = ()


@dataclass(frozen=True, slots=True)
class Restored:
    """The ids of articles that are back, and why others are not: pairs of a source and a line."""

    ids: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]


def put_into_bin(home: Home, ids: Iterable[str]) -> list[str]:
    """Remove articles, keeping each in the bin; returns the ids that were there.

    Raises HomeBusy when another process writes, HomeError when the bin cannot be written: then
    nothing is removed.
    """
    found = home.articles(ids)
    if not found:
        return []
    home.begin_writing()
    marks = home.marks(found)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    for article in found.values():
        earlier = tuple(_earlier(home, article))
        _write(home.path, Binned(article, now, *marks[article.id], earlier))
    empty_bin(home, _expired(home))
    return home.remove(found)


def in_bin(home: Home) -> list[Binned]:
    """What the bin holds, the latest removal first; expired articles and those that are back in
    the collection are left out.
    """
    oldest = _oldest()
    kept = [each for each in _read_all(home.path) if each.removed_at >= oldest]
    there = home.articles(each.article.id for each in kept)
    left = [each for each in kept if each.article.id not in there]
    return sorted(left, key=lambda each: (each.removed_at, each.article.source), reverse=True)


def restore(home: Home, ids: Iterable[str]) -> Restored:
    """Bring articles back from the bin as they were: id, text, metadata, source, earlier texts.

    They get the next revision, because the ids of chunks are never used again.
    """
    wanted = set(ids)
    back: list[str] = []
    earlier: list[Stamped] = []
    failed: list[tuple[str, str]] = []
    publisher = Publisher(home)
    for each in in_bin(home):
        if each.article.id not in wanted:
            continue
        same = home.with_content(each.content)
        if same:
            reason = f"is the same article as {same[0][1]}; it is stored once"
            failed.append((each.article.source, reason))
            continue
        article = replace(each.article, revision=home.next_revision(each.article.id))
        chunks = chunk_article(article, home.embedder)
        publisher.put(Draft(article, tuple(chunks), each.digest, each.content))
        back.append(article.id)
        earlier += each.earlier
    publisher.flush()
    if earlier:
        home.keep_earlier(earlier)
    empty_bin(home, back)
    return Restored(tuple(back), tuple(failed))


def empty_bin(home: Home, ids: Iterable[str]) -> None:
    """Forget articles of the bin for good, and files handed over that nothing else came of."""
    for each in ids:
        with suppress(OSError):
            _file(home.path, each).unlink(missing_ok=True)
    in_use = {*home.known(), *(each.article.source for each in _read_all(home.path))}
    drop_unused(home.path, in_use)


def _earlier(home: Home, article: Article) -> Iterator[Stamped]:
    for revision, stored_at in home.revisions(article.id):
        found = home.article_at(article.id, revision)
        if found is not None and revision < article.revision:
            yield found, stored_at


def _expired(home: Home) -> list[str]:
    oldest = _oldest()
    return [each.article.id for each in _read_all(home.path) if each.removed_at < oldest]


def _oldest() -> str:
    return (datetime.now(UTC) - timedelta(days=KEPT_DAYS)).isoformat(timespec="seconds")


def _file(home: Path, article_id: str) -> Path:
    return home / _FOLDER / f"{article_id.encode().hex()}.json"


def _write(home: Path, binned: Binned) -> None:
    """Write a file as a whole, on the disk before the article is removed."""
    file = _file(home, binned.article.id)
    try:
        file.parent.mkdir(exist_ok=True)
        unfinished = file.with_suffix(".tmp")
        with unfinished.open("w", encoding="utf-8") as stream:
            json.dump({"format": _FORMAT, **asdict(binned)}, stream)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(file)
    except OSError as error:
        raise HomeError(
            f"{file.parent} cannot be written ({error.strerror}). Nothing was removed; "
            "check its permissions and free space."
        ) from error


def _read_all(home: Path) -> Iterator[Binned]:
    for file in sorted((home / _FOLDER).glob("*.json")):
        with suppress(OSError, ValueError, KeyError, TypeError):  # damaged, or of another version
            yield _binned(json.loads(file.read_text("utf-8")))


def _binned(plain: dict[str, Any]) -> Binned:
    if plain["format"] != _FORMAT:
        raise ValueError
    earlier = tuple((_article(article), stored_at) for article, stored_at in plain["earlier"])
    return Binned(
        _article(plain["article"]), plain["removed_at"], plain["digest"], plain["content"], earlier
    )


def _article(plain: dict[str, Any]) -> Article:
    known = {"metadata": Metadata(**plain["metadata"]), "pages": tuple(plain["pages"])}
    return Article(**{**plain, **known})
