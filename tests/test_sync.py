"""A collection in step with its sources: what is fetched, embedded, kept and let go."""

import json
import re
from collections import Counter
from hashlib import blake2b
from pathlib import Path

import pytest

from index.fetch import Fetcher
from index.home import Home
from index.ingest import ingest
from index.records import SyncReport
from index.sync import sync
from tests.web import Page, Site, Web, no_sleep, serve

FEED = "http://news.example/feed"


@pytest.fixture(scope="module")
def served():
    site = Site()
    with serve(site) as port:
        site.port = port
        yield site


@pytest.fixture
def site(served):
    served.pages.clear()
    served.requests.clear()
    return served


@pytest.fixture
def home(tmp_path):
    with Home.open(tmp_path / "home", CountedEmbedding()) as home:
        yield home


@pytest.fixture
def web(site):
    with Fetcher(Web(site.port), no_sleep) as fetcher:
        yield fetcher


def embedded(home):
    return home._embedding.embedded


class CountedEmbedding:
    """A LlamaIndex embedding of next to no cost, which remembers what it was given."""

    model_name = "counted"

    def __init__(self):
        self.embedded = []

    def get_text_embedding_batch(self, texts):
        self.embedded += texts
        return [self.get_query_embedding(text) for text in texts]

    def get_query_embedding(self, text):
        return [byte + 1.0 for byte in blake2b(text.encode(), digest_size=16).digest()]


def towns(home):
    """The numbers of the articles of which anything was embedded."""
    return {int(found[1]) for text in embedded(home) if (found := re.search(r"town(\d+)", text))}


def article(number, edit=""):
    return (
        f"Story {number}\n\nThe council of town{number} met on Monday about the harbour.\n\n"
        f"In town{number} it decided that {number} boats may land there every day.{edit}\n"
    )


class Feed:
    """A feed of articles at a site, and what changes in it."""

    def __init__(self, site, kind="rss"):
        self.site = site
        self.kind = kind
        self.entries = {}  # guid → (path, title, text, updated)

    def add(self, number, path=None, edit="", updated=1):
        path = path or f"/story/{number}"
        self.entries[f"tag:{number}"] = (path, number, updated)
        tag = f'"{number} {edit}"'
        self.site.pages[path] = Page(article(number, edit), media="text/plain", etag=tag)

    def publish(self):
        write = self.rss if self.kind == "rss" else self.atom
        self.site.pages["/feed"] = Page(write(), media="application/xml", etag=f'"{hash(write())}"')

    def rss(self):
        items = "".join(
            f"<item><title>Story {number}</title><link>http://news.example{path}</link>"
            f'<guid isPermaLink="false">{guid}</guid><description>In short {number}.</description>'
            "<pubDate>Tue, 01 Dec 2020 10:00:00 GMT</pubDate></item>"
            for guid, (path, number, _) in self.entries.items()
        )
        return f'<rss version="2.0"><channel><title>Harbour Wire</title>{items}</channel></rss>'

    def atom(self):
        items = "".join(
            f"<entry><id>{guid}</id><title>Story {number}</title>"
            f'<link href="http://news.example{path}"/><updated>2020-12-{updated:02}T10:00:00Z'
            "</updated></entry>"
            for guid, (path, number, updated) in self.entries.items()
        )
        feed = '<feed xmlns="http://www.w3.org/2005/Atom"><title>Harbour Wire</title>'
        return f"{feed}{items}</feed>"


def by_status(site):
    return Counter(status for _, status in site.requests if not _.endswith("/robots.txt"))


@pytest.mark.parametrize(("kind", "count"), [("rss", 500), ("atom", 60)])
def test_exactly_what_changed_in_a_feed_is_fetched_and_embedded(home, site, web, kind, count):
    feed = Feed(site, kind)
    for number in range(count):
        feed.add(number)
    feed.publish()
    report = ingest(home, [FEED], fetcher=web)
    assert (len(report.added), report.failed) == (count, ())
    assert by_status(site) == {200: count + 1}
    first = {row.source: row for row in home.list_articles()}

    for number in range(count, count + 5):
        feed.add(number)  # new
    for number in range(5):
        feed.add(number, edit=" One more boat may.", updated=2)  # edited
    for number in range(5, 10):
        del feed.entries[f"tag:{number}"]  # removed, from the feed and from the site
        del site.pages[f"/story/{number}"]
    for number in range(10, 15):
        del site.pages[f"/story/{number}"]
        feed.add(number, path=f"/renamed/{number}")  # renamed
    feed.publish()
    site.requests.clear()
    del embedded(home)[:]
    report = sync(home, fetcher=web)

    url = "http://news.example"
    assert report.added == tuple(f"{url}/story/{n}" for n in range(count, count + 5))
    assert set(report.updated) == {
        *(f"{url}/story/{n}" for n in range(5)),
        *(f"{url}/renamed/{n}" for n in range(10, 15)),
    }
    assert report.kept == tuple(f"{url}/story/{n}" for n in range(5, 10))
    assert (report.removed, report.failed) == ((), ())
    assert len(report.unchanged) == count - 15
    fetched = {address for address, status in site.requests if status == 200}
    assert fetched == {
        "news.example/feed",
        *(f"news.example/story/{n}" for n in (*range(5), *range(count, count + 5))),
        *(f"news.example/renamed/{n}" for n in range(10, 15)),
    }
    assert by_status(site) == {200: 16, 404: 5} | ({304: count - 15} if kind == "rss" else {})
    # A renamed article's text is as it was, so that its vectors are, too.
    assert towns(home) == {*range(5), *range(count, count + 5)}
    now = {row.source: row for row in home.list_articles()}
    assert len(now) == count + 5
    assert {n: now[f"{url}/renamed/{n}"].id for n in range(10, 15)} == {
        n: first[f"{url}/story/{n}"].id for n in range(10, 15)
    }
    assert home.status().agree

    site.requests.clear()
    del embedded(home)[:]
    report = sync(home, fetcher=web)
    assert len(report.unchanged) == count
    assert report == SyncReport(unchanged=report.unchanged)
    assert embedded(home) == []
    assert 200 not in by_status(site) or kind == "rss"
    assert by_status(site)[200] <= 1  # an RSS feed that says nothing of changes is read itself
