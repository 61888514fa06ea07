"""A page that is complete in itself: no script, no image, no request to anywhere.

Its policy allows exactly one thing, its own style sheet, by hash.
"""

import base64
import hashlib
from importlib.resources import files

from ui.render import escape

_STYLE = files("ui").joinpath("reading.css").read_text("utf-8")
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()


def plain_headers(forms: str = "'none'", frames: str = "'self'") -> dict[str, str]:
    """The headers of such a page: where its forms may go, and who may frame it."""
    return {
        "Content-Security-Policy": (
            f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; "
            f"form-action {forms}; frame-ancestors {frames}"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }


def plain_page(title: str, body: str, *, nav: bool = True) -> str:
    """The page; `body` is HTML, escaped already. `nav` is its way to the chat page."""
    back = '<nav><a href="/">Dateline</a></nav>' if nav else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f'<body><main>{back}<article dir="auto">{body}</article></main></body></html>'
    )
