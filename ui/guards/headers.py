"""Security headers on every response."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Gradio's own page needs inline and evaluated scripts; nothing may come from another origin.
_PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    b"content-security-policy": _PAGE_POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-resource-policy": b"same-origin",
}
_SHARING = b"access-control-"  # Gradio's; no page of another origin is to read anything


class SecurityHeaders:
    """Adds the headers to every response that does not bring its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the response back with its headers."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = [(name.lower(), value) for name, value in message["headers"]]
                kept = [each for each in sent if not each[0].startswith(_SHARING)]
                named = {name for name, _ in kept}
                added = [each for each in _HEADERS.items() if each[0] not in named]
                message["headers"] = [*kept, *added]
            await send(message)

        await self._app(scope, receive, guarded)
