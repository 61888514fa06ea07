"""`dateline ingest`: articles into the collection."""

from typing import TYPE_CHECKING, Annotated

import typer

from ui import console
from ui.options import ChromaUrl, Home, Json, open_engine
from ui.text import count

if TYPE_CHECKING:
    from index.records import IngestReport
    from rag.engine import QueryEngine


def ingest(
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="Files, or folders of them.")],
    home: Home = None,
    chroma_url: ChromaUrl = None,
    as_json: Json = False,
) -> None:
    """Add articles to the collection.

    Reads .txt, .md, .json and .jsonl files. What has not changed is left alone; a file
    that changed replaces its article. Files that cannot be read are listed with the reason, and
    the others go in.
    """
    with open_engine(home, chroma_url) as engine:
        report = run(engine, paths)
    if as_json:
        console.say_json(report.to_dict())
    else:
        summarise(report)
    if report.failed and not (report.added or report.updated or report.unchanged):
        raise typer.Exit(1)


def run(engine: "QueryEngine", paths: list[str]) -> "IngestReport":
    """Ingest with a progress bar."""
    with console.progress() as move:
        return engine.ingest(paths, on_progress=move)


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
