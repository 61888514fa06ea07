"""The short answer in a sentence, and the day that a weekday is."""

import numpy as np
import pytest

from index.article import Span
from rag import reader_model
from rag.model_reader import short_answer
from rag.read import counts_named
from rag.retrieve import Query
from rag.shorten import Short, dated, nearest, shorten
from rag.spelling import Spelling
from rag.understand import understand
from rag.view import SentenceView, view_sentences
from rag.weigh import Wanted, weigh


def seen(question: str, sentence: str) -> tuple[list[Wanted], SentenceView]:
    asked = understand(question)
    wanted = weigh(asked, 1, lambda _: {}, Spelling({}, {}, question))
    (view,) = view_sentences(asked, wanted, sentence, [Span(0, len(sentence))])
    return wanted, view


def short(question: str, sentence: str) -> str | None:
    wanted, view = seen(question, sentence)
    found = shorten(understand(question), wanted, view)
    return found and found.text


COUNTED = (
    "The institute broke the total down:\n- 12,000 Syrians, most of them hired\n- 3,000 Sudanese, "
    "mainly from Darfur\n- 800 Chadians"
)


def test_of_the_figures_of_a_list_the_one_that_counts_what_was_asked_is_nearest() -> None:
    for people, figure in (("Syrian", "12,000"), ("Sudanese", "3,000"), ("Chadian", "800")):
        question = f"How many {people} fighters did the institute count?"
        wanted, view = seen(question, COUNTED)
        found = nearest(view.answers, view, understand(question), wanted)
        assert view.text[found.start : found.end] == figure


def test_two_enumerations_in_one_sentence_give_no_short_answer() -> None:
    backed = "His campaign was backed by Egypt, Russia and France"
    question = "Which countries supported him?"
    assert short(question, f"{backed}.") == "Egypt, Russia and France"
    rivals = f"{backed}, while his rivals had the support of Turkey, Qatar and Italy."
    assert short(question, rivals) is None


@pytest.mark.parametrize(
    ("question", "sentence", "names"),
    [
        (
            "Name the two rivals.",
            "They were Ada Boll, a baker since youth, and her neighbour Jon Reed.",
            "Ada Boll, Jon Reed",
        ),
        (
            "Name the three members.",
            "They are three:\n- Ada Boll, from the east\n- Jon Reed, who leads\n- Ivo Lang",
            "Ada Boll, Jon Reed, Ivo Lang",
        ),
        ("Name the two rivals.", "Ada Boll wrote to Jon Reed.", "Ada Boll"),
        (
            "On which two days did it end?",
            "In December, it was said to end on January 21.",
            "January 21",
        ),
    ],
)
def test_as_many_names_as_are_asked_for_are_the_list_where_they_are_listed(
    question: str, sentence: str, names: str
) -> None:
    assert short(question, sentence) == names


def test_all_days_of_an_enumeration_are_the_answer() -> None:
    assert short("On what days will she sing?", "She sings on July 1 and 2.") == "July 1 and 2"


@pytest.mark.parametrize(
    ("question", "sentence", "held"),
    [
        ("How many members does it have?", "The 400-year-old academy wrote a letter.", []),
        ("How many years did it last?", "It lasted 30 years.", ["30 years"]),
        ("How many men came?", "About 30 came.", ["About 30"]),
        ("How old was she?", "She was 68.", ["68"]),
        ("How long was it?", "Of 68 boats one was 12 metres long.", ["12 metres"]),
        ("What prize money did he get?", "He was first of 58 and got $500.", ["$500"]),
        ("How much time did they have?", "All 12 had three months.", ["three months"]),
    ],
)
def test_a_figure_answers_only_where_its_unit_is_asked_for(
    question: str, sentence: str, held: list[str]
) -> None:
    _, view = seen(question, sentence)
    assert [sentence[one.start : one.end] for one in view.answers] == held


@pytest.mark.parametrize(
    ("words", "said", "published", "expected"),
    [
        ("Friday", "They signed on Friday.", "2021-10-08", "October 8, 2021"),
        ("Friday", "They signed on Friday.", "2021-10-11", "October 8, 2021"),
        ("yesterday", "They signed yesterday.", "2021-03-01", "February 28, 2021"),
        ("Friday", "They will sign on Friday.", "2021-10-06", None),
        ("Friday", "Signed by both on Friday.", "2021-10-11", "October 8, 2021"),
        ("Friday", "They must leave by Friday.", "2021-10-11", None),
        ("Friday", "They signed on Friday.", None, None),
        ("Friday", "They signed on Friday.", "unknown", None),
        ("October 8", "They signed on October 8.", "2021-10-11", None),
        ("2021", "They signed in 2021.", "2021-10-11", None),
    ],
)
def test_a_weekday_is_told_as_the_day_that_it_is_by_the_articles_date(
    words: str, said: str, published: str | None, expected: str | None
) -> None:
    found = dated(Short(words, words.casefold()), said, published)
    if expected is None:
        assert found == Short(words, words.casefold())
    else:
        assert found.text == words
        assert found.told == f"{words} ({expected}, by the article's date)"
        assert set(found.key.split()) == set(expected.replace(",", "").casefold().split())


def read(question: str, sentence: str, said: str) -> str | None:
    """The short answer where the reader's words are `said`."""
    wanted, view = seen(question, sentence)
    query = Query(understand(question), question, tuple(wanted), np.zeros(1), None)
    start = sentence.index(said)
    found = short_answer(query, view, reader_model.Span(start, start + len(said), 1.0))
    return found and found.text


def test_a_title_of_the_person_asked_about_is_not_the_answer() -> None:
    sentence = (
        "Stephanie Williams, envoy to Libya, met with Foreign Minister Sergei Lavrov in Moscow."
    )
    for said in ("Foreign Minister", "Foreign Minister Sergei", "Stephanie Williams"):
        assert read("Who met Lavrov in Moscow?", sentence, said) == "Stephanie Williams"


def test_words_of_one_of_two_lists_are_no_short_answer() -> None:
    sentence = "Egypt, Russia and France backed him, Turkey, Qatar and Italy his rivals."
    assert read("Which countries backed him?", sentence, "Turkey, Qatar and Italy") is None


def test_a_day_is_asked_for_so_words_beside_it_are_not_the_answer() -> None:
    sentence = "They signed on October 8, at the end of a three-day meeting."
    assert read("When did they sign?", sentence, "three") == "October 8"


@pytest.mark.parametrize(
    ("sentence", "counted"),
    [
        ("Turkey brought in equipment and thousands of men from Syria.", False),
        ("Turkey brought in thousands of soldiers.", True),
        ("About 300 Turkish soldiers and 2,000 men from Syria are there.", True),
        ("Turkey sent 300 soldiers to Libya, where they train Libyan recruits.", True),
        ("There are 300 Syrian soldiers in Turkish pay.", False),
    ],
)
def test_a_figure_of_another_people_does_not_count_the_one_asked_for(
    sentence: str, counted: bool
) -> None:
    question = "How many Turkish soldiers are there?"
    wanted, view = seen(question, sentence)
    query = Query(understand(question), question, tuple(wanted), np.zeros(1), None)
    assert counts_named(query, view) is counted
