"""One run of bringing articles in: what is known before it, what waits, what became of each."""

import hashlib
import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from index.article import Article, Document, Metadata
from index.chunk import VERSION as CHUNKER
from index.chunk import chunk_article
from index.clean import VERSION as CLEANER
from index.clean import page_starts, prepare
from index.errors import LoadError
from index.failure import LoadFailure
from index.home import Home
from index.publisher import Draft, Publisher

ARTICLE_LIMIT = 500_000  # characters, the length of a book; embedding them takes ten seconds
Outcome = Literal["added", "updated", "unchanged"]
_PART = re.compile(r"#\d+$|!/")  # where what a source adds for a part of its file may begin


def article_id(source: str) -> str:
    """The id of the article first read from a source: the same for every revision."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _sha256(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def digest_of(document: Document) -> str:
    """Recognises a document that would be stored as it is already."""
    return _sha256(document.text, asdict(document.metadata), CLEANER, CHUNKER)


class _Duplicate(LoadError):
    """The same article is there from another source."""


class Intake:
    """Takes documents, queues what is new or changed, and notes what became of each source."""

    def __init__(self, home: Home, publisher: Publisher | None) -> None:
        """Without a publisher nothing is embedded and nothing is written."""
        self.home = home
        self._publisher = publisher
        self.known = home.known()
        self.results: dict[str, Outcome] = {}
        self.failed: dict[str, str] = {}
        self.moved: set[str] = set()  # sources whose articles have other sources now
        self._duplicates: list[tuple[Document, str]] = []
        self._leaving: set[str] = set()
        self._ids = {identity for identity, _ in self.known.values()}
        self._writing = False
        self._contents: dict[str, str] = {}  # content → source, of what this run brought in

    def expect_to_leave(self, sources: Iterable[str]) -> None:
        """Say which sources are no longer there: an article like theirs is theirs, moved."""
        self._leaving.update(sources)

    def take(self, item: Document | LoadFailure, was: str | None = None) -> None:
        """Take one document: note its failure, or queue it unless it is unchanged.

        `was` is the source that the article had before.
        """
        if isinstance(item, LoadFailure):
            self.failed[item.source] = item.reason
            return
        try:
            self.results[item.source] = self._queue(item, was)
        except _Duplicate as error:
            self._duplicates.append((item, str(error)))
        except LoadError as error:
            self.failed[item.source] = str(error)

    def skip(self, sources: Iterable[str]) -> None:
        """Note that what came of some sources is as it was."""
        self.results.update((source, "unchanged") for source in sources if source in self.known)

    def _queue(self, document: Document, was: str | None) -> Outcome:
        digest = digest_of(document)
        known = self.known.get(document.source)
        if known and known[1] == digest:
            return "unchanged"
        if len(document.text) > ARTICLE_LIMIT:
            raise LoadError(f"holds more than {ARTICLE_LIMIT:,} characters; split it into articles")
        text, metadata = prepare(document)
        content = _sha256(text, asdict(metadata))
        if not known and (was is None or was not in self.known):
            was = self._left_by(content)
        identity = self._identity(document.source, was)
        self._refuse_duplicate(identity, content)
        self._contents[content] = document.source
        if was is not None and not known:
            self.moved.add(was)
        self._publish(document, identity, text, metadata, digest, content)
        return "updated" if known or (was and was not in self._leaving) else "added"

    def _publish(
        self,
        document: Document,
        identity: str,
        text: str,
        metadata: Metadata,
        digest: str,
        content: str,
    ) -> None:
        if self._publisher is None:
            return
        revision = self.home.next_revision(identity)
        pages = page_starts(document, text)
        article = Article(identity, revision, document.source, text, metadata, pages)
        embedder = self.home.embedder  # refuses another model before anything is written
        if not self._writing:
            self.home.begin_writing()  # refuses a second writer before anything is embedded
            self._writing = True
        chunks = chunk_article(article, embedder)
        self._publisher.put(Draft(article, tuple(chunks), digest, content))

    def _left_by(self, content: str) -> str | None:
        """A source that is no longer there and had this very article."""
        for _, source in self.home.with_content(content):
            if source in self._leaving and source not in self.moved:
                return source
        return None

    def _identity(self, source: str, was: str | None) -> str:
        """The article's id, which it keeps when it moves; a free one for a new article."""
        for name in (source, was):
            if name is not None and name in self.known:
                return self.known[name][0]
        identity = article_id(source)
        while identity in self._ids:  # an article that was here first has moved
            identity = article_id(f"{source}\n{identity}")
        self._ids.add(identity)
        return identity

    def _refuse_duplicate(self, identity: str, content: str) -> None:
        first = self._contents.get(content)
        for other, source in self.home.with_content(content):
            # An article that this run updates has that content no longer, one that goes neither.
            leaves = self.results.get(source) == "updated" or source in self._leaving
            if other != identity and not leaves:
                first = source
        if first is not None:
            raise _Duplicate(f"is the same article as {first}; it is stored once")

    def retry_duplicates(self) -> None:
        """Take duplicates again: what they were like may have changed or gone in this run.

        Backwards, since records that moved up in their file free one another's texts so.
        """
        before = -1
        while before != len(self._duplicates) > 0:
            before = len(self._duplicates)
            again, self._duplicates = self._duplicates[::-1], []
            for document, _ in again:
                self.take(document)

    def went_in(self, sources: Iterable[str]) -> bool:
        """Whether all of some sources are, or will be, in the collection as they are now."""
        return all(source in self.results and source not in self.failed for source in sources)

    def idle(self) -> bool:
        """Whether everything taken so far is stored."""
        return self._publisher is None or self._publisher.waiting == 0

    def flush(self) -> None:
        """Store everything taken so far."""
        if self._publisher is not None:
            self._publisher.flush()

    def reasons(self) -> dict[str, str]:
        """Why each source failed that did."""
        return {**self.failed, **{document.source: why for document, why in self._duplicates}}

    def left(self, folder: Path) -> list[str]:
        """Sources known earlier whose files are no longer in a folder."""
        root, there = f"{folder.as_posix()}/", {*self.results, *self.reasons()}
        return [
            source
            for source in self.known
            if source.startswith(root) and source not in there and not _has_file(source)
        ]

    def dropped(self, files: Iterable[str]) -> list[str]:
        """Parts known earlier of files that were read now and do not hold them any more."""
        read = set(files) - self.failed.keys()
        there = {*self.results, *self.reasons()}
        return [
            source
            for source in self.known
            if source not in there and not read.isdisjoint(_files(source))
        ]


def _files(source: str) -> list[str]:
    """The files that a source may be a part of."""
    return [source[: part.start()] for part in _PART.finditer(source)]


def _has_file(source: str) -> bool:
    return any(map(os.path.lexists, (source, *_files(source))))
