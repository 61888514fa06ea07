"""Kill an ingest at any moment: articles are whole or absent, and chunks find themselves."""

import random
import signal
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from index.home import Home
from index.ingest import article_id, ingest
from tests.fake_embedding import WordEmbedding

KILLS = 8
LONGEST = 0.6  # seconds; a whole ingest takes about half of one
INGEST = """
import sys
import chromadb
import tantivy
import index.ingest
import index.publisher
from index.home import Home
from tests.fake_embedding import WordEmbedding
index.publisher.GROUP_CHUNKS = 3
with Home.open(sys.argv[1], WordEmbedding()) as home:
    print("open", flush=True)
    index.ingest.ingest(home, [sys.argv[2]])
"""


def write(folder: Path, turn: int) -> dict[str, str]:
    """Twelve articles of several chunks, some of them new in each turn; text by article id."""
    folder.mkdir(exist_ok=True)
    for number in range(12):
        if number % 3 == turn % 3 or turn == 0:
            sentences = (f"In turn{turn} town{number}x{n} was quiet. " * 9 for n in range(9))
            (folder / f"{number:02}.txt").write_text("\n".join(sentences).replace(" \n", "\n"))
    return {article_id(str(file)): file.read_text().strip() for file in folder.iterdir()}


def kill_during_ingest(home: Path, articles: Path, seconds: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", INGEST, str(home), str(articles)], stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"open\n"
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    process.communicate()


def check(path: Path, texts: dict[str, set[str]]) -> int:
    """Each article whole, with a text that it once had, its chunks found by their own vectors."""
    with Home.open(path, WordEmbedding()) as home:
        status = home.status()
        assert status.pending == 0
        assert status.agree
        known = home._truth()
        dense = home._indexes().dense() if status.chunks else None
        for row in home.list_articles():
            text = home.article(row.id).text
            assert text in texts[row.id]
            chunks = known.chunks_of(row.id, row.revision)
            assert [stored.chunk.position for stored in chunks] == list(range(row.chunks))
            assert " ".join(text[s.chunk.start : s.chunk.end] for s in chunks).split() == (
                text.split()
            )
            for stored in chunks:
                assert dense.search(stored.vector, 1)[0].chunk_id == stored.chunk.id
        return status.articles


def test_a_killed_ingest_leaves_whole_articles_that_find_themselves(tmp_path):
    moments = random.Random(7)
    home, folder = tmp_path / "home", tmp_path / "articles"
    texts: dict[str, set[str]] = defaultdict(set)
    for turn in range(KILLS):
        for identity, text in write(folder, turn).items():
            texts[identity].add(text)
        kill_during_ingest(home, folder, moments.uniform(0.0, LONGEST))
        check(home, texts)
    with Home.open(home, WordEmbedding()) as last:
        ingest(last, [folder])
    assert check(home, {identity: {text} for identity, text in write(folder, turn).items()}) == 12
