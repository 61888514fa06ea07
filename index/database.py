"""The connection to a home's SQLite file: its schema, its transactions, its errors."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from index.errors import HomeError

SCHEMA_VERSION = 3
BUSY_SECONDS = 20.0

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'ready')),
    source TEXT NOT NULL,
    digest TEXT NOT NULL,
    content TEXT NOT NULL,
    title TEXT, publisher TEXT, author TEXT, published TEXT, url TEXT,
    publisher_key TEXT NOT NULL,
    published_number INTEGER,
    added_at TEXT NOT NULL,
    since INTEGER,
    text TEXT NOT NULL,
    pages TEXT NOT NULL DEFAULT '[]',
    PRIMARY KEY (id, revision)
);
CREATE UNIQUE INDEX one_ready_revision ON articles (id) WHERE state = 'ready';
CREATE INDEX articles_by_content ON articles (content);
CREATE INDEX articles_by_since ON articles (since);
CREATE TABLE chunks (
    id TEXT PRIMARY KEY,
    article_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    position INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    sentences BLOB NOT NULL,
    vector BLOB NOT NULL,
    sentence_vectors BLOB NOT NULL,
    FOREIGN KEY (article_id, revision) REFERENCES articles (id, revision) ON DELETE CASCADE
);
CREATE INDEX chunks_by_article ON chunks (article_id, revision, position);
CREATE TABLE words (
    word TEXT PRIMARY KEY,
    stem TEXT NOT NULL,
    skeleton TEXT NOT NULL,
    chunks INTEGER NOT NULL,
    capitals INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX words_by_skeleton ON words (skeleton);
CREATE VIEW ready_articles AS SELECT * FROM articles WHERE state = 'ready';
CREATE VIEW chunk_articles AS
    SELECT c.*, a.state, a.source, a.publisher_key, a.published_number, a.since, a.title, a.text
    FROM chunks c JOIN articles a ON a.id = c.article_id AND a.revision = c.revision;
CREATE VIEW ready_chunks AS SELECT * FROM chunk_articles WHERE state = 'ready';
CREATE TABLE removed (id TEXT PRIMARY KEY, revision INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE terms (term TEXT PRIMARY KEY, chunks INTEGER NOT NULL) WITHOUT ROWID;
"""

# Sources that are kept in step, and what articles were before they were corrected.
_KEPT = """
CREATE TABLE earlier (
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    source TEXT NOT NULL,
    title TEXT, publisher TEXT, author TEXT, published TEXT, url TEXT,
    added_at TEXT NOT NULL,
    text TEXT NOT NULL,
    pages TEXT NOT NULL,
    PRIMARY KEY (id, revision)
);
CREATE TABLE sources (
    address TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    gone TEXT NOT NULL,
    fields TEXT NOT NULL,
    etag TEXT, modified TEXT,
    synced_at TEXT NOT NULL
);
CREATE TABLE items (
    source TEXT NOT NULL REFERENCES sources (address) ON DELETE CASCADE,
    key TEXT NOT NULL,
    address TEXT NOT NULL,
    stamp TEXT, etag TEXT, modified TEXT,
    digest TEXT NOT NULL,
    made TEXT NOT NULL,
    articles TEXT NOT NULL,
    listed INTEGER NOT NULL,
    gone TEXT,
    PRIMARY KEY (source, key)
) WITHOUT ROWID;
CREATE TABLE flagged (address TEXT PRIMARY KEY, since TEXT NOT NULL) WITHOUT ROWID;
"""

# What makes a file of each earlier version one of the next.
_UPGRADES = {1: "ALTER TABLE articles ADD COLUMN pages TEXT NOT NULL DEFAULT '[]'", 2: _KEPT}


def _failing(path: Path, error: sqlite3.Error) -> HomeError:
    reason = str(error)
    if isinstance(error, sqlite3.OperationalError) and "locked" in reason:
        return HomeError(f"{path} is in use ({reason}). Try again in a moment.")
    if "malformed" in reason or "not a database" in reason:
        return HomeError(
            f"{path} is damaged ({reason}). Restore it from a backup, or ingest the articles "
            f"into a new home."
        )
    return HomeError(f"{path} cannot be used ({reason}). Check its permissions and free space.")


class Database:
    """One SQLite connection, shared by threads under a lock. Every error becomes a HomeError."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection
        self._lock = RLock()
        self.fresh = True  # nothing in it yet

    @classmethod
    def open(cls, path: Path, *, create: bool = False) -> "Database":
        """Open the file, or make an empty one when `create` is set.

        Raises HomeError when it cannot be read, is no database or was written by a newer version.
        """
        mode = "rwc" if create else "rw"
        return cls._connect(path, f"{path.absolute().as_uri()}?mode={mode}")

    @classmethod
    def in_memory(cls) -> "Database":
        """An empty database without a file."""
        return cls._connect(Path(":memory:"), ":memory:")

    @classmethod
    def _connect(cls, path: Path, address: str) -> "Database":
        try:
            connection = sqlite3.connect(
                address,
                uri=True,
                timeout=BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
        except sqlite3.Error as error:
            raise _failing(path, error) from error
        try:
            database = cls(path, connection)
            database._prepare()
        except BaseException:
            connection.close()
            raise
        return database

    def _prepare(self) -> None:
        self.rows("PRAGMA synchronous = FULL")
        self.rows("PRAGMA foreign_keys = ON")
        found = int(self.rows("PRAGMA user_version")[0][0])
        if found > SCHEMA_VERSION:
            raise HomeError(
                f"{self._path} was written by a newer version of Dateline. "
                f"Upgrade with: pip install --upgrade dateline"
            )
        self.fresh = found == 0
        if 0 < found < SCHEMA_VERSION:
            self._upgrade()

    def _upgrade(self) -> None:
        with self.transaction():  # another process may have done it meanwhile
            for version in range(int(self.rows("PRAGMA user_version")[0][0]), SCHEMA_VERSION):
                self._run(_UPGRADES[version])
            self.rows(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def create(self, fill: Callable[[], None]) -> None:
        """Make the schema and its first rows, in one transaction."""
        self.rows("PRAGMA journal_mode = WAL")
        with self.transaction():
            self._run(_SCHEMA + _KEPT)
            fill()
            self.rows(f"PRAGMA user_version = {SCHEMA_VERSION}")
        self.fresh = False

    def _run(self, script: str) -> None:
        for statement in script.split(";"):
            self.rows(statement)

    def rows(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[Any]:
        """All rows of one statement."""
        try:
            with self._lock:
                return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise _failing(self._path, error) from error

    def many(self, sql: str, parameters: Sequence[Sequence[Any]]) -> None:
        """Run one statement with each of the parameters, inside a transaction."""
        try:
            self._connection.executemany(sql, parameters)
        except sqlite3.Error as error:
            raise _failing(self._path, error) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; other threads wait."""
        with self._lock:
            self.rows("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.rollback()
                raise
            self.rows("COMMIT")

    def close(self) -> None:
        """Close the connection; the file stays whole."""
        with self._lock:
            self._connection.close()
