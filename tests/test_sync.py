"""A collection in step with its sources: what is fetched, embedded, kept and let go."""

import os
import re
import sqlite3
from collections import Counter
from hashlib import blake2b
from pathlib import Path

import pytest

from index.database import _SCHEMA
from index.fetch import Fetcher
from index.home import Home
from index.ingest import ingest
from index.records import SyncReport
from index.sync import sync
from tests.web import Page, Web, no_sleep, site_served

FEED = "http://news.example/feed"


@pytest.fixture(scope="module")
def served():
    with site_served() as site:
        yield site


@pytest.fixture
def site(served):
    served.forget()
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


def listed(site, *numbers):
    """A feed of some articles, published."""
    feed = Feed(site)
    for number in numbers:
        feed.add(number)
    feed.publish()
    return feed


def test_what_a_page_lacks_comes_from_its_feed(home, site, web):
    listed(site, 1)
    ingest(home, [FEED], fetcher=web)
    ((row,)) = home.list_articles()
    assert row.metadata.publisher == "Harbour Wire"
    assert row.metadata.published == "2020-12-01"
    assert row.metadata.url == "http://news.example/story/1"


def test_a_summary_is_taken_only_where_the_page_cannot_be_had_and_said_to_be_one(home, site, web):
    listed(site, 1, 2)
    site.pages["/story/2"] = Page(status=500)
    report = ingest(home, [FEED], fetcher=web)
    assert report.added == ("http://news.example/story/1", "http://news.example/story/2")
    ((source, reason),) = report.failed
    assert source == "http://news.example/story/2"
    assert reason.endswith("; only what the feed gives of it was taken")
    texts = {row.source: home.article(row.id).text for row in home.list_articles()}
    assert texts[source] == "In short 2."
    assert "In short" not in texts["http://news.example/story/1"]
    site.pages["/story/2"] = Page(article(2), media="text/plain")
    assert sync(home, fetcher=web).updated == (source,)
    site.pages["/story/2"] = Page(status=500)
    assert sync(home, fetcher=web).failed[0][0] == source
    assert "harbour" in home.article(home.known()[source][0]).text


def test_feed_entries_that_point_inside_are_refused(home, site, web):
    feed = listed(site, 1)
    for number, address in enumerate(("http://127.0.0.1/", "file:///etc/passwd", "//localhost/")):
        feed.entries[f"tag:bad{number}"] = (f"@{address}", number, 1)
    body = feed.rss().replace("http://news.example@", "")
    site.pages["/feed"] = Page(
        body.replace("<description>In short", "<x>").replace("</description>", "</x>"),
        media="application/rss+xml",
    )
    report = ingest(home, [FEED], fetcher=web)
    assert report.added == ("http://news.example/story/1",)
    assert len(report.failed) == 3
    assert set(web._network.connected) == {"93.184.215.14"}


def test_what_left_a_feed_is_asked_for_once_and_stays(home, site, web):
    feed = listed(site, 1, 2)
    ingest(home, [FEED], fetcher=web)
    del feed.entries["tag:1"]
    feed.publish()
    for expected in ({("news.example/story/1", 304): 1}, {}):
        site.requests.clear()
        assert sync(home, fetcher=web).kept == ()
        asked = site.asked()
        assert {key: n for key, n in asked.items() if key[0].endswith("/1")} == expected
    assert home.coverage().articles == 2


@pytest.mark.parametrize("gone", ["keep", "flag", "remove"])
def test_what_vanished_is_kept_flagged_or_removed_by_choice(home, site, web, gone):
    listed(site, 1, 2)
    ingest(home, [FEED], gone=gone, fetcher=web)
    source = "http://news.example/story/1"
    page = site.pages.pop("/story/1")
    report = sync(home, fetcher=web)
    told = {"keep": report.kept, "flag": report.flagged, "remove": report.removed}
    assert {name: value for name, value in told.items() if value} == {gone: (source,)}
    marks = {row.source: row.gone is not None for row in home.list_articles()}
    assert (
        marks
        == {
            "keep": {source: False, "http://news.example/story/2": False},
            "flag": {source: True, "http://news.example/story/2": False},
            "remove": {"http://news.example/story/2": False},
        }[gone]
    )
    again = sync(home, fetcher=web)
    assert (again.kept, again.flagged, again.removed) == ((), (), ())
    site.pages["/story/1"] = page
    assert (source in sync(home, fetcher=web).added) is (gone == "remove")
    assert not any(row.gone for row in home.list_articles())
    assert home.coverage().articles == 2


def test_a_later_choice_counts_for_what_has_vanished_before(home, site, web):
    listed(site, 1, 2)
    ingest(home, [FEED], fetcher=web)
    del site.pages["/story/1"]
    assert sync(home, fetcher=web).kept == ("http://news.example/story/1",)
    assert sync(home, gone="remove", fetcher=web).removed == ("http://news.example/story/1",)
    assert [source.gone for source in home.sources()] == ["remove"]


def test_a_server_that_cannot_be_reached_loses_nothing(home, site, web):
    listed(site, 1, 2)
    ingest(home, [FEED], gone="remove", fetcher=web)
    with Fetcher(Web(1), no_sleep) as unplugged:
        report = sync(home, fetcher=unplugged)
    ((source, reason),) = report.failed
    assert source == FEED
    assert "cannot be reached" in reason
    assert (report.removed, home.coverage().articles) == ((), 2)


SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def test_a_sitemap_index_leads_to_its_pages(home, site, web):
    for number in range(4):
        site.pages[f"/story/{number}"] = Page(
            article(number), media="text/plain", etag=f'"{number}"'
        )
    parts = "".join(
        f"<sitemap><loc>http://news.example/part{n}.xml</loc></sitemap>" for n in (0, 1)
    )
    site.pages["/sitemap.xml"] = Page(f'<sitemapindex xmlns="{SITEMAP}">{parts}</sitemapindex>')
    for part in (0, 1):
        urls = "".join(
            f"<url><loc>http://news.example/story/{n}</loc>"
            "<lastmod>2020-12-01T10:00:00Z</lastmod></url>"
            for n in (2 * part, 2 * part + 1)
        )
        site.pages[f"/part{part}.xml"] = Page(f'<urlset xmlns="{SITEMAP}">{urls}</urlset>')
    report = ingest(home, ["http://news.example/sitemap.xml"], fetcher=web)
    assert len(report.added) == 4
    site.requests.clear()
    assert len(sync(home, fetcher=web).unchanged) == 4
    assert {address for address, _ in site.requests} == {
        "news.example/sitemap.xml",
        "news.example/part0.xml",
        "news.example/part1.xml",
    }


def test_a_file_of_addresses_is_a_source(home, site, web, tmp_path):
    for number in range(3):
        site.pages[f"/story/{number}"] = Page(
            article(number), media="text/plain", etag=f'"{number}"'
        )
    file = tmp_path / "links.txt"
    lines = [f"http://news.example/story/{number}" for number in range(3)]
    file.write_text("# to read\n" + "\n".join(lines) + "\n")
    assert ingest(home, [file], fetcher=web).added == tuple(lines)
    ((source,)) = home.sources()
    assert (source.kind, source.address) == ("list", str(file))
    file.write_text("\n".join(lines[1:]))
    report = sync(home, gone="remove", fetcher=web)
    assert (report.removed, report.unchanged) == ((lines[0],), tuple(lines[1:]))


def test_a_page_given_by_itself_is_asked_again_for_changes(home, site, web):
    address = "http://news.example/story/1"
    site.pages["/story/1"] = Page(article(1), media="text/plain", etag='"1"')
    assert ingest(home, [address], fetcher=web).added == (address,)
    assert by_status(site) == {200: 1}
    assert sync(home, fetcher=web).unchanged == (address,)
    assert by_status(site) == {200: 1, 304: 1}


def test_an_address_that_cannot_be_had_is_not_remembered(home, site, web):
    report = ingest(home, ["http://news.example/nothing"], fetcher=web)
    assert report.failed == (
        ("http://news.example/nothing", "is not there (the server answers 404)"),
    )
    assert home.sources() == []
    assert not home.path.exists()


# Folders


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(3):
        file = folder / f"{number}.txt"
        file.write_text(article(number))
        os.utime(file, (1_600_000_000, 1_600_000_000))
    return folder


def test_unchanged_files_are_not_read(home, folder, monkeypatch):
    ingest(home, [folder])
    monkeypatch.setattr("index.look.read_bytes", None)
    monkeypatch.setattr("index.look.load", None)
    assert len(sync(home).unchanged) == 3


def test_files_with_a_new_time_and_old_bytes_are_not_parsed(home, folder, monkeypatch):
    ingest(home, [folder])
    (folder / "0.txt").touch()
    monkeypatch.setattr("index.look.load", None)
    assert len(sync(home).unchanged) == 3


def test_a_renamed_file_keeps_its_id_and_is_not_embedded_again(home, folder):
    ingest(home, [folder])
    identity = home.known()[str(folder / "0.txt")][0]
    (folder / "0.txt").rename(folder / "9.txt")
    del embedded(home)[:]
    report = sync(home)
    assert report.added == (str(folder / "9.txt"),)
    assert report.removed == (str(folder / "0.txt"),)
    assert home.known()[str(folder / "9.txt")][0] == identity
    assert embedded(home) == []
    (folder / "0.txt").write_text(article(7))
    assert sync(home).added == (str(folder / "0.txt"),)
    assert len({row.id for row in home.list_articles()}) == 4
    assert home.status().agree


def test_a_folder_that_is_not_there_loses_nothing(home, folder):
    ingest(home, [folder])
    folder.rename(folder.with_name("elsewhere"))
    report = sync(home)
    assert report.failed[0][0] == str(folder)
    assert home.coverage().articles == 3


def test_an_article_that_the_user_removed_comes_back_by_ingest_but_not_by_sync(home, folder):
    ingest(home, [folder])
    source = str(folder / "0.txt")
    home.remove([home.known()[source][0]])
    assert sync(home).added == ()
    assert ingest(home, [folder]).added == (source,)


def test_a_forgotten_source_keeps_its_articles(home, folder):
    ingest(home, [folder])
    assert home.forget([str(folder), "unknown"]) == [str(folder)]
    assert (home.sources(), home.coverage().articles) == ([], 3)
    assert sync(home) == SyncReport()


# Half-way


def test_a_dry_run_says_what_would_be_done_and_does_nothing(home, folder):
    assert len(ingest(home, [folder], dry_run=True).added) == 3
    assert not home.path.exists()
    ingest(home, [folder])
    (folder / "0.txt").write_text(article(0, " More."))
    (folder / "1.txt").unlink()
    (folder / "5.txt").write_text(article(5))
    before, count = home.version, len(embedded(home))
    report = sync(home, dry_run=True)
    names = [
        [Path(source).name for source in sources]
        for sources in (report.added, report.updated, report.removed, report.unchanged)
    ]
    assert names == [["5.txt"], ["0.txt"], ["1.txt"], ["2.txt"]]
    assert (home.version, len(embedded(home))) == (before, count)
    assert sync(home) == report


def test_a_stopped_run_keeps_what_is_in_and_removes_nothing(home, site, web):
    feed = listed(site, *range(6))
    ingest(home, [FEED], gone="remove", fetcher=web)
    del site.pages["/story/0"]
    for number in range(6, 12):
        feed.add(number)
    feed.publish()
    seen = []
    report = sync(
        home,
        on_progress=lambda *step: seen.append(step),
        stop=lambda: len(seen) == 8,
        fetcher=web,
    )
    assert report.added == tuple(f"http://news.example/story/{n}" for n in (6, 7))
    assert report.removed == ()
    assert seen[-1] == (7, 12, "http://news.example/story/7")
    site.requests.clear()
    report = sync(home, fetcher=web)
    assert len(report.added) == 4
    assert report.removed == ("http://news.example/story/0",)
    assert ("news.example/story/7", 200) not in site.requests


# Revisions


def test_earlier_revisions_stay_readable_until_the_article_is_removed(home, folder):
    ingest(home, [folder])
    identity = home.known()[str(folder / "0.txt")][0]
    first = home.article(identity)
    for edit in (" Again.", " And again."):
        (folder / "0.txt").write_text(article(0, edit))
        sync(home)
    assert [number for number, _ in home.revisions(identity)] == [1, 2, 3]
    assert home.article_at(identity, 1) == first
    assert home.article_at(identity, 3) == home.article(identity)
    assert home.article_at(identity, 4) is None
    assert home.chunk_count() == 3
    home.remove([identity])
    assert (home.article_at(identity, 1), home.revisions(identity)) == (None, [])


def test_a_home_of_the_first_version_opens_and_goes_on(home, folder, tmp_path):
    ingest(home, [folder])
    home.close()
    with sqlite3.connect(tmp_path / "home" / "dateline.sqlite") as old:
        for table in ("earlier", "items", "sources", "flagged"):
            old.execute(f"DROP TABLE {table}")
        for view in ("ready_chunks", "chunk_articles", "ready_articles"):
            old.execute(f"DROP VIEW {view}")
        old.execute("ALTER TABLE articles DROP COLUMN pages")
        for statement in _SCHEMA.split(";"):
            if "CREATE VIEW" in statement:
                old.execute(statement)
        old.execute("PRAGMA user_version = 1")
    old.close()
    with Home.open(tmp_path / "home", CountedEmbedding()) as again:
        assert again.coverage().articles == 3
        assert again.sources() == []
        assert len(ingest(again, [folder]).unchanged) == 3
        (folder / "0.txt").write_text(article(0, " More."))
        assert sync(again).updated == (str(folder / "0.txt"),)
        assert again.status().agree
