"""An article's way in: load → clean → chunk → embed → store."""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from index.article import Article, Document
from index.chunk import VERSION as CHUNKER
from index.chunk import chunk_article
from index.clean import VERSION as CLEANER
from index.clean import page_starts, prepare
from index.errors import LoadError
from index.failure import LoadFailure
from index.home import Home
from index.load import find_sources, load
from index.parse import NO_FIELDS
from index.publisher import Draft, Publisher
from index.records import IngestReport

ARTICLE_LIMIT = 500_000  # characters, the length of a book; embedding them takes ten seconds
Outcome = Literal["added", "updated", "unchanged"]
_PART = re.compile(r"#\d+$|!/")  # where what a source adds for a part of its file may begin


def article_id(source: str) -> str:
    """The id of the article read from a source: the same for every revision."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _sha256(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def digest_of(document: Document) -> str:
    """Recognises a document that would be stored as it is already."""
    return _sha256(document.text, asdict(document.metadata), CLEANER, CHUNKER)


Progress = Callable[[int, int, str], None]  # files done, files in all, the source taken last


class _Duplicate(LoadError):
    """The same article is there from another source."""


class _Ingest:
    """One run: what is known before it, what waits, what became of each source."""

    def __init__(self, home: Home, publisher: Publisher) -> None:
        self.home = home
        self._publisher = publisher
        self.known = home.known()
        self.results: dict[str, Outcome] = {}
        self.failed: dict[str, str] = {}
        self.duplicates: list[tuple[Document, str]] = []
        self._writing = False
        self._contents: dict[str, str] = {}  # content → source, of what this run brought in

    def take(self, item: Document | LoadFailure) -> None:
        """Take one document: note its failure, or queue it unless it is unchanged."""
        if isinstance(item, LoadFailure):
            self.failed[item.source] = item.reason
            return
        try:
            self.results[item.source] = self._queue(item)
        except _Duplicate as error:
            self.duplicates.append((item, str(error)))
        except LoadError as error:
            self.failed[item.source] = str(error)

    def _queue(self, document: Document) -> Outcome:
        digest = digest_of(document)
        known = self.known.get(document.source)
        if known and known[1] == digest:
            return "unchanged"
        if len(document.text) > ARTICLE_LIMIT:
            raise LoadError(f"holds more than {ARTICLE_LIMIT:,} characters; split it into articles")
        text, metadata = prepare(document)
        content = _sha256(text, asdict(metadata))
        identity = article_id(document.source)
        self._refuse_duplicate(identity, content)
        revision = self.home.next_revision(identity)
        pages = page_starts(document, text)
        article = Article(identity, revision, document.source, text, metadata, pages)
        embedder = self.home.embedder  # refuses another model before anything is written
        if not self._writing:
            self.home.begin_writing()  # refuses a second writer before anything is embedded
            self._writing = True
        chunks = chunk_article(article, embedder)
        self._contents[content] = document.source
        self._publisher.put(Draft(article, tuple(chunks), digest, content))
        return "updated" if known else "added"

    def _refuse_duplicate(self, identity: str, content: str) -> None:
        first = self._contents.get(content)
        for other, source in self.home.with_content(content):
            # An article that this run updates has that content no longer.
            if other != identity and self.results.get(source) != "updated":
                first = source
        if first is not None:
            raise _Duplicate(f"is the same article as {first}; it is stored once")

    def retry_duplicates(self) -> None:
        """Take duplicates again: what they were like may have changed or gone in this run.

        Backwards, since records that moved up in their file free one another's texts so.
        """
        before = -1
        while before != len(self.duplicates) > 0:
            before = len(self.duplicates)
            again, self.duplicates = self.duplicates[::-1], []
            for document, _ in again:
                self.take(document)

    def gone(self, folders: Iterable[Path], files: Iterable[Path]) -> list[str]:
        """Sources stored earlier that are no longer there under what was read now."""
        read = {path.as_posix() for path in files}
        # A folder without a single file is more likely not mounted than emptied.
        roots = tuple(
            root for folder in folders if any(f.startswith(root := f"{folder}/") for f in read)
        )
        seen = {*self.results, *self.failed, *(d.source for d, _ in self.duplicates)}
        return [
            source
            for source in self.known
            if source not in seen and _is_gone(source, roots, read - self.failed.keys())
        ]

    def report(self, removed: Iterable[str]) -> IngestReport:
        """What became of each source, in the order they were taken."""
        failed = {**self.failed, **{document.source: why for document, why in self.duplicates}}
        sources: dict[str, list[str]] = {"added": [], "updated": [], "unchanged": []}
        for source, outcome in self.results.items():
            sources[outcome].append(source)
        return IngestReport(
            **{outcome: tuple(found) for outcome, found in sources.items()},
            removed=tuple(removed),
            failed=tuple(failed.items()),
        )


def _is_gone(source: str, roots: tuple[str, ...], read: set[str]) -> bool:
    files = [source[: part.start()] for part in _PART.finditer(source)]
    if not read.isdisjoint(files):
        return True  # the file was read and does not hold this part any more
    return source.startswith(roots) and not any(map(os.path.lexists, (source, *files)))


def ingest(
    home: Home,
    paths: Iterable[str | Path],
    on_progress: Progress | None = None,
    fields: Mapping[str, str] = NO_FIELDS,
) -> IngestReport:
    """Bring in all articles of some files and folders; what is there already stays untouched.

    `fields` names the fields of records (JSON, CSV) that hold ours: {"text": "body"}.

    Articles whose file or record has gone from a folder or file read now are removed. A source
    that fails keeps what was stored of it before. Raises HomeError (HomeBusy, HomeMismatch) and
    ModelError, which stop the run; articles stored by then stay.
    """
    given = [Path(os.path.abspath(path)) for path in paths]  # noqa: PTH100
    files = find_sources(given)
    publisher = Publisher(home)
    run = _Ingest(home, publisher)
    for number, path in enumerate(files):
        for item in load(path, fields):
            run.take(item)
            if on_progress:
                on_progress(number, len(files), item.source)
    publisher.flush()
    gone = run.gone([path for path in given if path.is_dir()], files)
    home.remove(run.known[source][0] for source in gone)
    run.retry_duplicates()
    publisher.flush()
    return run.report(gone)
