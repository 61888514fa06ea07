"""The site without its chat page: articles, the log-in and the interfaces for programs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib.metadata import version

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse
from starlette.exceptions import HTTPException
from starlette.routing import Route

from index.article import Span
from index.errors import DatelineError
from ui import reading
from ui.doors.api import api_router
from ui.doors.api_page import api_html
from ui.doors.chat_completions import chat_router
from ui.doors.desk import Desk
from ui.doors.failures import failure_of, failure_response
from ui.doors.listening import ClientLeft
from ui.evaluation_runs import DOWNLOADS, run_file
from ui.guards.body import MOST_BYTES
from ui.guards.gate import Keeper
from ui.guards.login import login_router
from ui.plain_page import plain_headers
from ui.report import HEADERS as REPORT_HEADERS

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_NOBODY = 499  # the client went away; never sent
_OPENAI = "/v1/"


def build_site(desk: Desk, keeper: Keeper | None = None) -> FastAPI:
    """All addresses but the page's; errors come as one line of JSON."""
    site = FastAPI(title="Dateline", version=version("dateline"), docs_url=None, redoc_url=None)
    if keeper:
        site.include_router(login_router(keeper))
    _add_articles(site, desk)
    _add_reports(site, desk)
    _hide_files(site)
    _add_interfaces(site, desk)
    for kind in (DatelineError, RequestValidationError, HTTPException, Exception):
        site.add_exception_handler(kind, _failed)
    site.add_exception_handler(ClientLeft, _left)
    return site


def _add_articles(site: FastAPI, desk: Desk) -> None:
    @site.get("/article/{identity:path}", include_in_schema=False)
    def read(identity: str, request: Request) -> HTMLResponse:
        article = desk.engine.article(identity, _revision(request))
        if article is None:
            return HTMLResponse(reading.missing_html(), 404, reading.HEADERS)
        pane = request.query_params.get("pane") == "1"
        revisions = desk.engine.revisions(identity)
        page = reading.article_html(article, _span(request), revisions, pane=pane)
        return HTMLResponse(page, 200, reading.HEADERS)


def _revision(request: Request) -> int | None:
    """The revision that the address names; None for the newest."""
    try:
        number = int(request.query_params["revision"])
    except (KeyError, ValueError):
        return None
    return number if 0 < number < 2**31 else None


def _hide_files(site: FastAPI) -> None:
    """Gradio would hand an upload out again to anybody who names it; nothing here needs that."""

    @site.api_route("/gradio_api/file={rest:path}", methods=_METHODS, include_in_schema=False)
    @site.api_route("/gradio_api/file/{rest:path}", methods=_METHODS, include_in_schema=False)
    def hidden() -> None:
        raise HTTPException(404, "This server gives no files.")


def _add_reports(site: FastAPI, desk: Desk) -> None:
    @site.get("/evaluation/{run}/{name}", include_in_schema=False)
    def report(run: str, name: str) -> Response:
        file = run_file(desk.engine.home, run, name)
        if file is None:
            return HTMLResponse(reading.missing_html(), 404, reading.HEADERS)
        return FileResponse(file, 200, REPORT_HEADERS, DOWNLOADS[name])


def _span(request: Request) -> Span | None:
    """The cited words in the address; None when it names none or makes no sense."""
    try:
        return Span(int(request.query_params["start"]), int(request.query_params["end"]))
    except (KeyError, ValueError):
        return None


def _add_interfaces(site: FastAPI, desk: Desk) -> None:
    """JSON, OpenAI's API, MCP, and the page about them."""
    site.include_router(api_router(desk))
    site.include_router(chat_router(desk))
    _add_mcp(site, desk)

    @site.get("/api", include_in_schema=False)
    def about() -> HTMLResponse:
        return HTMLResponse(api_html(site.openapi()), 200, plain_headers(frames="'none'"))

    @site.api_route("/api/{rest:path}", methods=_METHODS, include_in_schema=False)
    @site.api_route("/v1/{rest:path}", methods=_METHODS, include_in_schema=False)
    def missing(request: Request) -> None:
        raise HTTPException(404, f"There is no {request.method} {request.url.path}. See /api.")


def _add_mcp(site: FastAPI, desk: Desk) -> None:
    """MCP at /mcp. Nothing is kept between requests, so no conversation can meet another."""
    from mcp.server.transport_security import TransportSecuritySettings

    from ui.doors.mcp_tools import mcp_server

    server = mcp_server(desk)
    # Hosts and origins are checked before, for the whole site.
    unchecked = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    mcp = server.streamable_http_app(
        stateless_http=True, max_request_body_size=MOST_BYTES, transport_security=unchecked
    )
    for route in mcp.routes:
        assert isinstance(route, Route)
        site.add_route(route.path, route.endpoint, ["POST"])

    # Streams that the server would begin: it has nothing to say unasked, and they never end.
    @site.api_route("/mcp", methods=_METHODS, include_in_schema=False)
    def unasked(request: Request) -> None:
        raise HTTPException(405, f"/mcp takes POST, not {request.method}.", {"Allow": "POST"})

    before = site.router.lifespan_context

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        async with before(app), server.session_manager.run():
            yield

    site.router.lifespan_context = running


async def _failed(request: Request, error: Exception) -> Response:
    failure = failure_of(error)
    if isinstance(error, RequestValidationError) and request.url.path.startswith(_OPENAI):
        failure = replace(failure, status=400)  # as OpenAI has it
    return failure_response(failure)


async def _left(_: Request, __: Exception) -> Response:
    return Response(status_code=_NOBODY)
