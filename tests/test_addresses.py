"""Which addresses are asked: none that leads inside, however it is written or comes about."""

import ipaddress
import socket

import pytest

from index import addresses
from index.addresses import is_public, parse_address
from index.errors import FetchError
from index.fetch import Fetcher
from tests.web import PUBLIC, Page, Site, Web, no_sleep, serve


class Canary:
    """Listens on every address of this machine, and counts who connects."""

    def __init__(self):
        self.sockets = [socket.create_server(("0.0.0.0", 0))]
        self.port = self.sockets[0].getsockname()[1]
        if socket.has_ipv6:
            self.sockets.append(socket.create_server(("::", self.port), family=socket.AF_INET6))
        for each in self.sockets:
            each.setblocking(False)

    def visits(self):
        count = 0
        for each in self.sockets:
            while True:
                try:
                    each.accept()[0].close()
                except BlockingIOError:
                    break
                count += 1
        return count

    def close(self):
        for each in self.sockets:
            each.close()


@pytest.fixture(scope="module")
def canary():
    canary = Canary()
    yield canary
    canary.close()


@pytest.fixture(scope="module")
def site():
    site = Site()
    site.pages["/"] = Page("<p>Good.</p>")
    with serve(site) as port:
        site.port = port
        yield site


@pytest.fixture
def fetcher(canary, site, monkeypatch):
    """Fetches as always, but may also ask the canary's port, so that only addresses protect it."""
    ports = {"http": (80, 8080, canary.port), "https": (443, 8443, canary.port)}
    monkeypatch.setattr(addresses, "_PORTS", ports)
    monkeypatch.setattr("index.network.CONNECT_SECONDS", 0.5)
    network = Web(site.port, NAMES)
    with Fetcher(network, no_sleep) as fetcher:
        yield fetcher


# What names stand for, as a hostile name server would say.
NAMES = {
    "inside.test": ["127.0.0.1"],
    "inside6.test": ["::1"],
    "mapped.test": ["::ffff:127.0.0.1"],
    "both.test": [PUBLIC, "127.0.0.1"],
    "both-other-way.test": ["10.0.0.1", PUBLIC],
    "metadata.test": ["169.254.169.254"],
    "nowhere.test": [],
    "nonsense.test": ["not an address"],
}

HOSTILE = """
http://169.254.169.254:{p}/latest/meta-data/
http://[fd00:ec2::254]:{p}/
http://100.100.100.200:{p}/
http://168.63.129.16:{p}/
http://192.0.0.192:{p}/
http://localhost:{p}/
http://LOCALHOST:{p}/
http://localhost.:{p}/
http://localhost.localdomain:{p}/
http://ip6-localhost:{p}/
https://localhost:{p}/
http://127.0.0.1:{p}/
https://127.0.0.1:{p}/
http://127.0.0.1.:{p}/
http://127.1:{p}/
http://127.0.1:{p}/
http://127.255.255.254:{p}/
http://0.0.0.0:{p}/
http://0:{p}/
http://2130706433:{p}/
http://0x7f000001:{p}/
http://0x7f.0x0.0x0.0x1:{p}/
http://0X7F.1:{p}/
http://0177.0.0.1:{p}/
http://0177.0.0.01:{p}/
http://017700000001:{p}/
http://127.0x0.0.01:{p}/
http://[::1]:{p}/
http://[0:0:0:0:0:0:0:1]:{p}/
http://[::]:{p}/
http://[::ffff:127.0.0.1]:{p}/
http://[::ffff:7f00:1]:{p}/
http://[0:0:0:0:0:ffff:7f00:0001]:{p}/
http://[::127.0.0.1]:{p}/
http://[64:ff9b::127.0.0.1]:{p}/
http://[64:ff9b::7f00:1]:{p}/
http://[64:ff9b::a9fe:a9fe]:{p}/
http://[64:ff9b:1::7f00:1]:{p}/
http://[2002:7f00:1::]:{p}/
http://[2001:0:7f00:1::]:{p}/
http://[fec0::1]:{p}/
http://[fe80::1]:{p}/
http://[fe80::1%25lo]:{p}/
http://[fe80::1%lo]:{p}/
http://[fd00::2]:{p}/
http://[ff02::1]:{p}/
http://[2001:db8::1]:{p}/
http://[3fff::1]:{p}/
http://[2606:4700::5efe:7f00:1]:{p}/
http://10.0.0.1:{p}/
http://172.16.0.1:{p}/
http://192.168.0.1:{p}/
http://192.0.2.2:{p}/
http://198.18.0.1:{p}/
http://100.64.0.1:{p}/
http://224.0.0.1:{p}/
http://255.255.255.255:{p}/
http://240.0.0.1:{p}/
http://127。0。0。1:{p}/
http://１２７.０.０.１:{p}/
http://①②⑦.⓪.⓪.①:{p}/
http://ⓛocalhost:{p}/
http://%31%32%37.0.0.1:{p}/
http://%6c%6f%63alhost:{p}/
http://127.0.0.1%00.example:{p}/
http://news.example@127.0.0.1:{p}/
http://news.example:80@localhost:{p}/
http://user:secret@news.example/
http://@news.example/
http://127.0.0.1:{p}\\@news.example/
http://news.example\\.127.0.0.1:{p}/
http://inside.test:{p}/
http://inside6.test:{p}/
http://mapped.test:{p}/
http://both.test:{p}/
http://both-other-way.test:{p}/
http://metadata.test:{p}/
http://nowhere.test/
http://nonsense.test/
http://news.example:22/
http://news.example:6379/
http://news.example:99999/
ftp://127.0.0.1:{p}/
file:///etc/passwd
gopher://127.0.0.1:{p}/_x
data:text/html,hello
javascript:alert(1)
//127.0.0.1:{p}/
http:///etc/passwd
http:127.0.0.1:{p}/
http://
http://news.example /
""".split("\n")[1:-1]


def test_the_canary_counts(canary):
    for host in ("127.0.0.1", "127.0.0.2"):
        socket.create_connection((host, canary.port)).close()
    assert canary.visits() == 2


@pytest.mark.parametrize("address", HOSTILE)
def test_no_address_leads_inside(canary, fetcher, address):
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(address.format(p=canary.port))
    assert canary.visits() == 0
    assert "\n" not in str(caught.value)
    assert fetcher._transport._backend._network.connected == []


def test_there_are_enough_of_them():
    assert len(set(HOSTILE)) >= 60


# Addresses that come about on the way


REDIRECTS = [
    "http://127.0.0.1:{p}/",
    "//localhost:{p}/",
    "http://[::1]:{p}/",
    "http://2130706433:{p}/",
]
REDIRECTS += [
    "http://inside.test:{p}/",
    "http://u:p@127.0.0.1:{p}/",
    "file:///etc/passwd",
    "http://0:{p}/",
]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("target", REDIRECTS)
def test_a_redirect_is_checked_like_the_first_address(canary, fetcher, site, status, target):
    site.pages["/away"] = Page(status=status, Location=target.format(p=canary.port))
    site.pages["/hop"] = Page(status=302, Location="http://other.example/away")
    for start in ("http://news.example/away", "http://news.example/hop"):
        with pytest.raises(FetchError):
            fetcher.fetch(start)
    assert canary.visits() == 0
    assert set(fetcher._transport._backend._network.connected) <= {PUBLIC}


def test_robots_txt_cannot_lead_inside(canary, fetcher, site):
    site.pages["trap.example/robots.txt"] = Page(
        status=302, Location=f"http://127.0.0.1:{canary.port}/"
    )
    with pytest.raises(FetchError, match=r"127\.0\.0\.1 is not on the public"):
        fetcher.fetch("http://trap.example/")
    assert canary.visits() == 0


def test_a_name_that_changes_between_check_and_connect_is_asked_once(canary, site, monkeypatch):
    names = {"rebind.test": [[PUBLIC], ["127.0.0.1"]]}
    network = Web(site.port, names)
    with Fetcher(network, no_sleep) as fetcher:
        assert fetcher.fetch("http://rebind.test/").data == b"<p>Good.</p>"
    # One resolution for one connection, which robots.txt and the page share.
    assert (network.resolved, network.connected) == (["rebind.test"], [PUBLIC])
    assert canary.visits() == 0


def test_a_name_that_leads_inside_the_second_time_is_refused_then(canary, fetcher, site):
    network = fetcher._transport._backend._network
    network.names = {"rebind.test": [[PUBLIC], ["127.0.0.1"]]}
    site.pages[f"rebind.test:{canary.port}/robots.txt"] = Page("", Connection="close")
    with pytest.raises(FetchError, match=r"rebind\.test is not on the public internet"):
        fetcher.fetch(f"http://rebind.test:{canary.port}/")
    assert network.resolved == ["rebind.test"] * 2
    assert (network.connected, canary.visits()) == ([PUBLIC], 0)


def test_an_own_address_is_refused_even_if_it_looks_public(canary, fetcher, monkeypatch):
    monkeypatch.setattr(addresses, "is_public", lambda _: True)
    for own in ("127.0.0.1", "[::1]"):
        with pytest.raises(FetchError, match="is this machine"):
            fetcher.fetch(f"http://{own}:{canary.port}/")
    assert canary.visits() == 0


def test_the_environment_names_no_proxy(canary, site, monkeypatch):
    for name in (
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
    ):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canary.port}")
    with Fetcher(Web(site.port), no_sleep) as fetcher:
        assert fetcher.fetch("http://news.example/").data == b"<p>Good.</p>"
    assert canary.visits() == 0


# Addresses that are fine


GOOD = """
http://news.example/
HTTP://NEWS.EXAMPLE/
http://news.example:80/
http://news.example:8080/
http://news.example./
http://www.news.example/
http://a-b.news.example/
http://under_score.example/
http://münchen.example/
http://xn--mnchen-3ya.example/
http://xn--80ak6aa92e.example/
http://新闻.example/
http://1and1.example/
http://0x7f.example/
http://localhost.example/
http://127.0.0.1.example/
http://news.example/#fragment
http://news.example
  http://news.example/  \t
http://93.184.215.14/
http://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/
http://[64:ff9b::5db8:d70e]/
http://many.test/
""".split("\n")[1:-1]


@pytest.mark.parametrize("address", GOOD)
def test_a_public_address_is_asked(site, address):
    open_ = ["2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"]
    names = {"open": open_, "many.test": ["2606:2800:21f:cb07:6820:80da:af6b:8b2c", PUBLIC]}
    with Fetcher(Web(site.port, names), no_sleep) as fetcher:
        assert fetcher.fetch(address).data == b"<p>Good.</p>"


def test_there_are_enough_good_ones():
    assert len(set(GOOD)) >= 20


def test_a_normal_form_has_no_fragment_and_keeps_the_query():
    assert str(parse_address("HTTPS://News.Example:443/a%2Fb?q=1#top")) == (
        "https://news.example/a%2Fb?q=1"
    )


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("1.1.1.1", True),
        ("223.255.255.254", True),
        ("2606:4700:4700::1111", True),
        ("64:ff9b::808:808", True),
        ("192.88.99.1", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b:1::808:808", False),
        ("2002:808:808::1", False),
        ("::ffff:8.8.8.8", False),
        ("5f00::1", False),
        ("100::1", False),
        ("4000::1", False),
    ],
)
def test_what_counts_as_public(address, public):
    assert is_public(ipaddress.ip_address(address)) is public
