"""`dateline llms`: which language models can be used."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from ui import console
from ui.options import Json, Llm
from ui.text import count

if TYPE_CHECKING:
    from rag.llms.survey import Provider, Server, Survey

_NAMED = 6  # models of a server that the table names


def llms(llm: Llm = None, as_json: Json = False) -> None:
    """Show which language model is configured, and what else is there.

    Looks for servers on this machine; providers' services are not asked. The exit code is 1 when
    the configured model cannot be used.
    """
    from rag.llms.survey import survey
    from ui.settings import llm_origin, load_settings

    settings = load_settings(llm=llm)
    spec = settings.llm if settings.llm not in {None, "extractive"} else None
    found = survey(spec, settings.llm_options())
    origin = llm_origin(llm, settings)
    if as_json:
        configured = {"llm": settings.llm or "extractive", "from": origin}
        console.say_json({**configured, **asdict(found)})
    else:
        _show(spec, origin, found)
    if found.problem:
        raise typer.Exit(1)


def _show(spec: str | None, origin: str, found: "Survey") -> None:
    console.say(f"Configured: {spec or 'extractive (answers quote)'}, from {origin}")
    console.say("")
    console.say_table(("provider", "installed", "key"), [_provider(one) for one in found.providers])
    console.say("")
    console.say_table(
        ("local server", "address", "models"), [_server(one) for one in found.servers]
    )
    if found.problem:
        console.note(f"error: {found.problem}")


def _provider(one: "Provider") -> tuple[str, str, str]:
    from rag.llms.options import VARIABLES

    installed = "yes" if one.installed else f"no: pip install 'dateline[{one.name}]'"
    return one.name, installed, f"from {one.key}" if one.key else f"none: set {VARIABLES[one.name]}"


def _server(one: "Server") -> tuple[str, str, str]:
    if one.models is None:
        return one.name, one.address, "does not answer"
    more = len(one.models) - _NAMED
    named = ", ".join(one.models[:_NAMED]) or "none"
    return one.name, one.address, f"{named} and {count(more, 'other')}" if more > 0 else named
