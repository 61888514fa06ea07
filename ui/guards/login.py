"""The log-in page: `/login`, and `/logout`."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from ui.doors.failures import Failure
from ui.guards.gate import COOKIE, LOGIN, Keeper, address_of
from ui.guards.sessions import SECONDS
from ui.plain_page import plain_headers, plain_page
from ui.render import escape

# With no referrer at all a browser would not say that the form comes from our own page.
_HEADERS = plain_headers(forms="'self'", frames="'none'") | {"Referrer-Policy": "same-origin"}
_FORM = """<form method="post" action="/login">
<p><label>User<br><input name="user" autocomplete="username" required autofocus></label></p>
<p><label>Password<br><input name="password" type="password" autocomplete="current-password"
required></label></p><p><button>Log in</button></p></form>"""
_LEAVE = """<p>You are logged in.</p>
<form method="post" action="/logout"><p><button>Log out</button></p></form>"""


def login_router(keeper: Keeper) -> APIRouter:
    """The page, what it sends, and leaving."""
    router = APIRouter(include_in_schema=False)

    @router.get(LOGIN)
    async def page(request: Request) -> Response:
        known = keeper.sessions.knows(request.cookies.get(COOKIE, ""))
        return _page(_LEAVE if known else _FORM)

    @router.post(LOGIN)
    async def log_in(request: Request) -> Response:
        form = await request.form()
        told = (str(form.get(name, "")) for name in ("user", "password"))
        key = keeper.log_in(address_of(request), *told)
        if isinstance(key, Failure):
            notice = f'<p role="alert">{escape(key.message)}</p>'
            return _page(notice + _FORM, key.status, dict(key.headers))
        entered = RedirectResponse("/", 303)
        entered.set_cookie(
            COOKIE,
            key,
            max_age=SECONDS,
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )
        return entered

    @router.post("/logout")
    async def log_out(request: Request) -> Response:
        keeper.sessions.close(request.cookies.get(COOKIE, ""))
        left = RedirectResponse(LOGIN, 303)
        left.delete_cookie(COOKIE)
        return left

    return router


def _page(inner: str, status: int = 200, headers: dict[str, str] | None = None) -> HTMLResponse:
    body = f"<header><h1>Log in</h1></header>{inner}"
    return HTMLResponse(plain_page("Log in", body), status, {**_HEADERS, **(headers or {})})
