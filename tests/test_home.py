"""A home: what it finds, who may write, and how it gets over damage."""

import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.article import Filters
from index.embed import unit
from index.errors import HomeBusy, HomeError, HomeMismatch, UsageError
from index.home import Home
from index.ingest import article_id, ingest
from index.names import skeleton
from index.records import Coverage, HomeStatus, RepairReport
from index.store import Store
from tests.fake_embedding import WordEmbedding

TOPICS = ("ceasefire", "embargo", "election", "harbour", "lighthouse", "cheese", "road", "council")


def write(folder: Path, count: int, first: int = 0) -> list[Path]:
    """Articles that differ in one word each and by publisher and day."""
    folder.mkdir(exist_ok=True)
    files = []
    for number in range(first, first + count):
        file = folder / f"{number:03}.md"
        file.write_text(
            f"---\ntitle: Story {number}\npublisher: Outlet {number % 3}\n"
            f"published: 2021-01-{number % 28 + 1:02}\n---\n"
            f"The {TOPICS[number % 8]} was discussed on day{number}. Only town{number} objected."
        )
        files.append(file)
    return files


def vector(text: str) -> np.ndarray:
    return unit(np.asarray([WordEmbedding().get_query_embedding(text)], dtype=np.float32))[0]


def chunk(file: Path, revision: int = 1, position: int = 0) -> str:
    return f"{article_id(str(file))}.{revision}.{position}"


def found(home: Home, text: str, top_k: int = 3, filters: Filters | None = None) -> list[str]:
    return [hit.chunk_id for hit in home.dense(vector(text), top_k, filters)]


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def files(tmp_path, path) -> list[Path]:
    """A home of twelve articles, closed."""
    files = write(tmp_path / "articles", 12)
    with Home.open(path, WordEmbedding()) as home:
        assert len(ingest(home, files).added) == 12
    return files


@pytest.fixture
def chroma(monkeypatch) -> None:
    """Search by Chroma also where there are few chunks."""
    monkeypatch.setattr("index.derived.EXACT_CHUNKS", 2)


# Reading


def test_a_missing_home_reads_as_empty_and_is_not_created(path):
    with Home.open(path) as home:
        assert home.dense(np.ones(384, dtype=np.float32), 5) == []
        assert home.keyword([("word", 1.0)], 5) == []
        assert (home.chunks(["x"]), home.article("x"), home.articles(["x"])) == ({}, None, {})
        assert (home.list_articles(), home.vocabulary(), home.spellings(["k"])) == ([], [], [])
        assert home.coverage() == Coverage(0, (), None, None)
        assert (home.chunk_count(), home.version, home.word_counts(["a"])) == (0, 0, {"a": 0})
        assert (home.remove(["x"]), home.repair()) == ([], RepairReport(0, 0, 0, 0))
        assert home.status() == HomeStatus(str(path), 0, 0, 0, None, 0, 0, 0, 0, 0)
        assert home.status().agree
    assert not path.exists()


def test_dense_search_ranks_by_similarity(path, files):
    with Home.open(path) as home:
        hits = home.dense(vector("The ceasefire was discussed on day8."), 3)
        assert [hit.chunk_id for hit in hits[:2]] == [chunk(files[8]), chunk(files[0])]
        assert hits[0].score > hits[1].score > hits[2].score
        (stored,) = home.chunks([hits[0].chunk_id]).values()
        assert home.dense(stored.vector, 1)[0].score == pytest.approx(1.0, abs=1e-4)


@pytest.mark.usefixtures("chroma")
def test_chroma_finds_what_exact_search_finds(path, files, monkeypatch):
    questions = [f"The {topic} was discussed. Only town{n}" for n, topic in enumerate(TOPICS)]
    limits = [None, Filters(("outlet 1",)), Filters((), "2021-01-03", "2021-01-09")]
    with Home.open(path) as home:
        approximate = [home.dense(vector(q), 4, f) for q in questions for f in limits]
        monkeypatch.setattr("index.derived.EXACT_CHUNKS", 1000)
        exact = [home.dense(vector(q), 4, f) for q in questions for f in limits]
    scores = [[hit.score for hit in hits] for hits in exact]
    for hits, expected in zip(approximate, scores, strict=True):
        assert [hit.score for hit in hits] == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("exact_chunks", [2, 1000])
@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(("OUTLET 2",)), {2, 5, 8, 11}),
        (Filters(("outlet 2", "Outlet 1"), "2021-01-05"), {4, 5, 7, 8, 10, 11}),
        (Filters((), "2021-01-02", "2021-01-04"), {1, 2, 3}),
        (Filters(("nobody",)), set()),
    ],
)
def test_filters_still_fill_the_results(path, files, monkeypatch, exact_chunks, filters, expected):
    monkeypatch.setattr("index.derived.EXACT_CHUNKS", exact_chunks)
    wanted = {chunk(files[number]) for number in expected}
    with Home.open(path) as home:
        assert set(found(home, "The cheese", 12, filters)) == wanted
        assert {hit.chunk_id for hit in home.keyword([("discuss", 1.0)], 12, filters)} == wanted
        assert len(found(home, "The cheese", 2, filters)) == min(2, len(wanted))


def test_keyword_search_finds_the_rare_word_first(path, files):
    with Home.open(path) as home:
        hits = home.keyword([("discuss", 1.0), ("town7", 1.0)], 3)
        assert hits[0].chunk_id == chunk(files[7])
        assert len(hits) == 3
        assert home.word_counts(["discuss", "town7"]) == {"discuss": 12, "town7": 1}


def test_words_are_there_for_spelling(path, files):
    with Home.open(path) as home:
        assert [row.word for row in home.spellings([skeleton("lighthous")])] == ["lighthouse"]
        words = home.vocabulary()
        assert home.vocabulary() is words
        assert next(row for row in words if row.word == "council").chunks == 1


def test_coverage_and_status_tell_what_is_there(path, files):
    with Home.open(path) as home:
        assert home.coverage() == Coverage(
            12, ("Outlet 0", "Outlet 1", "Outlet 2"), "2021-01-01", "2021-01-12"
        )
        status = home.status()
        assert (status.articles, status.chunks, status.pending) == (12, 12, 0)
        assert (status.dense, status.keyword, status.agree) == (12, 12, True)
        assert status.fingerprint.embedder == "WordEmbedding:counted-words"
        assert min(status.truth_bytes, status.dense_bytes, status.keyword_bytes) > 1000


def test_removed_articles_are_nowhere(path, files):
    with Home.open(path) as home:
        gone = article_id(str(files[3]))
        assert home.remove([gone, "unknown"]) == [gone]
        assert home.article(gone) is None
        assert chunk(files[3]) not in found(home, "The harbour on day3", 12)
        assert home.word_counts(["town3"]) == {"town3": 0}
        assert home.status().agree
    with Home.open(path) as home:
        assert home.status().dense == 11


def test_a_small_home_is_searched_without_chroma(path, files):
    script = (
        "import sys, numpy; from index.home import Home\n"
        "home = Home.open(sys.argv[1])\n"
        "vector = numpy.ones(2048, dtype='float32')\n"
        "print(len(home.dense(vector, 5)), len(home.keyword([('discuss', 1.0)], 5)))\n"
        "print('chromadb' in sys.modules, 'onnxruntime' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["5 5", "False False"]


# Several at once


def test_a_second_writer_is_refused_at_once(path, files, tmp_path):
    more = write(tmp_path / "articles", 2, first=12)
    with Home.open(path, WordEmbedding()) as first, Home.open(path, WordEmbedding()) as second:
        ingest(first, more[:1])
        with pytest.raises(HomeBusy, match="Another process is writing to"):
            ingest(second, more[1:])
        with pytest.raises(HomeBusy):
            second.remove([article_id(str(files[0]))])
        with pytest.raises(HomeBusy):
            second.repair()
        assert ingest(second, files).unchanged == tuple(map(str, files))
        first.close()
        assert len(ingest(second, more[1:]).added) == 1
    with Home.open(path) as home:
        assert home.coverage().articles == 14


HOLD = """
import sys
from index.home import Home
from index.ingest import ingest
from tests.fake_embedding import WordEmbedding
home = Home.open(sys.argv[1], WordEmbedding())
for line in sys.stdin:
    print(ingest(home, line.split()).to_dict(), flush=True)
"""


class Writer:
    """Another process that ingests what it is told and keeps the home."""

    def __init__(self, path: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ingest(self, *files: Path) -> None:
        self._process.stdin.write(" ".join(map(str, files)) + "\n")
        self._process.stdin.flush()
        assert "'added'" in self._process.stdout.readline()

    def stop(self, *, kill: bool = False) -> None:
        if kill:
            self._process.kill()
        self._process.communicate()


@pytest.mark.parametrize("exact_chunks", [2, 1000])
def test_readers_see_what_another_process_writes(path, files, tmp_path, monkeypatch, exact_chunks):
    monkeypatch.setattr("index.derived.EXACT_CHUNKS", exact_chunks)
    more = write(tmp_path / "articles", 8, first=12)
    writer = Writer(path)
    limit = Filters((), "2021-01-01", "2021-01-28")
    with Home.open(path, WordEmbedding()) as home:
        for number, file in enumerate(more, start=12):
            before = home.version
            assert chunk(file) not in found(home, f"on day{number}", 20)
            writer.ingest(file)
            assert home.version > before
            for filters in (None, limit):
                assert found(home, f"on day{number}. Only town{number}", 1, filters) == [
                    chunk(file)
                ]
            assert home.keyword([(f"town{number}", 1.0)], 2)[0].chunk_id == chunk(file)
            assert home.word_counts([f"town{number}"]) == {f"town{number}": 1}
            with pytest.raises(HomeBusy):
                home.remove([article_id(str(file))])
        files[0].write_text("Nothing is left of it but snow.")
        writer.ingest(files[0])
        assert found(home, "on day0. Only town0", 1) != [chunk(files[0])]
        assert found(home, "Nothing is left of it but snow", 1) == [chunk(files[0], 2)]
        writer.stop(kill=True)
        assert home.remove([article_id(str(more[0]))]) == [article_id(str(more[0]))]
    with Home.open(path, WordEmbedding()) as home:
        assert home.status().agree
        assert home.status().dense == 19


@pytest.mark.usefixtures("chroma")
def test_what_is_not_ready_is_not_found(path, files, monkeypatch):
    flip = Store.flip
    steps: list[tuple[list[str], list[str]]] = []

    def look(reader: Home) -> None:
        near = [c for c in found(reader, "Only snow is left", 20) if c.startswith(identity)]
        steps.append((near, [h.chunk_id for h in reader.keyword([("snow", 1.0)], 5)]))

    def flip_watched(store: Store, *arguments):
        look(reader)
        dropped = flip(store, *arguments)
        look(reader)
        return dropped

    identity = article_id(str(files[0]))
    files[0].write_text("Only snow is left of it.")
    monkeypatch.setattr(Store, "flip", flip_watched)
    with Home.open(path) as reader, Home.open(path, WordEmbedding()) as home:
        ingest(home, files[:1])
    assert steps == [([f"{identity}.1.0"], []), ([f"{identity}.2.0"], [f"{identity}.2.0"])]


@pytest.mark.usefixtures("chroma")
def test_a_reader_that_becomes_the_writer_knows_what_was_written_meanwhile(path, files, tmp_path):
    more = write(tmp_path / "articles", 60, first=12)
    with Home.open(path, WordEmbedding()) as home:
        assert found(home, "on day5. Only town5", 1) == [chunk(files[5])]
        as_reader = home._indexes()
        writer = Writer(path)
        writer.ingest(*more[:59])
        writer.stop()
        ingest(home, more[59:])
        # Chroma loses vectors when a client that loaded earlier ones writes its files.
        assert home._indexes() is not as_reader
        for number, file in enumerate(more, start=12):
            assert found(home, f"on day{number}. Only town{number}", 1) == [chunk(file)]
    with Home.open(path) as home:
        for number, file in enumerate(more, start=12):
            assert found(home, f"on day{number}. Only town{number}", 1) == [chunk(file)]


def test_readers_write_nothing_to_the_dense_index(path, files, chroma):
    def state() -> dict[str, int]:
        return {str(f): f.stat().st_mtime_ns for f in path.glob("dense-*/*/*") if f.is_file()}

    with Home.open(path) as home:
        found(home, "The cheese")
        before = state()
        for topic in TOPICS:
            assert found(home, topic)
        assert state() == before


@pytest.mark.usefixtures("chroma")
def test_threads_may_read_while_one_writes(path, files, tmp_path):
    more = write(tmp_path / "articles", 30, first=12)
    failures: list[BaseException] = []
    done = threading.Event()

    def read(home: Home) -> None:
        try:
            while not done.is_set():
                assert found(home, "on day5. Only town5", 1) == [chunk(files[5])]
                assert home.keyword([("town5", 1.0)], 1)[0].chunk_id == chunk(files[5])
                assert len(home.articles(row.id for row in home.list_articles())) >= 12
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    with Home.open(path, WordEmbedding()) as home:
        threads = [threading.Thread(target=read, args=(home,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for file in more:
            ingest(home, [file])
        done.set()
        for thread in threads:
            thread.join()
    assert failures == []


# What a home refuses


class OtherEmbedding(WordEmbedding):
    model_name = "other-words"


def test_another_embedding_is_refused_before_a_write_and_before_a_query(path, files, tmp_path):
    more = write(tmp_path / "articles", 1, first=12)
    told = r"written with WordEmbedding:counted-words.*not OtherEmbedding:other-words.*new home"
    with Home.open(path, OtherEmbedding()) as home:
        with pytest.raises(HomeMismatch, match=told):
            ingest(home, more)
        with pytest.raises(HomeMismatch, match=told):
            _ = home.embedder
        assert home.coverage().articles == 12
    with Home.open(path, WordEmbedding()) as home:
        assert len(ingest(home, more).added) == 1


def test_another_chunker_is_refused(path, files, monkeypatch):
    monkeypatch.setattr("index.home.CHUNKER", "sentences-0")
    with Home.open(path, WordEmbedding()) as home, pytest.raises(HomeMismatch, match="sentences-0"):
        _ = home.embedder


def unusable(tmp_path: Path) -> dict[str, Path]:
    """Homes that cannot be used."""
    file = tmp_path / "file"
    file.write_text("a file")
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / "dateline.sqlite").write_bytes(b"\x00\x01 no database at all " * 500)
    newer = tmp_path / "newer"
    newer.mkdir()
    connection = sqlite3.connect(newer / "dateline.sqlite")
    connection.execute("PRAGMA user_version = 7")
    connection.close()
    folder = tmp_path / "folder"
    (folder / "dateline.sqlite").mkdir(parents=True)
    return {
        "is a file": file,
        "cannot be made": file / "below",
        "is damaged": damaged,
        "newer version": newer,
        "unable to open": folder,
        "File name too long": tmp_path / ("x" * 300),
        "cannot be": Path("/proc/dateline"),
    }


@pytest.mark.parametrize(
    "reason",
    [
        "is a file",
        "cannot be made",
        "is damaged",
        "newer version",
        "unable to open",
        "File name too long",
        "cannot be",
    ],
)
def test_an_unusable_home_is_one_clear_line(tmp_path, reason):
    files = write(tmp_path / "articles", 1)
    home = unusable(tmp_path)[reason]

    def use() -> None:
        with Home.open(home, WordEmbedding()) as opened:
            ingest(opened, files)

    with pytest.raises(HomeError, match=reason) as caught:
        use()
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith((".", "--home", "home", "dateline"))


def test_an_empty_file_of_a_writer_that_died_early_reads_as_empty(path, tmp_path):
    path.mkdir()
    (path / "dateline.sqlite").touch()
    with Home.open(path, WordEmbedding()) as home:
        assert home.coverage().articles == 0
        assert len(ingest(home, write(tmp_path / "articles", 2)).added) == 2
        assert home.status().agree


# Damage and repair


def dirty(path: Path) -> str:
    with sqlite3.connect(path / "dateline.sqlite") as connection:
        (value,) = connection.execute("SELECT value FROM meta WHERE key = 'dirty'").fetchone()
    connection.close()
    return value


def mark_dirty(path: Path) -> None:
    with sqlite3.connect(path / "dateline.sqlite") as connection:
        connection.execute("UPDATE meta SET value = 'yes' WHERE key = 'dirty'")
    connection.close()


class Died(BaseException):
    """Stands for the process's death at one place."""


@pytest.mark.parametrize(
    "place",
    [
        "index.store.Store.add_pending",
        "index.dense.Dense.change",
        "index.keyword.Keyword.change",
        "index.store.Store.flip",
        "index.home.Home._settle",
    ],
)
@pytest.mark.parametrize("after", [False, True])
def test_a_writer_may_die_anywhere(path, files, tmp_path, monkeypatch, place, after):
    fresh = write(tmp_path / "articles", 1, first=12)[0]
    files[0].write_text("Nothing is left of it but snow.")
    module, _, name = place.rpartition(".")
    owner = getattr(sys.modules[module.rpartition(".")[0]], module.rpartition(".")[2])
    method = getattr(owner, name)

    def die(*arguments, **options):
        if after:
            method(*arguments, **options)
        raise Died

    with Home.open(path, WordEmbedding()) as home:
        monkeypatch.setattr(owner, name, die)
        with pytest.raises(Died):
            ingest(home, [fresh, files[0]])
        monkeypatch.undo()
    with Home.open(path, WordEmbedding()) as home:
        status = home.status()
        assert (status.pending, status.agree, dirty(path)) == (0, True, "")
        stored = {row.source: row for row in home.list_articles()}
        whole = home.keyword([("snow", 1.0)], 2)
        went_in = str(fresh) in stored
        assert len(stored) == 12 + went_in
        assert [hit.chunk_id for hit in whole] == [chunk(files[0], 2)] * went_in
        assert found(home, "on day0. Only town0", 1) == [chunk(files[0])] * (not went_in) or went_in
        for row in stored.values():
            ids = [f"{row.id}.{row.revision}.{n}" for n in range(row.chunks)]
            for identity, kept in home.chunks(ids).items():
                assert home.dense(kept.vector, 1)[0].chunk_id == identity
        assert home.word_counts(["snow", "town0"]) == {"snow": +went_in, "town0": 1 - went_in}
        assert len(ingest(home, [fresh, files[0]]).unchanged) == 2 * went_in


def test_a_home_that_died_is_set_right_by_the_next_ingest_of_the_same_process(
    path, files, tmp_path, monkeypatch
):
    more = write(tmp_path / "articles", 2, first=12)
    with Home.open(path, WordEmbedding()) as home:
        with monkeypatch.context() as patch:
            patch.setattr("index.store.Store.flip", lambda *_: (_ for _ in ()).throw(Died))
            with pytest.raises(Died):
                ingest(home, more[:1])
        report = ingest(home, more)
        assert len(report.added) + len(report.unchanged) + len(report.updated) == 2
        assert home.status().agree
        assert home.coverage().articles == 14


def test_a_dirty_home_with_a_living_writer_is_only_read(path, files, tmp_path):
    with Home.open(path, WordEmbedding()) as writer:
        ingest(writer, write(tmp_path / "articles", 1, first=12))
        mark_dirty(path)
        with Home.open(path) as reader:
            assert reader.coverage().articles == 13
        assert dirty(path) == "yes"
    with Home.open(path):
        assert dirty(path) == ""


def break_vectors(path: Path) -> None:
    """What a kill in the middle of Chroma's own writing leaves: counts that look healthy."""
    connection = sqlite3.connect(next(path.glob("dense-*/chroma.sqlite3")))
    with connection:
        connection.execute("DELETE FROM embeddings_queue WHERE seq_id % 2 = 0")
    connection.close()


def lose_dense(path: Path) -> None:
    shutil.rmtree(next(path.glob("dense-*")))


def lose_keyword(path: Path) -> None:
    shutil.rmtree(next(path.glob("keyword-*")))


def garble_dense(path: Path) -> None:
    next(path.glob("dense-*/chroma.sqlite3")).write_bytes(b"garbage" * 1000)


DAMAGES = [break_vectors, lose_dense, lose_keyword, garble_dense]


@pytest.mark.parametrize("damage", DAMAGES)
def test_repair_heals_without_embedding(path, files, damage):
    damage(path)
    told = []
    embedding = WordEmbedding()
    with Home.open(path, embedding) as home:
        assert home.repair(lambda *step: told.append(step)) == RepairReport(12, 12, 0, 0)
        assert home.status().agree
        assert len(home.keyword([("discuss", 1.0)], 20)) == 12
        assert set(home._indexes().dense().ids()) == {chunk(file) for file in files}
    assert told == [(12, 12, told[0][2])]
    assert embedding.embedded == []
    assert sorted(folder.name for folder in path.glob("*-*")) == ["dense-2", "keyword-2"]


@pytest.mark.usefixtures("chroma")
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_dirty_home_heals_when_it_opens(path, files, damage):
    damage(path)
    mark_dirty(path)
    with Home.open(path) as home:
        for number, file in enumerate(files):
            assert found(home, f"on day{number}. Only town{number}", 1) == [chunk(file)]
        assert home.status().agree
    assert dirty(path) == ""


@pytest.mark.usefixtures("chroma")
@pytest.mark.parametrize("damage", [lose_dense, lose_keyword, garble_dense])
def test_damage_is_told_with_its_remedy(path, files, damage):
    damage(path)
    with Home.open(path, WordEmbedding()) as home:
        search = home.keyword if damage is lose_keyword else home.dense
        asked = [("chees", 1.0)] if damage is lose_keyword else vector("The cheese")
        with pytest.raises(HomeError, match=f"dateline repair --home {path}$") as caught:
            search(asked, 1)
        assert "\n" not in str(caught.value)
        assert not home.status().agree


@pytest.mark.usefixtures("chroma")
def test_readers_follow_a_repair_by_another(path, files):
    with Home.open(path) as reader:
        assert found(reader, "on day5. Only town5", 1) == [chunk(files[5])]
        with Home.open(path) as other:
            other.repair()
        assert found(reader, "on day5. Only town5", 1) == [chunk(files[5])]
        assert len(reader.keyword([("discuss", 1.0)], 20)) == 12


def test_a_home_that_cannot_be_set_right_is_still_read(path, files, tmp_path, monkeypatch):
    mark_dirty(path)
    monkeypatch.setattr(
        "index.dense.Dense.__init__",
        lambda *_, **__: (_ for _ in ()).throw(HomeError("The disk is full.")),
    )
    with Home.open(path, WordEmbedding()) as home:
        assert home.coverage().articles == 12
        assert found(home, "on day5. Only town5", 1) == [chunk(files[5])]
        with pytest.raises(HomeError, match="disk is full"):
            ingest(home, write(tmp_path / "articles", 1, first=12))
    monkeypatch.undo()
    with Home.open(path) as home:
        assert (home.status().agree, dirty(path)) == (True, "")


@pytest.mark.usefixtures("chroma")
def test_a_home_without_its_server_says_so(path, files):
    url = "http://127.0.0.1:9"
    told = r"is in the home itself.*--chroma-url http://127"
    with Home.open(path, chroma_url=url) as home, pytest.raises(HomeError, match=told):
        found(home, "The cheese")


@pytest.mark.parametrize("url", ["nonsense", "ftp://host", "http://", "localhost:8000"])
def test_an_address_that_is_none_is_refused(path, url):
    with pytest.raises(UsageError, match="http://localhost:8000"):
        Home.open(path, chroma_url=url)


@pytest.fixture
def server(tmp_path) -> Iterator[str]:
    """A Chroma server of our own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = Path(sys.executable).with_name("chroma")
    process = subprocess.Popen(
        [command, "run", "--path", tmp_path / "server", "--port", str(port)],
        stdout=subprocess.PIPE,
        text=True,
    )
    for line in process.stdout:
        if "server listening" in line:
            break
    yield f"http://127.0.0.1:{port}"
    process.kill()
    process.communicate()


# In a process of its own: Chroma's HTTP client leaves its connections to the garbage collector.
ON_A_SERVER = """
import sys
from pathlib import Path
import index.derived
from index.article import Filters
from index.errors import HomeError
from index.home import Home
from index.ingest import article_id, ingest
from tests.fake_embedding import WordEmbedding
from tests.test_home import chunk, found, write
index.derived.EXACT_CHUNKS = 2
folder, server = Path(sys.argv[1]), sys.argv[2]
path = folder / "home"
files = write(folder / "articles", 12)
with Home.open(path, WordEmbedding(), chroma_url=server) as home:
    ingest(home, files)
    with Home.open(path, chroma_url=server) as reader:
        assert found(reader, "on day5. Only town5", 1) == [chunk(files[5])]
        (late,) = write(folder / "articles", 1, first=12)
        ingest(home, [late])
        limit = Filters(("outlet 0",))
        assert found(reader, "on day12. Only town12", 1, limit) == [chunk(late)]
    assert home.remove([article_id(str(files[5]))])
    assert home.status().agree
    print(home.repair())
    assert list(path.glob("dense-*")) == []
with Home.open(path) as home:
    try:
        found(home, "The cheese")
    except HomeError as error:
        print(error)
    print(home.repair())
    assert found(home, "on day7. Only town7", 1) == [chunk(files[7])]
try:
    with Home.open(path, chroma_url="http://127.0.0.1:9") as home:
        home.repair()
except HomeError as error:
    print(error)
with Home.open(path) as home:
    assert found(home, "on day7. Only town7", 1) == [chunk(files[7])]
"""


def test_a_server_may_hold_the_dense_index(path, tmp_path, server):
    done = subprocess.run(
        [sys.executable, "-c", ON_A_SERVER, str(tmp_path), server],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    repaired = str(RepairReport(12, 12, 0, 0))
    remedy = f"repair --home {path}"
    assert done.stdout.splitlines() == [
        repaired,
        f"The dense index of {path} is at {server}. "
        f"Pass --chroma-url {server}, or move it with: dateline {remedy}",
        repaired,
        "The dense index http://127.0.0.1:9 cannot be used (Could not connect to a Chroma server. "
        "Are you sure it is running?). Check that the Chroma server runs. "
        f"Rebuild it with: dateline {remedy} --chroma-url http://127.0.0.1:9",
    ]
