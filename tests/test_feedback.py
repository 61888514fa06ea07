"""What readers think stays in the collection's folder and becomes gold questions."""

import json
from dataclasses import replace
from datetime import date

import pytest

from index.errors import HomeError
from rag.evaluation.gold import read_gold
from tests.hostile import HOSTILE
from tests.test_render import ANSWER, REFUSED
from ui import feedback
from ui.turns import Choices, Turn

GOOD = Turn(ANSWER, Choices(), date(2024, 5, 1), "up", "one")


def lines(home):
    return [json.loads(line) for line in (home / feedback.FILE).read_text("utf-8").splitlines()]


def test_a_rating_is_kept_with_the_whole_answer_and_its_limits(tmp_path):
    turn = replace(GOOD, choices=Choices(("Harbour Wire",)))
    feedback.record(tmp_path, turn, "  The number\x1b[31m is right. ")
    (kept,) = lines(tmp_path)
    assert (kept["id"], kept["rating"]) == ("one", "up")
    assert kept["note"] == "The number·[31m is right."
    assert kept["filters"]["publishers"] == ["Harbour Wire"]
    assert kept["answer"] == ANSWER.to_dict()


def test_good_answers_become_gold_that_an_evaluation_reads(tmp_path):
    feedback.record(tmp_path, GOOD)
    feedback.record(tmp_path, replace(GOOD, answer=REFUSED, identity="two"))
    feedback.record(tmp_path, replace(GOOD, rating="down", identity="three"))
    file = tmp_path / "gold.jsonl"
    file.write_text(feedback.gold(tmp_path), "utf-8")
    gold = read_gold(file)
    assert gold.problems == ()
    assert [(item.id, item.question, item.answers) for item in gold.items] == [
        ("feedback-one", "How many?", ("at least 20,000",)),
        ("feedback-two", "How many?", ()),
    ]
    told = [(each.article, each.quote) for each in gold.items[0].evidence]
    assert told == [("wire/1", "at least 20,000 fighters"), ("courier", "20,000 are there")]


def test_a_completed_question_becomes_gold_as_it_was_answered(tmp_path):
    answer = replace(ANSWER, question="And there?", standalone="How many are in Libya?")
    feedback.record(tmp_path, replace(GOOD, answer=answer))
    assert json.loads(feedback.gold(tmp_path))["question"] == "How many are in Libya?"


def test_a_later_rating_of_the_same_answer_replaces_the_earlier(tmp_path):
    feedback.record(tmp_path, GOOD)
    feedback.record(tmp_path, replace(GOOD, rating="down"), "No.")
    assert len(lines(tmp_path)) == 2
    assert feedback.gold(tmp_path) == ""


def test_no_feedback_is_no_gold_and_a_line_cut_off_loses_nothing_else(tmp_path):
    assert feedback.gold(tmp_path) == ""
    feedback.record(tmp_path, GOOD)
    with (tmp_path / feedback.FILE).open("a") as file:
        file.write('{"id": "cut')
    assert json.loads(feedback.gold(tmp_path))["id"] == "feedback-one"


def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path):
    (tmp_path / feedback.FILE).mkdir()
    with pytest.raises(HomeError, match=r"cannot be kept .*: make the folder writable"):
        feedback.record(tmp_path, GOOD)
    with pytest.raises(HomeError, match="cannot be read"):
        feedback.gold(tmp_path)


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words_in_one_line_each(tmp_path, words):
    feedback.record(tmp_path, replace(GOOD, answer=replace(ANSWER, question=words)), words)
    feedback.record(tmp_path, replace(GOOD, identity="two"))
    assert [one["id"] for one in lines(tmp_path)] == ["one", "two"]
    assert len(feedback.gold(tmp_path).split("\n")) == 3
