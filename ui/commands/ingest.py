"""`dateline ingest`: articles into the collection."""

from typing import TYPE_CHECKING, Annotated

import typer

from ui import console
from ui.options import ChromaUrl, Home, Json, open_engine
from ui.text import count

if TYPE_CHECKING:
    from index.records import IngestReport
    from rag.engine import QueryEngine

_FIELDS = ("text", "title", "publisher", "author", "published", "url")


def ingest(
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="Files, or folders of them.")],
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
    of these. What has not changed is left alone; a file that changed replaces its article. Files
    that cannot be read are listed with the reason, and the others go in.
    """
    fields = field_map(field or [])
    with open_engine(home, chroma_url) as engine:
        report = run(engine, paths, fields)
    if as_json:
        console.say_json(report.to_dict())
    else:
        summarise(report)
    if report.failed and not (report.added or report.updated or report.unchanged):
        raise typer.Exit(1)


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
    engine: "QueryEngine", paths: list[str], fields: dict[str, str] | None = None
) -> "IngestReport":
    """Ingest with a progress bar."""
    with console.progress() as move:
        return engine.ingest(paths, on_progress=move, fields=fields)


def summarise(report: "IngestReport") -> None:
    """Print how many articles went where; the failures with their reasons go to stderr."""
    outcomes = (
        ("added", report.added),
        ("updated", report.updated),
        ("unchanged", report.unchanged),
        ("removed", report.removed),
        ("failed", report.failed),
    )
    told = [f"{len(sources):,} {outcome}" for outcome, sources in outcomes if sources]
    console.say(", ".join(told) + "." if told else "Nothing to ingest: no article files found.")
    if report.failed:
        console.note(f"{count(len(report.failed), 'file')} could not be ingested:")
    for source, reason in report.failed:
        console.note(f"{source}: {reason}")
