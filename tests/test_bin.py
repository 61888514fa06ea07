"""The bin: removed articles come back as they were, or are gone for good after a while."""

import json
from datetime import UTC, datetime, timedelta

import pytest

import rag
from index.bin import KEPT_DAYS
from index.errors import HomeBusy, HomeError
from tests.fake_embedding import WordEmbedding


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in ("harbour", "council", "lighthouse"):
        (folder / f"{name}.md").write_text(
            f"---\ntitle: The {name}\npublisher: Eastbay Courier\npublished: 2021-03-04\n---\n"
            f"The {name} of Port Vale was closed on Monday. Nobody had asked the town."
        )
    return folder


def connect(tmp_path):
    return rag.connect(tmp_path / "home", embedding=WordEmbedding(), reader="features")


@pytest.fixture
def engine(tmp_path, files):
    with connect(tmp_path) as opened:
        opened.ingest([files])
        yield opened


def ids_by_title(engine):
    return {row.metadata.title: row.id for row in engine.articles()}


def content(engine):
    """All that a reader can see of the articles, revisions left out."""
    rows = [
        (row.id, row.source, row.metadata, row.chunks, row.characters) for row in engine.articles()
    ]
    texts = {row[0]: (engine.article(row[0]).text, engine.article(row[0]).pages) for row in rows}
    return rows, texts, engine._home.vocabulary(), engine.status().agree


def test_a_removed_article_is_found_no_more_and_comes_back_exactly(engine):
    before = content(engine)
    harbour = ids_by_title(engine)["The harbour"]
    assert engine.put_into_bin([harbour, "unknown"]) == [harbour]
    assert engine.article(harbour) is None
    assert all(each.article.id != harbour for each in engine.retrieve("harbour Port Vale"))
    assert [each.article.id for each in engine.in_bin()] == [harbour]
    assert engine.restore([harbour]).ids == (harbour,)
    assert content(engine) == before
    assert engine.retrieve("harbour closed")[0].article.id == harbour
    assert engine.in_bin() == []


def test_the_bin_outlives_the_process(engine, tmp_path):
    before = content(engine)
    ids = [row.id for row in engine.articles()]
    engine.put_into_bin(ids)
    engine.close()
    with connect(tmp_path) as again:
        assert again.articles() == []
        assert set(again.restore(ids).ids) == set(ids)
        assert content(again) == before


def test_earlier_texts_come_back_too(engine, files):
    file = files / "harbour.md"
    file.write_text(file.read_text().replace("Monday", "Tuesday"))
    engine.ingest([files])
    harbour = ids_by_title(engine)["The harbour"]
    first, _ = engine.revisions(harbour)
    engine.put_into_bin([harbour])
    assert engine.revisions(harbour) == []
    engine.restore([harbour])
    assert engine.revisions(harbour)[0] == first
    assert "Monday" in engine.article(harbour, 1).text
    assert "Tuesday" in engine.article(harbour).text


def test_an_article_that_came_back_otherwise_is_no_longer_in_the_bin(engine, files):
    harbour = ids_by_title(engine)["The harbour"]
    engine.put_into_bin([harbour])
    engine.ingest([files / "harbour.md"])
    assert engine.in_bin() == []
    assert engine.restore([harbour]).ids == ()


def test_an_article_that_is_there_from_another_source_is_not_stored_twice(engine, files):
    harbour = ids_by_title(engine)["The harbour"]
    engine.put_into_bin([harbour])
    copy = (files / "harbour.md").rename(files / "copy.md")
    engine.ingest([copy])
    restored = engine.restore([harbour])
    assert restored.ids == ()
    assert restored.failed == (
        (
            (files / "harbour.md").as_posix(),
            f"is the same article as {copy.as_posix()}; it is stored once",
        ),
    )
    assert [each.article.id for each in engine.in_bin()] == [harbour]


def test_the_bin_forgets_after_its_time_and_on_request(engine, tmp_path):
    ids = sorted(row.id for row in engine.articles())
    engine.put_into_bin(ids[:2])
    old = (datetime.now(UTC) - timedelta(days=KEPT_DAYS + 1)).isoformat(timespec="seconds")
    files = sorted((tmp_path / "home" / "bin").glob("*.json"))
    expired = json.loads(files[0].read_text()) | {"removed_at": old}
    files[0].write_text(json.dumps(expired))
    assert [each.article.id for each in engine.in_bin()] == [ids[1]]
    engine.put_into_bin([ids[2]])
    assert not files[0].exists()
    engine.empty_bin([ids[1], ids[2]])
    assert engine.in_bin() == []
    assert engine.restore(ids).ids == ()
    assert list((tmp_path / "home" / "bin").iterdir()) == []


def test_a_damaged_file_in_the_bin_hides_no_other(engine, tmp_path):
    ids = [row.id for row in engine.articles()]
    engine.put_into_bin(ids)
    sorted((tmp_path / "home" / "bin").glob("*.json"))[0].write_text('{"format": "dateline-')
    assert len(engine.in_bin()) == len(ids) - 1


def test_nothing_is_removed_while_another_process_writes_or_the_bin_cannot_be_written(
    engine, tmp_path
):
    ids = [row.id for row in engine.articles()]
    with connect(tmp_path) as other, pytest.raises(HomeBusy, match="Wait until it is done"):
        other.put_into_bin(ids)
    (tmp_path / "home" / "bin").write_text("a file where the folder should be")
    with pytest.raises(HomeError, match="Nothing was removed"):
        engine.put_into_bin(ids)
    assert len(engine.articles()) == len(ids)


def test_after_a_turn_of_writing_another_process_may_write(engine, tmp_path, files):
    harbour = ids_by_title(engine)["The harbour"]
    with engine.writing():
        engine.put_into_bin([harbour])
    with connect(tmp_path) as other:
        other.ingest([files])
    assert engine.retrieve("harbour closed")[0].article.id == harbour
