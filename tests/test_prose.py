"""What the trained reader is given to read."""

from hypothesis import given
from hypothesis import strategies as st

from index.article import Span
from rag.prose import as_prose
from rag.read import Unit, with_antecedents


def test_a_list_is_read_as_a_sentence_of_the_same_length():
    listed = "They came from:\n\n- Syria\n- Sudan, in the east\n2. Chad"
    assert as_prose(listed) == "They came from:    Syria;  Sudan, in the east;   Chad"


def test_a_dash_within_a_line_and_a_new_paragraph_stay():
    text = "It rained - all day.\n\nThen it stopped - at last."
    assert as_prose(text) == text


@given(st.text(alphabet="a1.-*•\n :;"))
def test_offsets_stay_as_they_are(text):
    assert len(as_prose(text)) == len(text)


def units(text: str) -> list[Unit]:
    starts = [0, *(place + 2 for place in range(len(text)) if text[place : place + 2] == ". ")]
    ends = [start - 1 for start in starts[1:]] + [len(text)]
    return [Unit(n, Span(*ends)) for n, ends in enumerate(zip(starts, ends, strict=True))]


def test_a_sentence_that_refers_back_is_also_read_with_the_one_before():
    text = "Ann Lee is the envoy. She takes over from Bo Ek. It is quiet. The port is shut."
    joined = [text[u.span.start : u.span.end] for u in with_antecedents(text, units(text))[4:]]
    assert joined == ["Ann Lee is the envoy. She takes over from Bo Ek."]


def test_a_sentence_of_another_paragraph_or_far_too_long_is_not_joined():
    for text in ("Ann Lee spoke.\n\nShe left.", f"Ann Lee spoke {'long ' * 90}. She left."):
        first = text.index(".") + 1
        spans = [Span(0, first), Span(text.index("She"), len(text))]
        apart = [Unit(0, spans[0]), Unit(1, spans[1])]
        assert with_antecedents(text, apart) == apart
