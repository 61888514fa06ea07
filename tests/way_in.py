"""Bytes through the whole way in: load, clean, chunk, store. For fuzzing, in one process."""

from collections.abc import Mapping, Sequence

import numpy as np

from index.article import Article, Document
from index.chunk import chunk_article
from index.clean import page_starts, prepare
from index.errors import LoadError
from index.failure import LoadFailure
from index.formats.kinds import Kind
from index.formats.read import Job, read
from index.publishing import index_records
from index.records import Entry, StoredChunk
from index.store import Store
from index.vocabulary import WordCounts
from tests import hostile_files as made

STORY = made.STORY
MAIL = f"From: Wire <a@b.test>\nSubject: Pier\nDate: Fri, 5 Mar 2021 10:00:00 +0000\n\n{STORY}"
SEEDS: Mapping[Kind, bytes] = {
    "text": f"---\ntitle: Pier\ndate: 2021-03-05\n---\n{STORY * 3}".encode(),
    "json": f'[{{"text": "{STORY.strip()}", "title": "Pier"}}]'.encode(),
    "jsonl": f'{{"text": "{STORY.strip()}"}}\n'.encode() * 2,
    "csv": f'title,text\nPier,"{STORY}"\n'.encode(),
    "html": made.page(
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Pier",'
        '"datePublished":"2021-03-05"}</script><div class="related"><p>x</p></div>'
    ).encode(),
    "pdf": made.pdf(made.pages(made.said(STORY))),
    "docx": made.word(made.paragraph(STORY) * 2),
    "eml": MAIL.encode(),
    "mbox": f"From a\n{MAIL}\nFrom b\n{MAIL}".encode(),
    "warc": made.record(made.http(made.page().encode())),
    "zip": made.zipped({"a.txt": STORY, "b.html": made.page()}),
    "wacz": made.zipped({"archive/a.warc": made.record(made.http(made.page().encode()))}),
}


class _Characters:
    """Counts a token for each four characters, so that chunks are many and small."""

    chunk_tokens = 40

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text) // 4 + 1 for text in texts]


def bring_in(kind: Kind, data: bytes) -> int:
    """Take bytes through every step and check what must hold; gives the number of articles."""
    store = Store.empty()
    articles = 0
    for item in read(Job(data, kind, "a", "/a")):
        if isinstance(item, LoadFailure):
            assert item.reason
            assert "\n" not in item.reason
        else:
            articles += _stored(store, item, articles)
    store.close()
    return articles


def _stored(store: Store, document: Document, number: int) -> bool:
    try:
        text, metadata = prepare(document)
    except LoadError:
        return False
    pages = page_starts(document, text)
    assert list(pages) == sorted(pages)
    assert all(0 <= page <= len(text) for page in pages)
    article = Article(f"a{number}", 1, document.source, text, metadata, pages)
    chunks = chunk_article(article, _Characters())
    row = np.eye(4, dtype=np.float32)
    stored = tuple(StoredChunk(c, row[0], row[[0] * len(c.sentences)]) for c in chunks)
    entry = Entry(article, stored, f"digest-{number}", f"content-{number}")
    counts = WordCounts()
    index_records([entry], store.version + 1, counts)
    store.add_pending([entry])
    store.flip([(article.id, 1)], counts)
    _check(store, article, [chunk.id for chunk in chunks])
    return True


def _check(store: Store, article: Article, ids: list[str]) -> None:
    assert store.articles([article.id]) == {article.id: article}
    found = store.chunks(ids)
    assert found.keys() == set(ids)
    end = 0
    for identity in ids:
        chunk = found[identity].chunk
        assert end <= chunk.start < chunk.end <= len(article.text)
        assert not article.text[end : chunk.start].strip()
        assert chunk.sentences[0].start == chunk.start
        assert chunk.sentences[-1].end == chunk.end
        end = chunk.end
    assert not article.text[end:].strip()
