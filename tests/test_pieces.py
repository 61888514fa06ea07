"""A model's stream as sentences, whatever the pieces it comes in; citation marks of every kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.writing.marks import parted, without_open_mark
from rag.writing.pieces import SentenceBuffer

TOLD = (
    "Here it is:\n- **The U.S. Andersen plan cost 5 million** [1].\n"
    "1. In the U.S. the Senate met. [2] [3] It left.[4]\n\n"
    "<think>Hm. Who knows?</think>Dr. Lee said “We won.” [5]\nSources:\n[1] A title. [2] Another."
)
SENTENCES = [
    "Here it is:",
    "The U.S. Andersen plan cost 5 million [1].",
    "In the U.S. the Senate met [2] [3].",
    "It left[4].",
    "Dr. Lee said “We won [5].”",
]


def in_pieces(text, sizes):
    buffer, found = SentenceBuffer(), []
    place = turn = 0
    while place < len(text):
        size = sizes[turn % len(sizes)]
        found += buffer.feed(text[place : place + size])
        place, turn = place + size, turn + 1
    return found + buffer.finish()


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8))
def test_the_sentences_do_not_depend_on_the_pieces(sizes):
    assert in_pieces(TOLD, sizes) == SENTENCES


@given(st.text(alphabet="aB1 .!?[]\n*<>-【】\u202e\x00", max_size=60), st.integers(1, 9))
def test_any_text_can_be_cut_and_no_draft_shows_a_mark(text, size):
    buffer = SentenceBuffer()
    for start in range(0, len(text), size):
        for sentence in buffer.feed(text[start : start + size]):
            assert sentence.strip()
        assert parted(buffer.draft)[1] == ()
        assert "\u202e" not in buffer.draft
        assert "\x00" not in buffer.draft


def test_a_sentence_is_given_as_soon_as_the_next_begins():
    buffer = SentenceBuffer()
    assert buffer.feed("One is done. [1] Two") == []
    assert buffer.feed(" begins") == ["One is done [1]."]
    assert buffer.draft == "Two begins"


@pytest.mark.parametrize(
    ("sentence", "bare", "numbers"),
    [
        ("It rained [1].", "It rained.", (1,)),
        ("It rained [1][2].", "It rained.", (1, 2)),
        ("It rained [1, 2].", "It rained.", (1, 2)),
        ("It rained [1], [2].", "It rained.", (1, 2)),
        ("It rained [2-4; 7].", "It rained.", (2, 3, 4, 7)),
        ("It rained [Passage 3 and 5].", "It rained.", (3, 5)),
        ("It rained【2†source】.", "It rained.", (2,)),
        ("It [1] rained [1].", "It rained.", (1,)),
        ("It rained [sic] in [May].", "It rained [sic] in [May].", ()),
        ("It rained [9999-1].", "It rained.", (9999, 1)),
        ("It rained [1-9999].", "It rained.", (1, 9999)),
    ],
)
def test_marks_are_parted_from_the_words(sentence, bare, numbers):
    assert parted(sentence) == (bare, numbers)


@pytest.mark.parametrize("open_mark", [" [", " [1", " [1, 2", "[Passage", "【2†"])
def test_a_mark_that_is_not_finished_is_held_back(open_mark):
    assert without_open_mark(f"It rained{open_mark}") == "It rained"
