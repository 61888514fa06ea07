"""The web server: the chat page, the reading page, and the guards around both."""

import contextlib
import logging
import socket
from importlib.resources import files
from typing import TYPE_CHECKING

import gradio as gr
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.article import Span
from index.errors import UsageError
from ui import reading
from ui.app import build_app
from ui.console import note

if TYPE_CHECKING:
    from rag.engine import QueryEngine

_FONTS = ("system-ui", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
_MONO = ("ui-monospace", "Consolas", "monospace")
_GRACE = 1  # seconds that answers under way get when the server stops
# Gradio's own page needs inline and evaluated scripts; nothing may come from another origin.
_PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_PAGE_HEADERS = {
    "Content-Security-Policy": _PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class Guard:
    """Adds the page's headers to every response that does not bring its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the response back with its headers."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                named = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(
                        (name.lower().encode(), value.encode())
                        for name, value in _PAGE_HEADERS.items()
                        if name.lower().encode() not in named
                    ),
                ]
            await send(message)

        await self._app(scope, receive, guarded)


class QuietlyStopping(uvicorn.Server):
    """A server that is stopped without complaints: an open page's stream never ends by itself."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop; streams cut off now are no errors to log."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


def web_app(engine: "QueryEngine", host: str = "127.0.0.1") -> FastAPI:
    """The whole site. Requests that name another host are refused, against DNS rebinding."""
    site = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    site.add_middleware(Guard)
    names = {host, f"[{host}]" if ":" in host else host, "localhost", "127.0.0.1", "[::1]"}
    site.add_middleware(TrustedHostMiddleware, allowed_hosts=sorted(names), www_redirect=False)

    @site.get("/article/{identity:path}")
    def read(identity: str, request: Request) -> HTMLResponse:
        article = engine.article(identity, _revision(request))
        if article is None:
            return HTMLResponse(reading.missing_html(), 404, reading.HEADERS)
        page = reading.article_html(article, _span(request), engine.revisions(identity))
        return HTMLResponse(page, 200, reading.HEADERS)

    gr.mount_gradio_app(
        site,
        build_app(engine),
        path="/",
        theme=_theme(),
        css=files("ui").joinpath("chat.css").read_text("utf-8"),
        footer_links=[],
        ssr_mode=False,
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        show_error=False,
        max_file_size=0,
    )
    return site


def serve(engine: "QueryEngine", host: str, port: int) -> None:
    """Serve until Ctrl-C. Raises UsageError when the port cannot be had."""
    with _listen(host, port) as listener:
        config = uvicorn.Config(
            web_app(engine, host), log_level="error", timeout_graceful_shutdown=_GRACE
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


def _revision(request: Request) -> int | None:
    """The revision that the address names; None for the newest."""
    try:
        number = int(request.query_params["revision"])
    except (KeyError, ValueError):
        return None
    return number if 0 < number < 2**31 else None


def _span(request: Request) -> Span | None:
    """The cited words in the address; None when it names none or makes no sense."""
    try:
        return Span(int(request.query_params["start"]), int(request.query_params["end"]))
    except (KeyError, ValueError):
        return None


def _theme() -> gr.themes.Base:
    return gr.themes.Base(font=_FONTS, font_mono=_MONO)
