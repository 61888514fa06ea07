"""Articles cut into chunks."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from index.article import Article, Metadata
from index.chunk import chunk_article
from index.minilm import MARKERS, MAX_TOKENS, MiniLM


class Words:
    """Counts words as tokens."""

    chunk_tokens = 10

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]


def article(text: str) -> Article:
    return Article("a1", 2, "a.txt", text, Metadata())


def chunked(text: str) -> list[str]:
    return [text[c.start : c.end] for c in chunk_article(article(text), Words())]


def test_whole_sentences_are_packed_up_to_the_budget() -> None:
    text = "One two three four. Five six seven. Eight nine ten eleven. Twelve."
    assert chunked(text) == [
        "One two three four. Five six seven.",
        "Eight nine ten eleven. Twelve.",
    ]


def test_a_sentence_over_the_budget_is_halved() -> None:
    text = " ".join(f"w{n}" for n in range(25)) + "."
    parts = chunked(text)
    assert all(len(part.split()) <= 10 for part in parts)
    assert " ".join(parts) == text


def test_ids_name_article_revision_and_position() -> None:
    chunks = chunk_article(article("One two. " * 12), Words())
    assert [c.id for c in chunks] == ["a1.2.0", "a1.2.1", "a1.2.2"]


def test_no_chunk_is_longer_than_the_model_reads() -> None:
    model = MiniLM()
    text = "中文新闻" * 400 + " " + "ordinary words of a report " * 200 + "x" * 5000
    chunks = chunk_article(article(text), model)
    counts = model.count_tokens([text[c.start : c.end] for c in chunks])
    assert max(counts) <= model.chunk_tokens < MAX_TOKENS - MARKERS


@given(st.text())
def test_offsets_hold_for_any_text(text: str) -> None:
    for chunk in chunk_article(article(text), Words()):
        assert chunk.start == chunk.sentences[0].start
        assert chunk.end == chunk.sentences[-1].end
        assert text[chunk.start : chunk.end].strip() == text[chunk.start : chunk.end]
