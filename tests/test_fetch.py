"""Fetching: caps, conditions, redirects, and how servers wish to be asked."""

import datetime
import gzip
import ipaddress
import math
import ssl
import zlib
from email.utils import format_datetime

import pytest

from index import fetch
from index.errors import FetchError
from index.fetch import Fetcher
from index.listed import Validators
from tests.web import PUBLIC, Page, Site, Web, serve, site_served


class Naps(list):
    """Pauses that are noted, not taken."""

    def __call__(self, seconds):
        self.append(math.ceil(seconds))


@pytest.fixture(scope="module")
def served():
    with site_served() as site:
        yield site


@pytest.fixture
def site(served):
    served.forget()
    return served


@pytest.fixture
def naps():
    return Naps()


@pytest.fixture
def fetcher(site, naps):
    with Fetcher(Web(site.port), naps) as fetcher:
        yield fetcher


def test_a_page_comes_with_its_type_and_validators(site, fetcher):
    site.pages["/a"] = Page("<p>é</p>", etag='"1"', Last_Modified="Tue, 01 Dec 2020 10:00:00 GMT")
    page = fetcher.fetch("http://news.example/a")
    assert (page.address, page.data.decode()) == ("http://news.example/a", "<p>é</p>")
    assert page.media_type == "text/html; charset=utf-8"
    assert page.validators == Validators('"1"', "Tue, 01 Dec 2020 10:00:00 GMT")
    assert not page.unchanged


@pytest.mark.parametrize(
    "known", [Validators('"1"'), Validators(None, "Tue, 01 Dec 2020 10:00:00 GMT")]
)
def test_a_page_that_has_not_changed_is_not_sent_again(site, fetcher, known):
    site.pages["/a"] = Page("text", etag='"1"', Last_Modified="Tue, 01 Dec 2020 10:00:00 GMT")
    page = fetcher.fetch("http://news.example/a", known)
    assert (page.unchanged, page.data) == (True, b"")
    assert site.asked() == {("news.example/a", 304): 1}


def test_servers_learn_who_asks_and_get_no_cookies(site, fetcher):
    site.pages["/a"] = Page("text", Set_Cookie="id=1; Path=/")
    fetcher.fetch("http://news.example/a")
    fetcher.fetch("http://news.example/a")
    for headers in site.headers:
        assert headers["User-Agent"].startswith("Dateline/")
        assert headers["Host"] == "news.example"
        assert "Cookie" not in headers


def test_redirects_are_followed_to_the_address_they_lead_to(site, fetcher):
    for number in range(5):
        site.pages[f"/{number}"] = Page(status=302, Location=f"/{number + 1}")
    site.pages["/5"] = Page("here")
    page = fetcher.fetch("http://news.example/0")
    assert (page.address, page.data) == ("http://news.example/5", b"here")


def test_too_many_redirects_are_given_up(site, fetcher):
    site.pages["/loop"] = Page(status=302, Location="/loop")
    with pytest.raises(FetchError, match="redirects more than 5 times"):
        fetcher.fetch("http://news.example/loop")
    assert site.asked() == {("news.example/loop", 302): 6}


@pytest.mark.parametrize(("status", "gone"), [(404, True), (410, True), (403, False), (500, False)])
def test_only_what_is_no_more_counts_as_gone(site, fetcher, status, gone):
    site.pages["/a"] = Page(status=status)
    with pytest.raises(FetchError, match=f"the server answers {status}") as caught:
        fetcher.fetch("http://news.example/a")
    assert caught.value.gone is gone


# Caps


def test_a_page_may_be_compressed(site, fetcher):
    site.pages["/a"] = Page(gzip.compress(b"text" * 1000), Content_Encoding="gzip")
    assert fetcher.fetch("http://news.example/a").data == b"text" * 1000


@pytest.mark.parametrize("packed", [False, True])
def test_a_page_may_be_as_large_as_the_cap_and_no_larger(site, fetcher, monkeypatch, packed):
    monkeypatch.setattr(fetch, "MOST_BYTES", 1_000_000)
    encode = gzip.compress if packed else bytes
    headers = {"Content_Encoding": "gzip"} if packed else {}
    site.pages["/most"] = Page(encode(bytes(1_000_000)), **headers)
    site.pages["/more"] = Page(encode(bytes(1_000_001)), **headers)
    assert len(fetcher.fetch("http://news.example/most").data) == 1_000_000
    with pytest.raises(FetchError, match="is larger than 1 MB"):
        fetcher.fetch("http://news.example/more")


def test_a_bomb_is_not_unpacked(site, fetcher, monkeypatch):
    held = []

    class Inflater:
        def __init__(self, *arguments):
            self._inflater = decompressobj(*arguments)
            self.eof = False

        def decompress(self, *arguments):
            held.append(len(given := self._inflater.decompress(*arguments)))
            return given

    decompressobj = zlib.decompressobj
    monkeypatch.setattr(zlib, "decompressobj", Inflater)
    packer = decompressobj and zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(2_500_000)) for _ in range(10)) + packer.flush()
    site.pages["/bomb"] = Page(bomb, Content_Encoding="gzip")
    with pytest.raises(FetchError, match="is larger than 20 MB"):
        fetcher.fetch("http://news.example/bomb")
    assert sum(held) == fetch.MOST_BYTES + 1


@pytest.mark.parametrize("coding", ["br", "zstd", "deflate", "gzip, gzip", "nonsense"])
def test_compressions_not_asked_for_are_refused(site, fetcher, coding):
    site.pages["/a"] = Page(b"text", Content_Encoding=coding)
    with pytest.raises(FetchError, match="a compression that was not asked for"):
        fetcher.fetch("http://news.example/a")


@pytest.mark.parametrize("body", [b"no gzip", gzip.compress(b"text" * 99)[:-20]])
def test_broken_compression_is_a_reason(site, fetcher, body):
    site.pages["/a"] = Page(body, Content_Encoding="gzip")
    with pytest.raises(FetchError, match=r"does not answer as a web server|ends before its end"):
        fetcher.fetch("http://news.example/a")


def raw(data, *, then_wait=False):
    """A page that writes its own bytes to the connection."""

    def write(handler):
        handler.close_connection = True
        for piece in data:
            handler.wfile.write(piece)
            handler.wfile.flush()
            if then_wait:
                handler.server.site.released.wait(5)

    return write


@pytest.mark.parametrize(
    "data",
    [
        [b"HTTP/1.1 200 OK\r\n" + b"X-A: " + b"a" * 5_000_000 + b"\r\n\r\n"],
        [b"HTTP/1.1 200 OK\r\n" + b"X-A: a\r\n" * 500_000 + b"\r\n"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfour"],
        [b"SSH-2.0-OpenSSH\r\n"],
        [b"\x00" * 1000],
        [b""],
    ],
    ids=["long header", "many headers", "cut off", "another protocol", "zeros", "nothing"],
)
def test_what_is_no_answer_is_a_reason(site, fetcher, data):
    site.pages["/a"] = raw(data)
    with pytest.raises(FetchError, match=r"news\.example"):
        fetcher.fetch("http://news.example/a")


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\ntext"])
def test_a_slow_answer_ends_in_time(site, fetcher, monkeypatch, head):
    import threading

    monkeypatch.setattr(fetch, "SECONDS", 0.3)
    site.released = threading.Event()
    site.pages["/slow"] = raw([head], then_wait=True)
    with pytest.raises(FetchError, match="takes too long"):
        fetcher.fetch("http://news.example/slow")
    site.released.set()


# Manners


ROBOTS = "User-agent: *\nDisallow: /private\nCrawl-delay: 3\n\nUser-agent: Other\nDisallow: /\n"


def test_robots_txt_is_read_once_and_followed(site, fetcher):
    site.pages["/robots.txt"] = Page(ROBOTS, media="text/plain")
    site.pages["/a"] = site.pages["/private/a"] = Page("text")
    fetcher.fetch("http://news.example/a")
    fetcher.fetch("http://news.example/a")
    with pytest.raises(FetchError, match=r"news.example forbids it in robots\.txt; save the page"):
        fetcher.fetch("http://news.example/private/a")
    assert site.asked(robots=True) == {
        ("news.example/robots.txt", 200): 1,
        ("news.example/a", 200): 2,
    }


def test_a_redirect_to_what_robots_txt_forbids_is_not_followed(site, fetcher):
    site.pages["other.example/robots.txt"] = Page("User-agent: dateline\nDisallow: /")
    site.pages["/a"] = Page(status=301, Location="http://other.example/a")
    with pytest.raises(FetchError, match=r"other\.example forbids it"):
        fetcher.fetch("http://news.example/a")
    assert ("other.example/a", 404) not in site.requests


@pytest.mark.parametrize("status", [500, 503])
def test_rules_that_cannot_be_had_forbid_all(site, fetcher, status):
    site.pages["/robots.txt"] = Page(status=status)
    site.pages["/a"] = Page("text")
    for _ in range(2):
        with pytest.raises(FetchError, match=f"answers {status} for its robots.txt; try again"):
            fetcher.fetch("http://news.example/a")
    assert site.asked() == {}


def test_a_host_is_asked_once_a_second_or_as_seldom_as_it_wishes(site, fetcher, naps):
    site.pages["/a"] = Page("text")
    site.pages["slow.example/robots.txt"] = Page(ROBOTS)
    for host in ("news", "news", "other"):
        fetcher.fetch(f"http://{host}.example/a")
    assert naps == [1, 1, 1]  # after robots.txt, between the pages, after robots.txt
    del naps[:]
    for _ in range(3):
        fetcher.fetch("http://slow.example/a")
    assert naps == [1, 3, 3]


@pytest.mark.parametrize("status", [429, 503, 502])
def test_a_busy_server_is_asked_again_after_the_time_it_names(site, fetcher, naps, status):
    pages = iter([Page(status=status, Retry_After="7"), Page(status=status), Page("text")])
    site.pages["/a"] = lambda _: next(pages)
    assert fetcher.fetch("http://news.example/a").data == b"text"
    assert [nap for nap in naps if nap > 1] == [7, 4]


def test_a_server_that_stays_busy_is_given_up(site, fetcher):
    site.pages["/a"] = Page(status=503)
    with pytest.raises(FetchError, match="the server answers 503"):
        fetcher.fetch("http://news.example/a")
    assert site.asked() == {("news.example/a", 503): 3}


def test_a_server_that_asks_for_a_long_wait_is_left_alone(site, fetcher, naps):
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
    site.pages["/a"] = Page(status=429, Retry_After=format_datetime(later, usegmt=True))
    for _ in range(2):
        with pytest.raises(FetchError, match=r"asks to come back in 3,\d\d\d seconds"):
            fetcher.fetch("http://news.example/a")
    assert site.asked() == {("news.example/a", 429): 1}
    assert max(naps) <= 1


def test_a_host_that_cannot_be_reached_is_left_alone_after_some_tries(naps):
    network = Web(1)  # nothing listens on port 1
    with Fetcher(network, naps) as fetcher:
        for _ in range(5):
            with pytest.raises(FetchError, match=r"news\.example cannot be reached"):
                fetcher.fetch("http://news.example/a")
    assert network.connected == [PUBLIC] * 3


# TLS


def certificate(folder, name):
    """A certificate of our own for one name, and its key, in one file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    alternatives = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("192.0.2.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(pem) + private)
    return file


def test_tls_verifies_the_name_and_not_the_address(tmp_path, monkeypatch, naps):
    file = certificate(tmp_path, "secure.example")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    names = []
    server.sni_callback = lambda _, name, __: names.append(name)
    trusting = ssl.create_default_context(cafile=str(file))
    monkeypatch.setattr("index.network._tls", lambda: trusting)
    site = Site()
    site.pages["/"] = Page("secret")
    with serve(site, server) as port, Fetcher(Web(port), naps) as fetcher:
        assert fetcher.fetch("https://secure.example/").data == b"secret"
        with pytest.raises(
            FetchError, match=r"other\.example does not prove to be it.*certificate"
        ):
            fetcher.fetch("https://other.example/")
    assert names[0] == "secure.example"
    assert {host for host, _ in site.requests} == {
        "secure.example/robots.txt",
        "secure.example/",
    }
