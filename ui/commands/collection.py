"""`dateline articles`, `remove`, `status` and `repair`: the collection and its upkeep."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from ui import console
from ui.options import ChromaUrl, Home, Json, open_engine
from ui.text import count, coverage_words

if TYPE_CHECKING:
    from index.records import ArticleRow, HomeStatus


def articles(home: Home = None, chroma_url: ChromaUrl = None, as_json: Json = False) -> None:
    """List the articles and their ids."""
    with open_engine(home, chroma_url) as engine:
        rows = engine.articles()
    if as_json:
        console.say_json([_plain(row) for row in rows])
    elif rows:
        console.say_table(("id", "date", "outlet", "title"), [_cells(row) for row in rows])
    else:
        console.say("No articles yet: add some with `dateline ingest PATH`.")


def remove(
    ids: Annotated[list[str], typer.Argument(metavar="ID", help="Ids as `articles` lists.")],
    home: Home = None,
    chroma_url: ChromaUrl = None,
    as_json: Json = False,
) -> None:
    """Remove articles from the collection.

    The files they were read from stay where they are.
    """
    with open_engine(home, chroma_url) as engine:
        removed = engine.remove(ids)
    unknown = [each for each in dict.fromkeys(ids) if each not in removed]
    if as_json:
        console.say_json({"removed": removed, "unknown": unknown})
    else:
        console.say(f"{count(len(removed), 'article')} removed.")
    for each in unknown:
        console.note(f"error: there is no article {each}; `dateline articles` lists the ids")
    if unknown:
        raise typer.Exit(1)


def status(home: Home = None, chroma_url: ChromaUrl = None, as_json: Json = False) -> None:
    """Show what the collection holds.

    Also says when the search indexes do not agree with it.
    """
    with open_engine(home, chroma_url) as engine:
        state, coverage = engine.status(), engine.coverage()
    if as_json:
        console.say_json({**asdict(state), "agree": state.agree, "coverage": asdict(coverage)})
        return
    console.say(coverage_words(coverage))
    for label, value in _state_rows(state):
        console.say(f"{label:<10}{value}")
    if not state.agree:
        console.note("The indexes do not agree with the collection: run `dateline repair`.")


def repair(home: Home = None, chroma_url: ChromaUrl = None, as_json: Json = False) -> None:
    """Rebuild the search indexes.

    They come from the stored articles and vectors; nothing is embedded again.
    """
    with open_engine(home, chroma_url) as engine, console.progress() as move:
        report = engine.repair(on_progress=move)
    if as_json:
        console.say_json(asdict(report))
        return
    indexed = f"{count(report.chunks, 'chunk')} of {count(report.articles, 'article')}"
    console.say(f"{indexed} indexed anew.")
    if report.lost:
        console.say(f"{count(report.lost, 'chunk')} not found by their own vectors.")
    if report.completed:
        console.say(f"{count(report.completed, 'article')} found half-way in, now complete.")


def _plain(row: "ArticleRow") -> dict[str, object]:
    """A row in the field names that citations use for articles."""
    fields = asdict(row)
    known: dict[str, object] = fields.pop("metadata")
    return fields | known


def _cells(row: "ArticleRow") -> tuple[str, str, str, str]:
    known = row.metadata
    return row.id, known.published or "", known.publisher or "", known.title or row.source


def _state_rows(state: "HomeStatus") -> list[tuple[str, str]]:
    size = state.truth_bytes + state.dense_bytes + state.keyword_bytes
    rows = [
        ("home", state.path),
        ("articles", f"{state.articles:,}"),
        ("chunks", f"{state.chunks:,}"),
        ("size", f"{size / 1_000_000:.1f} MB"),
    ]
    if state.pending:
        rows.append(("pending", f"{state.pending:,}"))
    if state.fingerprint is not None:
        rows.append(("embedding", state.fingerprint.embedder))
    return rows
