"""A question with its filters and settings as an address, and back."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Filters
from tests.hostile import HOSTILE
from ui import text
from ui.turns import Choices, address, from_address

CHOSEN = Choices(("Harbour Wire", "A & B"), "2020-12-01", "2021-01-31", True, True, 5)


def told_by(shared):
    return from_address(parse_qsl(urlsplit(shared).query, keep_blank_values=True))


def test_an_address_holds_the_question_the_filters_and_the_settings():
    assert address("How many?", CHOSEN) == (
        "/?q=How+many%3F&outlet=Harbour+Wire&outlet=A+%26+B&from=2020-12-01&to=2021-01-31"
        "&quoting=1&strict=1&passages=5"
    )
    assert told_by(address("How many?", CHOSEN)) == ("How many?", CHOSEN)


def test_what_is_not_chosen_does_not_stand_in_the_address():
    assert address("", Choices()) == "/"
    assert address("Who?", Choices()) == "/?q=Who%3F"
    assert told_by("/") == ("", Choices())


@given(st.text(max_size=300))
def test_any_question_comes_back_from_its_address(question):
    assert told_by(address(question, Choices()))[0] == text.line(question)


@pytest.mark.parametrize("words", HOSTILE)
def test_an_address_stays_one_address_whatever_it_holds(words):
    shared = address(words, Choices((words,)))
    assert shared.isascii()
    assert not set(shared) & set(" \"'<>\\`")
    question, chosen = told_by(shared)
    assert question == text.line(words)
    assert chosen.publishers in ((text.line(words),), ())


@pytest.mark.parametrize(
    "query",
    ["from=yesterday&to=2020-13-01", "passages=many", "passages=-1", "strict=yes&quoting=", "x=1"],
)
def test_what_makes_no_sense_in_an_address_is_left_out(query):
    assert told_by(f"/?{query}") == ("", Choices())


@pytest.mark.parametrize(("asked", "taken"), [("1", 3), ("3", 3), ("20", 20), ("9999", 20)])
def test_the_number_of_passages_stays_within_its_bounds(asked, taken):
    assert told_by(f"/?passages={asked}")[1].passages == taken


def test_choices_become_the_limits_of_the_engine():
    assert CHOSEN.filters == Filters(("Harbour Wire", "A & B"), "2020-12-01", "2021-01-31")
    assert Choices(published_from=" ").filters == Filters()
