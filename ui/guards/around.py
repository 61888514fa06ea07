"""The guards around a site, in the order in which a request meets them."""

from starlette.types import ASGIApp

from ui.guards.body import BodyLimit
from ui.guards.gate import Gate, Keeper
from ui.guards.headers import SecurityHeaders
from ui.guards.same_site import SameSite, local_names
from ui.loopback import is_loopback


def guarded(site: ASGIApp, host: str, keeper: Keeper | None) -> ASGIApp:
    """The site that listens on `host`, with a password where there is a keeper of one."""
    limited: ASGIApp = BodyLimit(site)
    gated = Gate(limited, keeper) if keeper else limited
    names = local_names(host) if is_loopback(host) else None
    return SecurityHeaders(SameSite(gated, names))
