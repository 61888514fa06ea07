"""Words, names and sentences as the index and the reader see them."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.names import skeleton
from index.sentences import LONGEST, split_sentences
from index.words import fold, terms, tokens


def sentences(text: str) -> list[str]:
    return [text[s.start : s.end] for s in split_sentences(text)]


@pytest.mark.parametrize(
    ("written", "folded"),
    [("U.N.", "un"), ("Libya’s", "libya"), ("20,000", "20000"), ("Café", "cafe"), ("5+5", "5+5")],
)
def test_spellings_of_one_word_fold_into_one(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_hyphenated_words_meet_their_joined_form() -> None:
    assert set(terms("ceasefire")) <= set(terms("cease-fire"))


def test_tokens_know_where_they_stand() -> None:
    text = "Haftar’s 20,000 men"
    assert [text[t.start : t.end] for t in tokens(text)] == ["Haftar’s", "20,000", "men"]


@given(st.text())
def test_token_offsets_hold_for_any_text(text: str) -> None:
    for token in tokens(text):
        assert fold(text[token.start : token.end].replace("-", ""))[:5] == token.word[:5]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Haftar", "Hifter"),
        ("Gadhafi", "Qaddafi"),
        ("Gaddafi", "Khadafy"),
        ("Wagner", "Vagner"),
        ("Mohammed", "Mohamed"),
        ("Dbeibah", "Dbeiba"),
        ("Sarraj", "Serraj"),
        ("Zelensky", "Zelenskyy"),
    ],
)
def test_transliterations_of_a_name_share_their_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("Iran", "Iraq"), ("Lavrov", "Larov"), ("Omar", "Mari")]
)
def test_other_names_have_other_skeletons(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@pytest.mark.parametrize(
    "text",
    [
        "Gen. Haftar met U.S. Secretary of State J. Kerry on Jan. 5 in Rome.",
        "The U.N. estimated that 20,000 men stayed.",
        "He paid $1.5 million, i.e. too much, to Dr. Smith.",
        "“That is a shocking violation ... a blatant one,” she said.",
    ],
)
def test_abbreviations_do_not_end_a_sentence(text: str) -> None:
    assert sentences(text) == [text]


def test_sentences_end_at_stops_questions_quotes_and_line_breaks() -> None:
    text = 'He left the U.S. The talks failed. "Why?" she asked. "No idea."\nA heading\n\nMore.'
    assert sentences(text) == [
        "He left the U.S.",
        "The talks failed.",
        '"Why?" she asked.',
        '"No idea."',
        "A heading",
        "More.",
    ]


def test_a_run_without_a_stop_is_cut_at_spaces() -> None:
    text = "word " * 1000
    assert all(len(s) <= LONGEST and s.startswith("word") for s in sentences(text))
    assert " ".join(sentences(text)) == text.strip()


@given(st.text())
def test_sentences_hold_every_visible_character_once(text: str) -> None:
    spans = split_sentences(text)
    assert all(one.end <= two.start for one, two in itertools.pairwise(spans))
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
