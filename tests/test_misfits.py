"""In which ways a sentence, or the words read in it, does not fit the question."""

import numpy as np
import pytest

import index.article
from rag.model_reader import LONE, MISFITS, NONE, SIGNALS, Read, could_answer, lone, misfits
from rag.read import Judged, Unit
from rag.reader_model import Span, settings
from rag.retrieve import Query
from rag.understand import understand
from tests.test_shorten import seen


def named(question: str, sentence: str, words: str) -> list[str]:
    wanted, view = seen(question, sentence)
    query = Query(understand(question), question, tuple(wanted), np.zeros(384, np.float32), None)
    start = sentence.index(words)
    found = misfits(query, view, Span(start, start + len(words), 0.0))
    return [name for name, unfit in zip(MISFITS, found, strict=True) if unfit]


@pytest.mark.parametrize(
    ("question", "sentence", "words", "misfit"),
    [
        ("How many people came?", "About 30 people came.", "30", []),
        ("When did the fair close?", "It closed when the rain came.", "rain", []),
        ("Who opened the fair?", "The fair was opened by Ann Lee.", "Ann Lee", []),
        ("Who opened the fair?", "The fair was opened in great heat.", "heat", ["no_name"]),
        ("What cancer does Lee have?", "Lee fell ill with cancer in May.", "cancer", ["restated"]),
        ("Is it cancer or gout?", "Lee fell ill with cancer in May.", "cancer", []),
        ("Who met Ann Lee?", "Ann Lee met Bo Ek in the harbour.", "harbour", ["beside"]),
    ],
)
def test_what_does_not_fit_is_told(question, sentence, words, misfit):
    assert named(question, sentence, words) == misfit


@pytest.mark.parametrize(
    ("question", "sentence", "could"),
    [
        ("How many people came?", "Nearly everybody came to the fair.", False),
        ("How many people came?", "The fair costs $4.99 a day.", False),
        ("How many people came?", "He was 68.", True),
        ("How much did they promise?", "They promised visitors $4.99.", True),
        ("What was the price of a cake?", "The cakes were sold by 3 p.m.", False),
        ("On what day did it close?", "It closed when the rain came.", False),
        ("When did it close?", "It closed when the rain came.", True),
        ("Who opened the fair?", "The fair was opened in great heat.", True),
        ("Who opened the fair?", "Ann Lee", False),
        ("Who opened the fair?", "Ann Lee did.", True),
    ],
)
def test_where_a_figure_or_a_day_is_asked_for_only_a_sentence_with_one_could_answer(
    question: str, sentence: str, could: bool
) -> None:
    wanted, view = seen(question, sentence)
    query = Query(understand(question), question, tuple(wanted), np.zeros(384, np.float32), None)
    assert could_answer(query, view) is could


def test_nothing_that_does_not_fit_speaks_for_an_answer():
    assert min(settings()["answers"][name] for name in SIGNALS) >= 0


def test_what_is_found_later_is_less_sure_than_the_same_words_found_first():
    question, sentence = "Who opened the fair?", "The fair was opened by Ann Lee."
    _, view = seen(question, sentence)
    whole = index.article.Span(0, len(sentence))
    judged = Judged(Unit(0, whole), whole, view, 0.0, 0.0)
    fits = (0.0,) * (len(SIGNALS) - 3)
    first, late = (
        Read(judged, Span(0, 3, 1.0), (1.0, 0.5, *fits, -float(place)), 0.0) for place in (0, 5)
    )
    assert late.odds < first.odds


@pytest.mark.parametrize(
    ("sentence", "taken"),
    [
        ("It was opened once before that summer.", NONE),
        ("It was opened on June 20 by the mayor.", LONE),
        ("It was opened on June 20 and on July 30.", 0.0),
    ],
)
def test_where_days_are_asked_for_what_names_several_goes_before_one_and_one_before_none(
    sentence: str, taken: float
) -> None:
    question = "On which days was the road opened?"
    wanted, view = seen(question, sentence)
    query = Query(understand(question), question, tuple(wanted), np.zeros(384, np.float32), None)
    assert lone(query, view) == taken
