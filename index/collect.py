"""What each source lists now: the files of a folder, the articles behind a feed."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.addresses import is_web_address
from index.decode import SIZE_LIMIT, read_bytes
from index.errors import LoadError
from index.fetch import Fetched, Fetcher
from index.formats.listing import MOST_LISTED, listing_kind
from index.listed import Listed, Validators
from index.load import find_sources, source_name
from index.parse import NO_FIELDS, parse_list
from index.sources import Gone, Seen, Source

LISTING_SUFFIXES = (".xml", ".rss", ".atom", ".urls", ".txt")  # files that may name addresses
_MOST_SITEMAPS = 100  # that one index may name

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source lists now; files given one by one have no source.

    `complete` tells whether nothing of what it lists is missing here, `fetched` holds a page that
    was fetched to see what kind of source it is.
    """

    source: Source | None
    items: tuple[Listed, ...]
    complete: bool = True
    fetched: Fetched | None = None
    fields: Fields = field(default_factory=dict)

    @property
    def is_web(self) -> bool:
        """Whether its items are addresses."""
        return self.source is not None and self.source.kind != "folder"


def default_gone(kind: str) -> Gone:
    """What becomes of vanished articles where nothing else was chosen (docs/decisions.md)."""
    return "remove" if kind == "folder" else "keep"


def list_files(paths: Iterable[str | Path], fields: Fields = NO_FIELDS) -> list[Listing]:
    """List the files of some folders, and those given one by one; no file twice."""
    given = [Path(os.path.abspath(path)) for path in paths]  # noqa: PTH100
    folders = [path for path in dict.fromkeys(given) if os.path.isdir(path)]  # noqa: PTH112
    files: dict[Path | None, list[Path]] = {folder: [] for folder in folders}
    for file in find_sources(given):
        folder = next((each for each in folders if each in file.parents), None)
        files.setdefault(folder, []).append(file)
    return [
        Listing(
            Source(source_name(folder), "folder", default_gone("folder"), fields)
            if folder
            else None,
            tuple(Listed(source_name(file), str(file)) for file in found),
            fields=fields,
        )
        for folder, found in files.items()
    ]


def is_listing_file(path: str | Path) -> bool:
    """Whether a given file is a feed, a sitemap or a list of addresses."""
    if Path(path).suffix.lower() not in LISTING_SUFFIXES:
        return False
    try:
        return listing_kind(read_bytes(Path(path), SIZE_LIMIT)) is not None
    except LoadError:
        return False  # loading it says what is wrong


def list_given(address: str, fetcher: Fetcher) -> Listing:
    """List what a given address or file of addresses names. Raises LoadError."""
    if not is_web_address(address):
        path = Path(os.path.abspath(address))  # noqa: PTH100
        return _listed(read_bytes(path, SIZE_LIMIT), path.as_posix(), fetcher, Validators())
    fetched = fetcher.fetch(address)
    if listing_kind(fetched.data) is None:
        source = Source(address, "page", default_gone("page"))
        return Listing(source, (Listed(address, address),), fetched=fetched)
    return _listed(fetched.data, address, fetcher, fetched.validators, fetched.address)


def list_again(source: Source, seen: Mapping[str, Seen], fetcher: Fetcher) -> Listing:
    """List what a remembered source names now. Raises LoadError."""
    if source.kind == "page":
        return Listing(source, (Listed(source.address, source.address),), fields=source.fields)
    if is_web_address(source.address):
        fetched = fetcher.fetch(source.address, source.validators)
        if fetched.unchanged:
            return Listing(source, tuple(_as_before(seen)), fields=source.fields)
        listing = _listed(
            fetched.data, source.address, fetcher, fetched.validators, fetched.address
        )
    else:
        data = read_bytes(Path(source.address), SIZE_LIMIT)
        listing = _listed(data, source.address, fetcher, Validators())
    assert listing.source is not None
    kept = replace(listing.source, gone=source.gone, fields=source.fields)
    return replace(listing, source=kept, fields=source.fields)


def _as_before(seen: Mapping[str, Seen]) -> Iterator[Listed]:
    """The items of a list that has not changed."""
    return (Listed(each.key, each.address, each.stamp) for each in seen.values() if each.listed)


def _listed(
    data: bytes, address: str, fetcher: Fetcher, validators: Validators, base: str | None = None
) -> Listing:
    kind = listing_kind(data)
    if kind is None:
        raise LoadError("is no feed, sitemap or list of addresses any more; check it")
    items: dict[str, Listed] = {}
    complete = True
    further = [item.address for item in _add(items, parse_list(data, kind, base or address))]
    for nested in further[:_MOST_SITEMAPS]:
        try:
            inner = fetcher.fetch(nested)
            _add(items, parse_list(inner.data, "sitemap", inner.address))
        except LoadError:
            complete = False
    complete = complete and len(further) <= _MOST_SITEMAPS and len(items) < MOST_LISTED
    # An unchanged answer must say that nothing changed: a list that was not had in full, or says
    # nothing of its articles' changes, or only names other lists, does not.
    telling = complete and not further and all(item.stamp for item in items.values())
    source = Source(
        address, kind, default_gone(kind), validators=validators if telling else Validators()
    )
    return Listing(source, tuple(items.values())[:MOST_LISTED], complete)


def _add(items: dict[str, Listed], found: Iterable[Listed]) -> list[Listed]:
    """Add articles to the items; gives the further lists that were named."""
    further = []
    for item in found:
        if item.nested:
            further.append(item)
        else:
            items.setdefault(item.key, item)
    return further
