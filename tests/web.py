"""A web of our own: hosts with public addresses, all served from this machine's loopback."""

from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from index.network import Internet
from tests.serving import running

PUBLIC = "93.184.215.14"


class Page:
    """What the server gives at one path; the validators are its ETag and Last-Modified."""

    def __init__(
        self, body=b"", status=200, media="text/html; charset=utf-8", etag=None, **headers
    ):
        self.body = body.encode() if isinstance(body, str) else body
        self.status = status
        self.headers = {"Content-Type": media} | {
            k.replace("_", "-"): v for k, v in headers.items()
        }
        if etag:
            self.headers["ETag"] = etag


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body in one packet: two would wait for each other 40 ms

    def do_GET(self):
        site = self.server.site
        host = self.headers["Host"]
        page = site.pages.get(f"{host}{self.path}") or site.pages.get(self.path) or Page(status=404)
        page = page(self) if callable(page) else page
        if page is None:
            return
        tag = page.headers.get("ETag")
        stamp = page.headers.get("Last-Modified")
        fresh = (tag and self.headers["If-None-Match"] == tag) or (
            stamp and self.headers["If-Modified-Since"] == stamp
        )
        status, body = (304, b"") if page.status == 200 and fresh else (page.status, page.body)
        site.requests.append((f"{host}{self.path}", status))
        site.headers.append(dict(self.headers))
        self.send_response(status)
        for name, value in page.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # a client that leaves early is part of some tests


class Site:
    """The pages by path, or by host and path, and every request that came."""

    def __init__(self):
        self.pages = {}
        self.requests = []
        self.headers = []

    def forget(self):
        """Make the site empty, as for the next test."""
        self.pages.clear()
        self.requests.clear()
        self.headers.clear()

    def asked(self, *, robots=False):
        """How often each address was asked for, by address and status."""
        return Counter(r for r in self.requests if robots or not r[0].endswith("/robots.txt"))


@contextmanager
def serve(site, context=None):
    """Serve a site on loopback; gives its port."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        server.site = site
        with running(server):
            yield server.server_address[1]


@contextmanager
def site_served():
    """A new site on loopback that knows its port."""
    site = Site()
    with serve(site) as site.port:
        yield site


class Web(Internet):
    """Resolves names from a table and leads connections to `PUBLIC` to the server on loopback.

    What is not in the table is left to the system, so that odd spellings of numbers are read as
    the system reads them. A list of lists gives another answer each time.
    """

    def __init__(self, port, names=None):
        self.port = port
        self.names = names or {}
        self.resolved = []
        self.connected = []

    def resolve(self, host, port):
        self.resolved.append(host)
        found = self.names.get(host)
        if host.rstrip(".").endswith(".example") and found is None:
            found = [PUBLIC]
        if found and isinstance(found[0], list):
            return found.pop(0) if len(found) > 1 else found[0]
        return super().resolve(host, port) if found is None else found

    def connect(self, address, port, seconds):
        self.connected.append(address)
        if address == PUBLIC or address in self.names.get("open", ()):
            return super().connect("127.0.0.1", self.port, seconds)
        return super().connect(address, port, seconds)


def no_sleep(_seconds):
    """A pause that tests need not take."""
