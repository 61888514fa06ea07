"""An article's way in: collect → look → load → clean → chunk → embed → store."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from dataclasses import fields as dataclass_fields
from datetime import UTC, datetime
from pathlib import Path

from index.addresses import is_web_address
from index.article import Document
from index.collect import Fields, Listing, is_listing_file, list_files, list_given
from index.errors import LoadError
from index.fetch import Fetcher
from index.home import Home
from index.intake import Intake, article_id, digest_of
from index.listed import Listed
from index.look import Look, look_at_file, look_at_page
from index.parse import NO_FIELDS
from index.publisher import Publisher
from index.records import IngestReport, SyncReport
from index.sources import Gone, Seen, Source

__all__ = ["Progress", "Stop", "article_id", "bring_in", "digest_of", "ingest"]

Progress = Callable[[int, int, str], None]  # items done, items in all, the source taken last
_REMEMBERED = 50  # items at once: each time costs a commit, a killed run looks at them anew
Stop = Callable[[], bool]  # whether to finish the current article and go no further


def never() -> bool:
    """Go on to the end."""
    return False


def ingest(
    home: Home,
    paths: Iterable[str | Path],
    on_progress: Progress | None = None,
    fields: Fields = NO_FIELDS,
    *,
    gone: Gone | None = None,
    dry_run: bool = False,
    fetcher: Fetcher | None = None,
    stop: Stop = never,
) -> IngestReport:
    """Bring in the articles of files, folders and addresses; what is there stays untouched.

    Folders, feeds, sitemaps, lists of addresses and pages are remembered, to be kept in step by
    `index.sync.sync`. `gone` says what becomes of articles that are no longer there; without it
    those of folders are removed and those of the web kept. `fields` names the fields of records
    (JSON, CSV) that hold ours: {"text": "body"}. A source that fails keeps what was
    stored of it before. With `dry_run` the report says what would be done, and nothing is. Raises
    HomeError (HomeBusy, HomeMismatch) and ModelError, which stop the run; articles stored by then
    stay.
    """
    given = [str(path) for path in paths]
    lists = [each for each in given if is_web_address(each) or is_listing_file(each)]
    listings = list_files([each for each in given if each not in lists], fields)
    failed: dict[str, str] = {}
    with nullcontext(fetcher) if fetcher else Fetcher() as web:
        for each in dict.fromkeys(lists):
            try:
                listings.append(replace(list_given(each, web), fields=fields))
            except LoadError as error:
                failed[each] = str(error)
        known = {source.address: source for source in home.sources()}
        listings = [_chosen(listing, known, gone) for listing in listings]
        report = bring_in(home, listings, web, failed, on_progress, dry_run=dry_run, stop=stop)
    return IngestReport(
        **{each.name: getattr(report, each.name) for each in dataclass_fields(IngestReport)}
    )


def _chosen(listing: Listing, known: dict[str, Source], gone: Gone | None) -> Listing:
    """A listing whose source does with vanished articles what was chosen, now or earlier."""
    if listing.source is None:
        return listing
    earlier = known.get(listing.source.address, listing.source)
    fields = listing.fields or earlier.fields
    source = replace(listing.source, gone=gone or earlier.gone, fields=fields)
    return replace(listing, source=source, fields=fields)


def bring_in(
    home: Home,
    listings: Sequence[Listing],
    fetcher: Fetcher,
    failed: dict[str, str],
    on_progress: Progress | None = None,
    *,
    dry_run: bool = False,
    again: bool = False,
    stop: Stop = never,
) -> SyncReport:
    """Bring in what is new or changed of some listings, and see to what has gone.

    `failed` holds sources that could not be listed. `again` says that this is a later look at
    sources as they are remembered: articles that the user removed meanwhile are not brought back.
    """
    run = Intake(home, None if dry_run else Publisher(home))
    run.failed.update(failed)
    steps = [_Step(home, run, listing, fetcher, again=again) for listing in listings]
    total = sum(len(step.items) for step in steps)
    done = 0
    handled: set[str] = set()
    for step in steps:
        for item in step.items:
            if stop():
                break
            if item.address not in handled:  # another source may have named it too
                handled.add(item.address)
                step.take(item)
            if on_progress:
                on_progress(done, total, item.address)
            done += 1
            if len(step.fresh) >= _REMEMBERED and run.idle() and not dry_run:
                step.remember()
    run.flush()
    stopped = done < total
    report = _Ending(home, run, steps, dry_run=dry_run).finish(stopped=stopped)
    run.flush()
    return report


@dataclass(slots=True)
class _Step:
    """One source in a run: what was seen of it before, and what is seen now."""

    home: Home
    run: Intake
    listing: Listing
    fetcher: Fetcher
    again: bool
    before: dict[str, Seen] = field(default_factory=dict)
    fresh: list[Seen] = field(default_factory=list)  # to be remembered: new or changed items
    same: list[Seen] = field(default_factory=list)  # to be remembered when anything else is
    lost: list[Seen] = field(default_factory=list)  # items that their server says are no more
    read: list[str] = field(default_factory=list)  # files that were loaded
    items: tuple[Listed, ...] = ()
    stored: bool = False  # whether the source is remembered as it is listed now

    def __post_init__(self) -> None:
        source = self.listing.source
        self.items = self.listing.items
        if source is None:
            return
        self.before = self.home.seen_of(source.address)
        remembered = [each for each in self.home.sources() if each.address == source.address]
        self.stored = [replace(each, synced_at="") for each in remembered] == [source]
        if source.kind == "folder":
            self.run.expect_to_leave(self.left())
        elif self.listing.complete:
            self._see_off(source)

    def left(self) -> list[str]:
        """Articles whose files have left the folder."""
        source = self.listing.source
        # A folder without a single file is more likely not mounted than emptied.
        if source is None or not self.listing.items:
            return []
        return self.run.left(Path(source.address))

    def _see_off(self, source: Source) -> None:
        """See to what the source no longer lists.

        A feed lists only its newest articles, so that what leaves it is asked for once more; a
        list of addresses is someone's own choice.
        """
        named = {item.key for item in self.items}
        left = [each for each in self.before.values() if each.listed and each.key not in named]
        if source.kind == "list":
            self.lost += left
        else:
            self.items += tuple(Listed(each.key, each.address) for each in left)

    def take(self, item: Listed) -> None:
        """Look at one item and take what it holds."""
        seen = self.before.get(item.key)
        if seen and not self.again and any(each not in self.run.known for each in seen.articles):
            seen = replace(seen, made="")  # what the user removed is brought in again
        look = self._look(item, seen)
        if look.seen and item not in self.listing.items:
            look = replace(look, seen=replace(look.seen, listed=False))
        if look.state == "gone" and seen:
            self.lost.append(seen)
            self.run.skip(seen.articles)
        elif look.state == "same" and seen:
            self.run.skip(seen.articles)
            if look.seen and look.seen != seen:
                (self.same if look.seen.listed else self.fresh).append(look.seen)
        else:
            self._take(item, look, seen)

    def _look(self, item: Listed, seen: Seen | None) -> Look:
        fields = self.listing.fields
        if not self.listing.is_web:
            return look_at_file(item, seen, fields)
        stored = item.address in self.run.known
        fetched = self.listing.fetched
        return look_at_page(item, seen, self.fetcher, fields, stored=stored, fetched=fetched)

    def _take(self, item: Listed, look: Look, seen: Seen | None) -> None:
        there = item.address if self.listing.is_web else item.key
        moved = seen is not None and seen.address != there and len(seen.articles) == 1
        was = seen.articles[0] if seen and moved else None
        for document in look.found:
            self.run.take(document, was)
        self.read.append(there)
        sources = tuple(each.source for each in look.found if isinstance(each, Document))
        whole = len(sources) == len(look.found) and self.run.went_in(sources)
        if look.seen and whole:
            self.fresh.append(replace(look.seen, articles=sources))

    def remember(self, more: Sequence[Seen] = (), *, always: bool = False) -> None:
        """Remember what was seen of items that are stored, if there is anything new in it."""
        source = self.listing.source
        changes = [*self.fresh, *more]
        wanted = changes or (self.before and not self.stored) or always
        if source is None or not wanted:
            return
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self.home.remember(replace(source, synced_at=now), [*self.same, *changes])
        self.before.update({each.key: each for each in [*self.same, *changes]})
        self.fresh, self.same, self.stored = [], [], True


@dataclass(slots=True)
class _Ending:
    """The end of a run: what has gone, what was like something else, and the report."""

    home: Home
    run: Intake
    steps: list[_Step]
    dry_run: bool
    removed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    flagged: list[str] = field(default_factory=list)

    def finish(self, *, stopped: bool) -> SyncReport:
        """See to what has gone, unless the run was stopped; gives the report."""
        today = datetime.now(UTC).date().isoformat()
        for step in self.steps:
            gone = [] if stopped else self._gone(step)
            marks = self._let_go(step, gone, today) if gone else []
            if not self.dry_run:
                step.remember(marks, always=step.again and not stopped)
        if not self.dry_run:
            ids = (self.run.known[source][0] for source in self.removed)
            self.home.remove(each for each in ids if each not in self._moved_ids())
            self._flag(today)
        if not stopped:
            self.run.expect_to_leave(self.removed)
            self.run.retry_duplicates()
        return self._report()

    def _moved_ids(self) -> set[str]:
        return {self.run.known[source][0] for source in self.run.moved}

    def _gone(self, step: _Step) -> list[str]:
        """Articles of a source that are no longer there, by source."""
        source = step.listing.source
        dropped = self.run.dropped(step.read)
        if source is None or source.kind == "folder":
            return [*step.left(), *dropped]
        lost = [each for seen in step.lost for each in seen.articles]
        return [*(each for each in lost if each in self.run.known), *dropped]

    def _let_go(self, step: _Step, gone: list[str], today: str) -> list[Seen]:
        """Do with vanished articles as the source says; gives what to remember of their items."""
        source = step.listing.source
        choice = source.gone if source else "remove"
        items = [seen for seen in step.before.values() if set(seen.articles) & set(gone)]
        old = {each for seen in items if seen.gone for each in seen.articles}
        if choice == "remove":
            self.removed += gone
        elif choice == "flag":
            self.flagged += [each for each in gone if each not in old | self.run.moved]
        else:
            self.kept += [each for each in gone if each not in old | self.run.moved]
        for each in {*self.removed, *self.flagged, *self.kept}:
            self.run.results.pop(each, None)
        return [
            replace(seen, stamp=None, digest="", gone=seen.gone or today, listed=False)
            for seen in items
            if set(seen.articles) <= set(gone)
        ]

    def _flag(self, today: str) -> None:
        back = [each for each in self.home.flagged() if each in self.run.results]
        if back:
            self.home.unflag(back)
        if self.flagged:
            self.home.flag(self.flagged, today)

    def _report(self) -> SyncReport:
        outcomes: dict[str, list[str]] = {"added": [], "updated": [], "unchanged": []}
        for source, outcome in self.run.results.items():
            outcomes[outcome].append(source)
        return SyncReport(
            **{outcome: tuple(found) for outcome, found in outcomes.items()},
            removed=tuple(self.removed),
            failed=tuple(self.run.reasons().items()),
            kept=tuple(self.kept),
            flagged=tuple(self.flagged),
        )
