"""Keep a home in step with the sources it remembers."""

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from index.collect import Listing, list_again, list_files
from index.errors import LoadError, UsageError
from index.fetch import Fetcher
from index.home import Home
from index.ingest import Progress, Stop, bring_in, never
from index.records import SyncReport
from index.sources import Gone, Source


def sync(
    home: Home,
    addresses: Iterable[str] | None = None,
    on_progress: Progress | None = None,
    *,
    gone: Gone | None = None,
    dry_run: bool = False,
    fetcher: Fetcher | None = None,
    stop: Stop = never,
) -> SyncReport:
    """Bring in what is new or changed in the remembered sources, or in some of them.

    `gone` says what becomes of articles that have vanished, now and from now on; without it each
    source keeps to what was chosen for it. Raises UsageError for an address that is no remembered
    source, and what `index.ingest.ingest` raises.
    """
    wanted = _wanted(home.sources(), addresses)
    listings: list[Listing] = []
    failed: dict[str, str] = {}
    with nullcontext(fetcher) if fetcher else Fetcher() as web:
        for source in wanted:
            if stop():
                break
            chosen = replace(source, gone=gone or source.gone, synced_at="")
            try:
                listings.append(_listed(home, chosen, web))
            except LoadError as error:
                failed[source.address] = str(error)
        return bring_in(
            home, listings, web, failed, on_progress, dry_run=dry_run, again=True, stop=stop
        )


def _wanted(known: list[Source], addresses: Iterable[str] | None) -> list[Source]:
    if addresses is None:
        return known
    by_name = {name: each for each in known for name in (each.address, _short(each.address))}
    wanted = {}
    for address in addresses:
        name = address if address in by_name else _short(address)
        if name not in by_name:
            raise UsageError(f"{address} is no source: `dateline sources` lists them.")
        wanted[by_name[name].address] = by_name[name]
    return list(wanted.values())


def _short(address: str) -> str:
    """A folder's or file's whole path; addresses of the web as they are."""
    return address if "://" in address else Path(address).absolute().as_posix()


def _listed(home: Home, source: Source, fetcher: Fetcher) -> Listing:
    if source.kind != "folder":
        return list_again(source, home.seen_of(source.address), fetcher)
    if not Path(source.address).is_dir():
        raise LoadError("is not there; is its disk connected? Forget it with `dateline sources`")
    (listing,) = list_files([source.address], source.fields)
    return replace(listing, source=source)
