"""Files made to harm end with a reason or as clean text, and leave the others alone."""

import os
import signal
import unicodedata
from pathlib import Path

import pytest

from index.article import Document
from index.failure import LoadFailure
from index.formats.read import Job
from index.home import Home
from index.ingest import article_id, ingest
from index.load import load
from index.records import IngestReport
from index.worker import Worker
from tests.fake_embedding import WordEmbedding
from tests.hostile_files import HOSTILE, SLOW, STORY, page, write

GOOD = {
    "good.txt": "The lighthouse was sold to a baker. He will bake in it.",
    "good.html": page().replace("pier", "mill"),
}


@pytest.fixture
def home(tmp_path):
    with Home.open(tmp_path / "home", WordEmbedding()) as home:
        yield home


def ingested(home: Home, folder: Path, slow: bool) -> IngestReport:
    """Ingest hostile files among good ones, and check what is true of each whatever it is."""
    folder.mkdir()
    write(folder, slow)
    for name, content in GOOD.items():
        (folder / name).write_text(content)
    report = ingest(home, [folder])
    for source, reason in report.failed:
        assert source.startswith(str(folder))
        assert reason, source
        if not reason.startswith("is the same article as"):  # it names a file
            assert reason.isprintable(), (source, reason)
            assert len(reason) < 300
    for source in report.added:
        check_text(home, source)
    assert {str(folder / name) for name in GOOD} <= set(report.added)
    return report


def check_text(home: Home, source: str) -> None:
    article = home.article(article_id(source))
    assert article is not None
    assert any(char.isalnum() for char in article.text), source
    odd = {char for char in article.text if unicodedata.category(char) in ("Cc", "Cs")}
    assert odd <= {"\n", "\t"}, (source, odd)
    assert not set("\u202e\u2067\u200b\ufeff") & set(article.text), source
    count = next(row.chunks for row in home.list_articles() if row.source == source)
    ids = [f"{article.id}.{article.revision}.{number}" for number in range(count)]
    chunks = home.chunks(ids)
    assert len(chunks) == count > 0
    for stored in chunks.values():
        assert 0 <= stored.chunk.start < stored.chunk.end <= len(article.text)


def plain_names(sources, folder: Path) -> set[str]:
    """The file names of sources, without what they add for a part of a file."""
    names = {source.removeprefix(f"{folder}/") for source in sources}
    return {name.partition("!/")[0].partition("#")[0] for name in names}


# Those of the quick files that hold something to read; the others must fail.
READABLE = set(
    """
    -rf.txt <script>alert(1)<∕script>.txt a!b.zip.txt percent%2e%2e.txt caf\\udce9.txt
    utf16-little.txt utf16-big.txt utf16-cut.txt latin1.txt right-to-left.txt zero-width.txt
    tags.txt marks.txt escapes.txt carriage-returns.txt one-word.txt
    broken-lines.jsonl escaped-surrogate.json formula.csv
    null.html wrong-charset.html unknown-charset.html utf16.html entities.xhtml
    outside-entity.xhtml include.xhtml linked-deep.html linked-odd.html script-address.html
    long-title.html class-names.html long-attribute.html comments.html hidden.html lists.html
    ratio.zip traversal.zip odd-names.zip same-names.zip
    outside.docx linked.docx table-loop.pdf
    charset.eml date.eml odd.mbox
    cut.warc lying.warc broken.warc.gz good-and-bad.warc nested.wacz odd-chunks.warc
    """.split()
) | {"new\nline.txt", "\u202etxt.exe.txt", "n" * 251 + ".txt"}


def test_there_are_many():
    assert len(HOSTILE) - len(SLOW) > 100
    assert len(SLOW) > 10


def test_quick_hostile_files_fail_or_come_in_clean_and_leave_the_others_alone(home, tmp_path):
    folder = tmp_path / "in"
    report = ingested(home, folder, slow=False)
    come = plain_names(report.added, folder) - GOOD.keys()
    same = {source for source, reason in report.failed if "is the same article as" in reason}
    assert (come | plain_names(same, folder)) ^ READABLE == set()
    assert "root:" not in "".join(home.article(article_id(s)).text for s in report.added)


@pytest.mark.slow
def test_slow_hostile_files_fail_or_come_in_clean_and_leave_the_others_alone(home, tmp_path):
    folder = tmp_path / "in"
    report = ingested(home, folder, slow=True)
    assert plain_names(report.added, folder) - GOOD.keys() == {"tiny-articles.jsonl"}


def test_a_names_way_up_is_only_a_name(tmp_path):
    HOSTILE["traversal.zip"](tmp_path)
    sources = [item.source for item in load(tmp_path / "traversal.zip")]
    assert sources[0] == f"{tmp_path}/traversal.zip!/../../../tmp/up.txt"
    assert [path.name for path in tmp_path.iterdir()] == ["traversal.zip"]


# The child process

HEAVY = Job(b"[" + b"[[[[]]]]," * 500_000 + b"{}]", "json", "a.json", "heavy")
SLOW_PAGE = Job(
    page("<table><tr>" + "<td>1</td>" * 40_000 + "</tr></table>").encode(), "html", "a", "slow"
)
STORY_PAGE = Job(page().encode(), "html", "a.html", "story")


@pytest.fixture
def worker():
    worker = Worker()
    yield worker
    worker.close()


def story_comes_from(worker: Worker) -> bool:
    (item,) = worker.run(STORY_PAGE)
    return isinstance(item, Document) and STORY.strip() in item.text


def test_a_file_that_takes_too_long_is_ended_and_the_next_one_read():
    worker = Worker(time_limit=3)
    (failure,) = worker.run(SLOW_PAGE)
    assert isinstance(failure, LoadFailure)
    assert failure.reason.startswith("takes longer than")
    assert story_comes_from(worker)
    worker.close()


def test_a_file_that_needs_too_much_memory_is_ended_and_the_next_one_read():
    worker = Worker(memory_limit=200_000_000)
    (failure,) = worker.run(HEAVY)
    assert failure.reason.startswith("needs too much memory")
    assert story_comes_from(worker)
    worker.close()


def test_a_child_that_dies_is_replaced(worker):
    assert story_comes_from(worker)
    first = worker._process.pid
    assert story_comes_from(worker)
    assert worker._process.pid == first
    os.kill(first, signal.SIGKILL)
    worker._process.wait()
    assert story_comes_from(worker)
    assert worker._process.pid != first


def test_an_interrupt_leaves_no_child_and_no_answer_behind(worker):
    assert story_comes_from(worker)
    busy = worker._process

    def interrupt(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(KeyboardInterrupt):
            worker.run(SLOW_PAGE)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert busy.returncode is not None
    assert story_comes_from(worker)


def test_the_child_has_no_keys_and_knows_its_limits(worker, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    assert story_comes_from(worker)
    process = Path(f"/proc/{worker._process.pid}")
    if not process.is_dir():
        pytest.skip("needs /proc, as on Linux")
    assert b"secret" not in (process / "environ").read_bytes()
    limits = (process / "limits").read_text()
    assert "Max address space         1000000000" in limits
    assert "Max core file size        0 " in limits
