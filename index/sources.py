"""The sources that a home keeps in step with: folders, feeds, sitemaps, lists, pages."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from index.errors import UsageError
from index.listed import Validators

if TYPE_CHECKING:
    from index.database import Database

SourceKind = Literal["folder", "feed", "sitemap", "list", "page"]
Gone = Literal["keep", "flag", "remove"]


@dataclass(frozen=True, slots=True)
class Source:
    """One remembered source. `address` is a folder, a file of addresses or a web address.

    `gone` says what becomes of articles that vanish from it; `fields` is the user's field map for
    records; `synced_at` is the ISO time, in UTC, of the last look at it.
    """

    address: str
    kind: SourceKind
    gone: Gone
    fields: Mapping[str, str] = field(default_factory=dict)
    validators: Validators = field(default_factory=Validators)
    synced_at: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was last seen of one item of a source, a file or a page.

    `key` stays the same when the item's address changes; `stamp` is what the source said of its
    state, None where it says nothing; `digest` recognises its bytes; `made` names the version of
    the code that read it; `articles` are the sources of the articles that came of it. `listed`
    tells whether the source still names it, `gone` since which ISO date it is no more.
    """

    key: str
    address: str
    stamp: str | None
    validators: Validators
    digest: str
    made: str
    articles: tuple[str, ...]
    listed: bool = True
    gone: str | None = None


def check_gone(value: str) -> Gone:
    """The value, if it says what is to become of vanished articles; raises UsageError."""
    for choice in get_args(Gone):
        if value == choice:
            return value  # type: ignore[return-value]  # one of the three
    raise UsageError(f"{value!r} is not one of {', '.join(get_args(Gone))}. Choose one of them.")


def sources(database: "Database") -> list[Source]:
    """All remembered sources, by address."""
    rows = database.rows(
        "SELECT address, kind, gone, fields, etag, modified, synced_at FROM sources "
        "ORDER BY address"
    )
    return [
        Source(row[0], row[1], row[2], json.loads(row[3]), Validators(row[4], row[5]), row[6])
        for row in rows
    ]


def seen_of(database: "Database", address: str) -> dict[str, Seen]:
    """What was seen of a source's items, by key."""
    rows = database.rows(
        "SELECT key, address, stamp, etag, modified, digest, made, articles, listed, gone "
        "FROM items WHERE source = ?",
        (address,),
    )
    return {
        row[0]: Seen(
            row[0],
            row[1],
            row[2],
            Validators(row[3], row[4]),
            *(row[5], row[6], tuple(json.loads(row[7])), bool(row[8]), row[9]),
        )
        for row in rows
    }


def remember(database: "Database", source: Source, items: Iterable[Seen]) -> None:
    """Remember a source and the state of some of its items, inside a transaction."""
    database.rows(
        "INSERT INTO sources (address, kind, gone, fields, etag, modified, synced_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (address) DO UPDATE SET kind = excluded.kind, "
        "gone = excluded.gone, fields = excluded.fields, etag = excluded.etag, "
        "modified = excluded.modified, synced_at = excluded.synced_at",
        (
            *(source.address, source.kind, source.gone, json.dumps(dict(source.fields))),
            *(source.validators.etag, source.validators.modified, source.synced_at),
        ),
    )
    database.many(
        "INSERT OR REPLACE INTO items (source, key, address, stamp, etag, modified, digest, made, "
        "articles, listed, gone) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                *(source.address, each.key, each.address, each.stamp),
                *(each.validators.etag, each.validators.modified, each.digest, each.made),
                *(json.dumps(each.articles), each.listed, each.gone),
            )
            for each in items
        ],
    )


def forget(database: "Database", addresses: Sequence[str]) -> None:
    """Forget sources; their articles stay."""
    database.many("DELETE FROM sources WHERE address = ?", [(each,) for each in addresses])


def flag(database: "Database", articles: Iterable[str], since: str) -> None:
    """Mark articles, by source, as no longer there; the earliest date counts."""
    database.many(
        "INSERT OR IGNORE INTO flagged VALUES (?, ?)", [(each, since) for each in articles]
    )


def flagged(database: "Database") -> list[str]:
    """The sources of the articles that are marked as no longer there."""
    return [row[0] for row in database.rows("SELECT address FROM flagged")]


def unflag(database: "Database", articles: Iterable[str]) -> None:
    """Take the mark away from articles that are there again."""
    database.many("DELETE FROM flagged WHERE address = ?", [(each,) for each in articles])
