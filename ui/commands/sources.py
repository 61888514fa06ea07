"""`dateline sync` and `sources`: the collection in step with where it came from."""

from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from ui import console
from ui.commands.ingest import finish, tell
from ui.interrupt import finishing
from ui.options import ChromaUrl, DryRun, Gone, Home, Json, open_engine
from ui.text import count, day

if TYPE_CHECKING:
    from index.sources import Source


def sync(
    only: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCE", help="Only these, as `sources` lists them.", show_default=False
        ),
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on, and take in what changes in folders.")
    ] = False,
    gone: Gone = None,
    dry_run: DryRun = False,
    home: Home = None,
    chroma_url: ChromaUrl = None,
    as_json: Json = False,
) -> None:
    """Bring in what is new or changed in the remembered sources.

    Only what changed is fetched and embedded. The earlier text of a corrected article is kept, so
    that an old answer can be checked.
    """
    if watch and (as_json or dry_run):
        raise typer.BadParameter("--watch goes with neither --json nor --dry-run")
    with finishing() as stop, open_engine(home, chroma_url) as engine:
        known = engine.sources()
        with console.progress() as move:
            report = engine.sync(only or None, move, gone=gone, dry_run=dry_run, stop=stop)
        stopped = stop()
    if not known and not as_json:
        console.say("No sources yet: `dateline ingest` remembers folders, feeds and addresses.")
        return
    tell(report, as_json=as_json, dry_run=dry_run)
    finish(report, stopped=stopped, again="dateline sync")
    if watch:
        _watch(known, only, home, chroma_url)


def _watch(
    known: "list[Source]", only: list[str] | None, home: str | None, chroma_url: str | None
) -> None:
    """Sync folders as they change, until Ctrl-C; between changes others may write to the home."""
    from pathlib import Path

    from watchfiles import watch

    wanted = {Path(each).absolute().as_posix() for each in only or ()}
    folders = [
        each.address
        for each in known
        if each.kind == "folder" and (not only or each.address in wanted)
    ]
    present = [folder for folder in folders if Path(folder).is_dir()]
    if not present:
        console.note("There is no folder to watch.")
        return
    console.note(f"Watching {count(len(present), 'folder')} (Ctrl-C stops it).")
    with suppress(KeyboardInterrupt):
        for changes in watch(*present, raise_interrupt=True):
            files = {Path(path) for _, path in changes}
            within = {folder for file in files for folder in (file, *file.parents)}
            _follow([each for each in present if Path(each) in within], home, chroma_url)


def _follow(folders: list[str], home: str | None, chroma_url: str | None) -> None:
    """Sync some folders; say what changed."""
    with finishing() as stop, open_engine(home, chroma_url) as engine:
        report = engine.sync(folders, stop=stop)
        stopped = stop()
    if report.added or report.updated or report.removed or report.failed:
        tell(report, as_json=False, dry_run=False)
    if stopped:
        finish(report, stopped=True, again="dateline sync")


def sources(
    forget: Annotated[
        list[str] | None,
        typer.Option(
            "--forget",
            metavar="SOURCE",
            help="Forget this source; its articles stay. May be repeated.",
            show_default=False,
        ),
    ] = None,
    home: Home = None,
    chroma_url: ChromaUrl = None,
    as_json: Json = False,
) -> None:
    """List the sources that `sync` looks at, or forget some."""
    with open_engine(home, chroma_url) as engine:
        forgotten = engine.forget(forget or [])
        rows = engine.sources()
    unknown = [each for each in forget or () if each not in forgotten]
    if as_json:
        console.say_json([asdict(row) for row in rows])
    elif rows:
        console.say_table(("kind", "when gone", "last look", "source"), [_cells(r) for r in rows])
    elif not forgotten:
        console.say("No sources yet: `dateline ingest` remembers folders, feeds and addresses.")
    if forgotten and not as_json:
        console.say(f"{count(len(forgotten), 'source')} forgotten.")
    for each in unknown:
        console.note(f"error: {each} is no source; `dateline sources` lists them")
    if unknown:
        raise typer.Exit(1)


def _cells(source: "Source") -> tuple[str, str, str, str]:
    return source.kind, source.gone, day(source.synced_at[:10]), source.address
