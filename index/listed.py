"""What sources list: the articles behind them, and what is said of each."""

from dataclasses import dataclass, field

from index.article import Metadata


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave with an answer, to be asked next time whether it has changed."""

    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One file, or one page that a feed, a sitemap or a list of addresses names.

    `key` stays the same when the address changes. `stamp` changes whenever the source says that
    the article did; None where it says nothing of that. `metadata` and `text` are what the source
    itself gives of the article. `nested` marks a list of further items instead of an article.
    """

    key: str
    address: str
    stamp: str | None = None
    metadata: Metadata = field(default_factory=Metadata)
    text: str = ""
    nested: bool = False
