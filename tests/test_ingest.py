"""An article's way in: what is added, updated, unchanged, removed or refused."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import ModelError
from index.home import Home
from index.ingest import article_id, ingest
from index.records import IngestReport
from tests.fake_embedding import WordEmbedding

HAFTAR = "Khalifa Haftar met the envoy in Sirte. They spoke about the ceasefire in Libya."
FIGHTERS = "The UN counts 20,000 foreign fighters in Libya. Most of them came from Syria."
CHEESE = "The cheese fair opened on Monday. A wheel of Gouda won the first prize."


@pytest.fixture
def home(tmp_path):
    with Home.open(tmp_path / "home", WordEmbedding()) as home:
        yield home


@pytest.fixture
def articles(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text(HAFTAR)
    (folder / "b.txt").write_text(FIGHTERS)
    return folder


def names(sources) -> list[str]:
    return [Path(source).name for source in sources]


def embedded(home: Home) -> list[str]:
    return home._embedding.embedded


def snapshot(folder: Path) -> dict[str, tuple[str, int]]:
    """Content and time of every file."""
    return {
        str(file): (hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_mtime_ns)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_every_article_of_a_folder_goes_in(home, articles):
    report = ingest(home, [articles])
    assert names(report.added) == ["a.txt", "b.txt"]
    assert report == IngestReport(added=report.added)
    assert [row.source for row in home.list_articles()] == list(report.added)
    assert home.article(article_id(str(articles / "a.txt"))).text == HAFTAR


def test_the_report_is_plain_json(home, articles):
    (articles / "empty.txt").write_text("")
    plain = ingest(home, [articles]).to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert sorted(plain) == ["added", "failed", "removed", "unchanged", "updated"]
    ((failure),) = plain["failed"]
    assert failure["source"].endswith("empty.txt")
    assert "\n" not in failure["reason"]


def test_progress_tells_files_done_files_in_all_and_the_source(home, articles):
    told = []
    ingest(home, [articles], lambda *step: told.append(step))
    assert told == [(0, 2, str(articles / "a.txt")), (1, 2, str(articles / "b.txt"))]


def test_offsets_of_chunks_and_sentences_hold(home, articles):
    (articles / "long.txt").write_text(
        "\n\n".join(f"{HAFTAR} {CHEESE} No. {n}." for n in range(60))
    )
    ingest(home, [articles])
    for row in home.list_articles():
        text = home.article(row.id).text
        ids = [f"{row.id}.{row.revision}.{position}" for position in range(row.chunks)]
        chunks = [stored.chunk for stored in home.chunks(ids).values()]
        assert [chunk.id for chunk in sorted(chunks, key=lambda c: c.position)] == ids
        for chunk in chunks:
            assert 0 <= chunk.start < chunk.end <= len(text)
            assert chunk.sentences[0].start == chunk.start
            assert chunk.sentences[-1].end == chunk.end
            for sentence in chunk.sentences:
                assert chunk.start <= sentence.start < sentence.end <= chunk.end
    assert home.list_articles()[-1].chunks > 5


def test_unchanged_files_touch_nothing(home, articles, tmp_path):
    ingest(home, [articles])
    home.close()
    before = snapshot(tmp_path / "home")
    with Home.open(tmp_path / "home", WordEmbedding()) as again:
        report = ingest(again, [articles])
        assert names(report.unchanged) == ["a.txt", "b.txt"]
        assert report == IngestReport(unchanged=report.unchanged)
        assert embedded(again) == []
    assert snapshot(tmp_path / "home") == before


def test_unchanged_files_load_neither_model_nor_indexes(home, articles, tmp_path):
    ingest(home, [articles])
    home.close()
    script = (
        "import sys; from index.home import Home; from index.ingest import ingest\n"
        "home = Home.open(sys.argv[1])\n"
        "print(len(ingest(home, [sys.argv[2]]).unchanged), home.coverage().articles)\n"
        "heavy = {'chromadb', 'onnxruntime', 'tantivy', 'tokenizers', 'llama_index'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "home"), str(articles)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split("\n")[:2] == ["2 2", "[]"]


def test_an_edited_file_replaces_its_article_alone(home, articles):
    ingest(home, [articles])
    other = {row.source: row for row in home.list_articles()}[str(articles / "b.txt")]
    del embedded(home)[:]
    (articles / "a.txt").write_text(CHEESE)
    report = ingest(home, [articles])
    assert (names(report.updated), names(report.unchanged)) == (["a.txt"], ["b.txt"])
    identity = article_id(str(articles / "a.txt"))
    assert home.article(identity).revision == 2
    assert not any("Haftar" in text or "UN" in text for text in embedded(home))
    assert home.keyword([("haftar", 1.0)], 10) == []
    assert [hit.chunk_id for hit in home.keyword([("chees", 1.0)], 10)] == [f"{identity}.2.0"]
    assert {row.source: row for row in home.list_articles()}[other.source] == other
    derived = home._indexes()
    assert derived.dense().ids() == derived.keyword().ids() == set(home._truth().every_chunk_id())


def test_changed_metadata_alone_is_an_update(home, tmp_path):
    file = tmp_path / "a.md"
    file.write_text(f"---\npublisher: The Wire\n---\n{HAFTAR}")
    ingest(home, [file])
    file.write_text(f"---\npublisher: The Post\n---\n{HAFTAR}")
    assert names(ingest(home, [file]).updated) == ["a.md"]
    assert home.coverage().publishers == ("The Post",)


def test_a_file_that_has_gone_from_a_folder_is_removed(home, articles):
    ingest(home, [articles])
    (articles / "a.txt").unlink()
    report = ingest(home, [articles])
    assert (names(report.removed), names(report.unchanged)) == (["a.txt"], ["b.txt"])
    assert names(row.source for row in home.list_articles()) == ["b.txt"]
    assert home.keyword([("haftar", 1.0)], 10) == []


def test_articles_of_other_folders_stay(home, articles, tmp_path):
    other = tmp_path / "articles-more"
    other.mkdir()
    (other / "c.txt").write_text(CHEESE)
    ingest(home, [articles, other])
    (articles / "a.txt").unlink()
    assert ingest(home, [other]).removed == ()
    assert ingest(home, [articles / "b.txt"]).removed == ()
    assert home.coverage().articles == 3


def test_a_folder_with_no_file_left_removes_nothing(home, articles):
    ingest(home, [articles])
    for file in list(articles.iterdir()):
        file.unlink()
    ingest(home, [articles])
    assert home.coverage().articles == 2


def test_a_renamed_file_keeps_its_article(home, articles):
    ingest(home, [articles])
    (articles / "a.txt").rename(articles / "z.txt")
    report = ingest(home, [articles])
    assert (names(report.added), names(report.removed)) == (["z.txt"], ["a.txt"])
    assert report.failed == ()
    assert names(row.source for row in home.list_articles()) == ["b.txt", "z.txt"]


def test_a_duplicate_is_refused_with_the_first_source(home, articles):
    (articles / "copy.txt").write_text(HAFTAR)
    for report in (ingest(home, [articles]), ingest(home, [articles])):
        ((source, reason),) = report.failed
        assert source == str(articles / "copy.txt")
        assert reason == f"is the same article as {articles / 'a.txt'}; it is stored once"
    assert home.coverage().articles == 2


def test_the_same_text_in_another_outlet_is_another_article(home, tmp_path):
    for number, publisher in enumerate(("The Wire", "The Post")):
        (tmp_path / f"{number}.md").write_text(f"---\npublisher: {publisher}\n---\n{HAFTAR}")
    report = ingest(home, [tmp_path / "0.md", tmp_path / "1.md"])
    assert (len(report.added), report.failed) == (2, ())


@pytest.mark.parametrize("gone", [0, 2, 4])
def test_records_that_move_up_in_their_file_are_no_duplicates(home, tmp_path, gone):
    file = tmp_path / "records.jsonl"
    texts = [f"Report number {n}. It tells about city{n}." for n in range(5)]

    def write() -> None:
        file.write_text("\n".join(json.dumps({"text": text}) for text in texts))

    write()
    assert len(ingest(home, [file]).added) == 5
    del texts[gone]
    write()
    report = ingest(home, [file])
    assert report.failed == ()
    assert report.removed == (f"{file}#5",)
    assert sorted(home.articles(r.id for r in home.list_articles()).values(), key=str)
    assert {home.article(row.id).text for row in home.list_articles()} == set(texts)


def test_records_that_move_down_in_their_file_are_no_duplicates(home, tmp_path):
    file = tmp_path / "records.jsonl"
    texts = [f"Report number {n}. It tells about city{n}." for n in range(5)]
    file.write_text("\n".join(json.dumps({"text": text}) for text in texts))
    ingest(home, [file])
    texts.insert(0, CHEESE)
    file.write_text("\n".join(json.dumps({"text": text}) for text in texts))
    assert ingest(home, [file]).failed == ()
    assert {home.article(row.id).text for row in home.list_articles()} == set(texts)


def test_a_bad_file_never_stops_the_others(home, articles):
    (articles / "empty.txt").write_bytes(b"")
    (articles / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (articles / "broken.json").write_text('{"text": ')
    report = ingest(home, [articles, articles / "vanished.txt"])
    assert names(report.added) == ["a.txt", "b.txt"]
    failed = dict(report.failed)
    assert {"empty.txt", "binary.txt", "broken.json", "vanished.txt"} <= set(names(failed))
    assert not any("\n" in reason for reason in failed.values())


def test_a_file_that_fails_now_keeps_what_was_stored_of_it(home, articles):
    ingest(home, [articles])
    (articles / "a.txt").write_bytes(b"")
    report = ingest(home, [articles])
    assert names(source for source, _ in report.failed) == ["a.txt"]
    assert home.article(article_id(str(articles / "a.txt"))).text == HAFTAR


class FailingEmbedding(WordEmbedding):
    """Fails at the first text about cheese."""

    fails = True

    def get_text_embedding_batch(self, texts):
        if self.fails and any("cheese" in text for text in texts):
            raise RuntimeError("out of\nmemory")
        return super().get_text_embedding_batch(texts)


def test_a_failing_model_leaves_whole_articles_and_an_ingest_that_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr("index.publisher.GROUP_CHUNKS", 1)
    for name, text in {"a": HAFTAR, "b": CHEESE, "c": FIGHTERS}.items():
        (tmp_path / f"{name}.txt").write_text(text)
    files = [tmp_path / f"{name}.txt" for name in "abc"]
    with Home.open(tmp_path / "home", FailingEmbedding()) as home:
        with pytest.raises(ModelError, match="counted-words failed: out of"):
            ingest(home, files)
        assert names(row.source for row in home.list_articles()) == ["a.txt"]
    monkeypatch.setattr(FailingEmbedding, "fails", False)
    with Home.open(tmp_path / "home", FailingEmbedding()) as home:
        report = ingest(home, files)
        assert (names(report.unchanged), names(report.added)) == (["a.txt"], ["b.txt", "c.txt"])


class NotANumber(WordEmbedding):
    def get_text_embedding_batch(self, texts):
        return [[float("nan")] * 2048 for _ in texts]


def test_vectors_that_are_no_numbers_are_refused_before_anything_is_stored(articles, tmp_path):
    with Home.open(tmp_path / "home", NotANumber()) as home:
        with pytest.raises(ModelError, match="not 2048 numbers"):
            ingest(home, [articles])
        assert home.coverage().articles == 0
        assert home.status().pending == 0


def test_text_that_looks_like_control_tokens_is_text(home, tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("The model wrote <|endoftext|> in the report. Nobody in Sirte noticed.")
    assert len(ingest(home, [file]).added) == 1
    assert "<|endoftext|>" in home.article(article_id(str(file))).text


@pytest.mark.skipif(os.name == "nt", reason="needs file names that are not UTF-8")
def test_a_file_name_that_is_not_utf8_goes_in_and_stays(home, tmp_path):
    folder = tmp_path / "odd"
    folder.mkdir()
    (Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt"))).write_text(HAFTAR)
    assert len(ingest(home, [folder]).added) == 1
    report = ingest(home, [folder])
    assert (len(report.unchanged), report.removed) == (1, ())
