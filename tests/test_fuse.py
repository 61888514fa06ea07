"""Signals become one ranking."""

from datetime import date

from rag.fuse import fuse, min_max, of_best
from rag.recency import asks_of_the_past, recency


def test_signals_add_up_by_their_weights() -> None:
    ranked = fuse([({"a": 1.0, "b": 0.5}, 0.5), ({"b": 1.0, "c": 0.5}, 0.25)])
    assert ranked == [("a", 0.5), ("b", 0.5), ("c", 0.125)]


def test_the_weight_decides_between_two_signals() -> None:
    left, right = {"a": 1.0, "b": 0.0}, {"b": 1.0, "a": 0.0}
    assert fuse([(left, 0.9), (right, 0.1)])[0][0] == "a"
    assert fuse([(left, 0.1), (right, 0.9)])[0][0] == "b"


def test_ties_are_broken_by_the_id() -> None:
    assert [key for key, _ in fuse([({"b": 1.0, "a": 1.0}, 0.5)])] == ["a", "b"]


def test_scores_that_do_not_differ_are_all_best() -> None:
    assert min_max({"a": 3.0, "b": 3.0}) == {"a": 1.0, "b": 1.0}
    assert min_max({"a": -1.0, "b": 3.0, "c": 1.0}) == {"a": 0.0, "b": 1.0, "c": 0.5}
    assert min_max({}) == {}


def test_keyword_scores_are_shares_of_the_best() -> None:
    assert of_best({"a": 8.0, "b": 2.0, "c": 0.0}) == {"a": 1.0, "b": 0.25, "c": 0.0}
    assert of_best({"a": 0.0}) == of_best({}) == {}


def test_new_articles_are_preferred_less_and_less() -> None:
    today = date(2022, 6, 16)
    ages = [recency(day, today) for day in ("2022-06-16", "2022-06-15", "2022-06-02", "2021-06-16")]
    assert ages[0] == 1.0
    assert ages == sorted(ages, reverse=True)
    assert 0.36 < ages[2] < 0.37
    assert ages[3] < 1e-10


def test_what_is_undated_or_not_yet_published_is_not_preferred() -> None:
    assert recency(None, date(2022, 6, 16)) == recency("2022-06-17", date(2022, 6, 16)) == 0.0


def test_a_question_that_names_an_earlier_year_asks_of_the_past() -> None:
    today = date(2022, 6, 16)
    assert asks_of_the_past("Who won the 2019 election?", today)
    assert not asks_of_the_past("Who won the 2022 election?", today)
    assert not asks_of_the_past("How many rockets will fly in 2023?", today)
    assert not asks_of_the_past("Who resigned this week?", today)
    assert not asks_of_the_past("How many of the 20190 tons arrived?", today)
