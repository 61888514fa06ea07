"""`dateline ingest`: articles into the collection."""

import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from ui import console
from ui.interrupt import Stopped, finishing
from ui.options import ChromaUrl, DryRun, Gone, Home, Json, open_engine
from ui.text import count

if TYPE_CHECKING:
    from index.records import IngestReport
    from rag.engine import QueryEngine

_FIELDS = ("text", "title", "publisher", "author", "published", "url")
_DONE = ("added", "updated", "unchanged", "removed", "kept", "flagged", "failed")
_PLANNED = {"added": "to add", "updated": "to update", "removed": "to remove"}
_WORDS = {"kept": "gone but kept", "flagged": "gone and flagged"}


def ingest(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH|URL", help="Files, folders, pages, feeds, sitemaps, lists of addresses."
        ),
    ],
    gone: Gone = None,
    dry_run: DryRun = False,
    home: Home = None,
    chroma_url: ChromaUrl = None,
    field: Annotated[
        list[str] | None,
        typer.Option(
            "--field",
            metavar="OURS=THEIRS",
            help="What JSON or CSV records call text, title, publisher, author, published or url; "
            "may be repeated.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Add articles to the collection.

    Reads text (.txt, .md), web pages (.html, .htm, .xhtml), .pdf, Word (.docx), mail (.eml,
    .mbox), records (.json, .jsonl, .csv), web archives (.warc, .warc.gz, .wacz), and .zip archives
    of these. Of a feed or a sitemap the articles behind it are read; a file of addresses
    is one address a line. What has not changed is left alone; what changed replaces its article.
    What cannot be read is listed with the reason, and the others go in. Folders, feeds, sitemaps,
    lists and pages are remembered: `dateline sync` keeps the collection in step with them.
    """
    fields = field_map(field or [])
    with finishing() as stop, open_engine(home, chroma_url) as engine:
        report = run(engine, paths, fields, gone=gone, dry_run=dry_run, stop=stop)
        stopped = stop()
    tell(report, as_json=as_json, dry_run=dry_run)
    finish(report, stopped=stopped, again=shlex.join(["dateline", "ingest", *paths]))


def field_map(pairs: list[str]) -> dict[str, str]:
    """Read `text=body` and the like. Raises BadParameter (exit 2) for anything else."""
    fields: dict[str, str] = {}
    for pair in pairs:
        ours, equals, theirs = (part.strip() for part in pair.partition("="))
        if not equals or not theirs or ours not in _FIELDS:
            raise typer.BadParameter(
                f"{pair!r} is not like text=body; the first is one of {', '.join(_FIELDS)}",
                param_hint="--field",
            )
        fields[ours] = theirs
    return fields


def run(
    engine: "QueryEngine",
    paths: list[str],
    fields: dict[str, str] | None = None,
    *,
    gone: str | None = None,
    dry_run: bool = False,
    stop: Callable[[], bool] = lambda: False,
) -> "IngestReport":
    """Ingest with a progress bar."""
    with console.progress() as move:
        return engine.ingest(paths, move, fields, gone=gone, dry_run=dry_run, stop=stop)


def tell(report: "IngestReport", *, as_json: bool, dry_run: bool) -> None:
    """Print a report as asked."""
    if as_json:
        console.say_json(report.to_dict())
        return
    if dry_run:
        for outcome, words in _PLANNED.items():
            for source in getattr(report, outcome):
                console.say(f"{words}: {source}")
    summarise(report, _PLANNED if dry_run else {})


def finish(report: "IngestReport", *, stopped: bool, again: str) -> None:
    """Exit as the run ended: stopped half-way, failed altogether, or done."""
    if stopped:
        console.note(f"Stopped. What is in stays in; go on with: {again}")
        raise Stopped
    if report.failed and not (report.added or report.updated or report.unchanged):
        raise typer.Exit(1)


def summarise(report: "IngestReport", planned: dict[str, str] | None = None) -> None:
    """Print how many articles went where; the failures with their reasons go to stderr."""
    words = {**_WORDS, **(planned or {})}
    told = [
        f"{len(sources):,} {words.get(outcome, outcome)}"
        for outcome in _DONE
        if (sources := getattr(report, outcome, ()))
    ]
    nothing = "Nothing to ingest: no article files found."
    console.say(", ".join(told) + "." if told else nothing)
    if report.failed:
        noun = "source" if any("://" in source for source, _ in report.failed) else "file"
        console.note(f"{count(len(report.failed), noun)} could not be ingested:")
        console.note_failures(report.failed)
