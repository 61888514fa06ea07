"""The truth and the keyword index: what goes in comes out, and only when it is ready."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from index.article import Article, Chunk, Filters, Metadata, Span, date_number
from index.errors import HomeError, UsageError
from index.keyword import Keyword
from index.publishing import index_records
from index.records import Entry, StoredChunk, WordRow
from index.store import Store
from index.vocabulary import WordCounts, spellings, vocabulary, word_counts


def entry(identity: str, text: str, revision: int = 1, metadata: Metadata | None = None) -> Entry:
    """An article with one chunk for each line, and one sentence for each chunk."""
    chunks, start = [], 0
    for position, line in enumerate(text.split("\n")):
        span = Span(start, start + len(line))
        chunk = Chunk(
            f"{identity}.{revision}.{position}", identity, position, span.start, span.end, (span,)
        )
        vector = np.eye(4, dtype=np.float32)[position % 4]
        chunks.append(StoredChunk(chunk, vector, vector[None]))
        start = span.end + 1
    article = Article(identity, revision, f"/{identity}.txt", text, metadata or Metadata())
    return Entry(article, tuple(chunks), f"digest-{text}", f"content-{text}")


def publish(store: Store, *entries: Entry) -> list[str]:
    counts = WordCounts()
    index_records(entries, store.version + 1, counts)
    store.add_pending(entries)
    return store.flip([(e.article.id, e.article.revision) for e in entries], counts)


@pytest.fixture
def store(tmp_path):
    store = Store.open(tmp_path / "dateline.sqlite", create=True)
    yield store
    store.close()


def test_an_article_comes_back_as_it_was_stored(store):
    known = Metadata("Title", "The Wire", "A. Writer", "2020-12-02", "https://wire.example/1")
    stored = entry("a", "Naïve “words”.\nMore — of them.", metadata=known)
    publish(store, stored)
    assert store.articles(["a", "unknown"]) == {"a": stored.article}
    (row,) = store.list_articles()
    assert (row.id, row.revision, row.source, row.metadata) == ("a", 1, "/a.txt", known)
    assert (row.chunks, row.characters) == (2, 30)


def test_a_chunk_comes_back_with_its_offsets_and_vectors(store):
    stored = entry("a", "One line.\nAnother line.")
    publish(store, stored)
    found = store.chunks(["a.1.1", "a.1.7"])
    assert list(found) == ["a.1.1"]
    assert found["a.1.1"].chunk == stored.chunks[1].chunk
    assert found["a.1.1"].vector.tolist() == [0, 1, 0, 0]
    assert found["a.1.1"].sentence_vectors.tolist() == [[0, 1, 0, 0]]
    assert found["a.1.1"].sentence_vectors.dtype == np.float32


def test_pending_articles_are_seen_by_nobody(store):
    store.add_pending([entry("a", "Words.")])
    assert store.articles(["a"]) == {}
    assert store.chunks(["a.1.0"]) == {}
    assert store.ready(["a.1.0"]) == set()
    assert (store.chunk_count(), store.list_articles(), store.known()) == (0, [], {})
    assert store.coverage().articles == 0
    assert store.vectors()[0] == []
    assert store.pending() == [("a", 1)]
    assert store.version == 0


def test_a_new_revision_takes_the_place_of_the_old_one(store):
    publish(store, entry("a", "Old words.\nOld lines."))
    assert publish(store, entry("a", "New words.", revision=2)) == ["a.1.0", "a.1.1"]
    assert store.articles(["a"])["a"].text == "New words."
    assert store.chunk_ids() == store.every_chunk_id() == ["a.2.0"]
    assert store.version == 2


def test_an_article_that_comes_back_after_removal_reuses_no_chunk_id(store):
    publish(store, entry("a", "Words."), entry("b", "Words."))
    assert store.remove(["a"]) == ["a.1.0"]
    assert store.articles(["a", "b"]).keys() == {"b"}
    assert store.next_revision("a") == 2
    assert store.next_revision("b") == 2
    assert store.next_revision("c") == 1


def test_a_write_that_fails_leaves_nothing_behind(store):
    publish(store, entry("a", "Words."))
    clash = entry("b", "Words.")
    broken = Entry(clash.article, clash.chunks * 2, "d", "c")
    with pytest.raises(HomeError):
        store.add_pending([broken])
    assert store.pending() == []
    assert store.every_chunk_id() == ["a.1.0"]


def test_words_are_counted_by_chunk_and_capitals_inside_sentences(store):
    publish(store, entry("a", "Haftar met Haftar.\nThen Hifter and the fighters."))
    assert word_counts(store.database, ["haftar", "fighter", "absent"]) == {
        "haftar": 1,
        "fighter": 1,
        "absent": 0,
    }
    rows = {row.word: row for row in vocabulary(store.database)}
    assert rows["haftar"] == WordRow("haftar", "haftar", 1, 1)
    assert rows["then"] == WordRow("then", "then", 1, 0)
    assert rows["fighters"] == WordRow("fighters", "fighter", 1, 0)
    found = spellings(store.database, ["aftr", "htr"])
    assert found == []


def test_spellings_of_a_name_are_found_by_their_skeleton(store):
    from index.names import skeleton

    publish(store, entry("a", "We saw Haftar.\nWe saw Hifter.\nWe saw Haftar."))
    found = spellings(store.database, [skeleton("Hafter")])
    assert found == [WordRow("haftar", "haftar", 2, 2), WordRow("hifter", "hifter", 1, 1)]


def test_word_counts_after_changes_are_those_of_a_fresh_store(store, tmp_path):
    publish(store, entry("a", "Old Tripoli words.\nOld lines."), entry("b", "Gone Sirte words."))
    publish(store, entry("a", "New Tripoli words.", revision=2))
    store.remove(["b"])
    fresh = Store.open(tmp_path / "fresh.sqlite", create=True)
    publish(fresh, entry("a", "New Tripoli words."))
    assert vocabulary(store.database) == vocabulary(fresh.database)
    sql = "SELECT * FROM terms ORDER BY term"
    assert store.database.rows(sql) == fresh.database.rows(sql)
    fresh.close()


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), {"a.1.0", "b.1.0", "c.1.0"}),
        (Filters(publishers=("the WIRE",)), {"a.1.0"}),
        (Filters(publishers=("The Wire", "Post")), {"a.1.0", "b.1.0"}),
        (Filters(published_from="2020-12-02"), {"a.1.0", "b.1.0"}),
        (Filters(published_from="2020-12-03"), {"b.1.0"}),
        (Filters(published_to="2020-12-02"), {"a.1.0"}),
        (Filters(publishers=("Post",), published_to="2020-12-02"), set()),
    ],
)
def test_filters_hold_in_the_store_and_in_the_keyword_index(store, tmp_path, filters, expected):
    entries = [
        entry("a", "Some words.", metadata=Metadata(publisher="The  Wire", published="2020-12-02")),
        entry("b", "Some words.", metadata=Metadata(publisher="Post", published="2021-01-23")),
        entry("c", "Some words."),
    ]
    publish(store, *entries)
    assert set(store.vectors(filters)[0]) == expected
    keyword = Keyword(tmp_path / "keyword", create=True)
    keyword.change(index_records(entries, 1, WordCounts()), [])
    assert {hit.chunk_id for hit in keyword.search([("word", 1.0)], 10, filters)} == expected
    keyword.close()


def test_vectors_are_those_after_a_version(store):
    publish(store, entry("a", "One.\nTwo."))
    publish(store, entry("b", "Three."))
    ids, matrix = store.vectors()
    assert (sorted(ids), matrix.shape) == (["a.1.0", "a.1.1", "b.1.0"], (3, 4))
    assert store.vectors(after=1)[0] == ["b.1.0"]
    assert store.vectors(after=2)[0] == []
    assert (store.more_than(2), store.more_than(3), store.more_than(0, after=1)) == (
        True,
        False,
        True,
    )


def test_keyword_search_ranks_by_weight_rarity_and_title(tmp_path):
    entries = [
        entry("a", "Fighters left Libya."),
        entry("b", "Fighters stayed in camps."),
        entry("c", "Fighters again.", metadata=Metadata(title="Sirte")),
        entry("d", "Sirte fell."),
    ]
    keyword = Keyword(tmp_path / "keyword", create=True)
    keyword.change(index_records(entries, 1, WordCounts()), [])

    def found(*terms: tuple[str, float]) -> list[str]:
        return [hit.chunk_id for hit in keyword.search(terms, 10)]

    assert found(("libya", 1.0), ("fighter", 1.0))[0] == "a.1.0"
    assert found(("libya", 0.0), ("camp", 1.0), ("fighter", 1.0))[0] == "b.1.0"
    assert found(("sirt", 1.0)) == ["d.1.0", "c.1.0"]
    assert found(("absent", 1.0)) == found() == []
    keyword.change([], ["d.1.0"])
    assert found(("sirt", 1.0)) == ["c.1.0"]
    assert keyword.ids() == {"a.1.0", "b.1.0", "c.1.0"}
    assert keyword.count() == 3
    keyword.close()


def test_words_that_stand_in_different_chunks_meet_in_the_article(tmp_path):
    entries = [
        entry("a", "Fighters came.\nTunis waited."),
        entry("b", "Fighters came.\nNobody waited."),
        entry("c", "Rain fell.\nTunis waited."),
    ]
    keyword = Keyword(tmp_path / "keyword", create=True)
    keyword.change(index_records(entries, 1, WordCounts()), [])
    terms = [("fighter", 1.0), ("tuni", 1.0)]
    scores = keyword.search_articles(terms, 10)
    assert max(scores, key=lambda key: scores[key]) == "a.1"
    assert set(scores) == {"a.1", "b.1", "c.1"}
    keyword.change(index_records([entry("a", "Rain.", 2)], 2, WordCounts()), ["a.1.0", "a.1.1"])
    assert set(keyword.search_articles(terms, 10)) == {"b.1", "c.1"}
    keyword.close()


def test_the_same_change_made_again_changes_nothing(tmp_path):
    records = index_records([entry("a", "One.\nTwo.")], 1, WordCounts())
    keyword = Keyword(tmp_path / "keyword", create=True)
    keyword.change(records, [])
    once = keyword.search_articles([("one", 1.0)], 10)
    keyword.change(records, [])
    assert keyword.count() == 2
    assert keyword.search_articles([("one", 1.0)], 10) == once
    keyword.close()


def test_a_damaged_keyword_index_names_the_remedy(tmp_path):
    folder = tmp_path / "keyword-1"
    Keyword(folder, create=True).close()
    (folder / "articles" / "meta.json").write_text("{")
    with pytest.raises(HomeError, match=f"dateline repair --home {tmp_path}$"):
        Keyword(folder)
    with pytest.raises(HomeError, match=r"it is missing.*dateline repair"):
        Keyword(tmp_path / "keyword-2")


@pytest.mark.parametrize("bad", ["2020", "2020-13-01", "yesterday", "20201", ""])
def test_a_date_that_is_none_is_refused(bad):
    with pytest.raises(UsageError, match="2020-12-31"):
        date_number(bad)


def test_a_file_that_is_no_database_is_refused_in_one_line(tmp_path):
    file = tmp_path / "dateline.sqlite"
    file.write_bytes(b"not a database, but long enough to be read as one" * 100)
    with pytest.raises(HomeError, match=r"is damaged \(file is not a database\)") as caught:
        Store.open(file)
    assert "\n" not in str(caught.value)


def test_a_database_with_damaged_pages_is_refused_in_one_line(store, tmp_path):
    publish(store, *(entry(f"a{n}", "Words.\n" * 50) for n in range(50)))
    store.close()
    file = tmp_path / "dateline.sqlite"
    data = bytearray(file.read_bytes())
    data[8192:] = b"\xff" * (len(data) - 8192)
    file.write_bytes(data)
    damaged = Store.open(file)
    with pytest.raises(HomeError, match="is damaged"):
        damaged.chunk_ids()
    damaged.close()


def test_a_database_of_a_newer_version_is_refused(tmp_path, store):
    with sqlite3.connect(tmp_path / "dateline.sqlite") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(HomeError, match="newer version of Dateline"):
        Store.open(tmp_path / "dateline.sqlite")


def test_a_database_under_a_folder_that_is_not_there_is_refused():
    with pytest.raises(HomeError, match="cannot be used"):
        Store.open(Path("/nowhere/dateline.sqlite"), create=True)
