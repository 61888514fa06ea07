"""The web server: the chat page in the site, and the guards around both."""

import contextlib
import logging
import socket
from importlib.resources import files
from typing import TYPE_CHECKING

import gradio as gr
import uvicorn
from starlette.types import ASGIApp

from index.errors import UsageError
from ui.app import build_app
from ui.console import note
from ui.doors.desk import Desk
from ui.guards.around import guarded
from ui.guards.body import MOST_UPLOADED
from ui.guards.gate import Keeper
from ui.guards.password import Password
from ui.site import build_site

if TYPE_CHECKING:
    from rag.engine import QueryEngine

_FONTS = ("system-ui", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
_MONO = ("ui-monospace", "Consolas", "monospace")
_STYLES = ("chat.css", "library.css")
_GRACE = 1  # seconds that answers under way get when the server stops
_CONNECTIONS = 400  # at once; an open page holds one or two


class QuietlyStopping(uvicorn.Server):
    """A server that is stopped without complaints: an open page's stream never ends by itself."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop; streams cut off now are no errors to log."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


def web_app(
    engine: "QueryEngine", host: str = "127.0.0.1", password: Password | None = None
) -> ASGIApp:
    """The whole site with its guards."""
    keeper = Keeper(password) if password else None
    site = build_site(Desk(engine), keeper)
    gr.mount_gradio_app(
        site,
        build_app(engine),
        path="/",
        theme=_theme(),
        css="".join(files("ui").joinpath(name).read_text("utf-8") for name in _STYLES),
        footer_links=[],
        ssr_mode=False,
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        show_error=False,
        max_file_size=MOST_UPLOADED,
    )
    return guarded(site, host, keeper)


def serve(engine: "QueryEngine", host: str, port: int, password: Password | None = None) -> None:
    """Serve until Ctrl-C. Raises UsageError when the port cannot be had."""
    with _listen(host, port) as listener:
        config = uvicorn.Config(
            web_app(engine, host, password),
            log_level="error",
            timeout_graceful_shutdown=_GRACE,
            limit_concurrency=_CONNECTIONS,
            # Anybody could name another address there and go on guessing the password.
            proxy_headers=False,
            server_header=False,
            ws="none",
        )
        server = QuietlyStopping(config)
        taken = listener.getsockname()[1]
        name = f"[{host}]" if ":" in host else host
        note(f"Dateline is at http://{name}:{taken} (Ctrl-C stops it)")
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise UsageError(
            f"Port {port} on {host} cannot be used ({error.strerror}): choose another with --port."
        ) from error
    return listener


def _theme() -> gr.themes.Base:
    return gr.themes.Base(font=_FONTS, font_mono=_MONO)
