"""The articles that the reader learns from: what is asked stands in them, and some are held out."""

import json
import random
from pathlib import Path

import pytest

from training.reader import written as module
from training.reader.data import NEITHER, SUPPORTED
from training.reader.written import by_title, examples, written

TEXT = (
    "LOME, Togo — Ama Kossi took over the port on Monday from Yao Mensah, who had run it for six "
    "years.\n\nShe named no deputy. The port lost 3 million euros last year."
)


def _row(title: str) -> dict:
    return {
        "title": title,
        "text": TEXT,
        "answered": [{"q": "Who heads the port of Lome?", "a": "Ama Kossi"}],
        "unanswered": [{"q": "Who is deputy head of the port of Lome?", "lure": "Yao Mensah"}],
        "claims": [
            {"c": "The port has a new head.", "is": "supported", "at": "Ama Kossi took over"},
            {"c": "The port will be sold.", "is": "unsaid", "at": "The port lost"},
        ],
    }


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module, "ARTICLES", tmp_path)
    for name, many in (("business", 8), ("organisations", 24)):
        rows = [json.dumps(_row(f"{name} {number}")) for number in range(many)]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path


def test_one_story_in_eight_is_held_out_with_all_its_tellings(folder):
    learnt, held = written(held=False), written(held=True)
    assert {one.title for one in held} == {
        "business 7",
        *(f"organisations {n}" for n in (21, 22, 23)),
    }
    assert not {one.story for one in learnt} & {one.story for one in held}
    assert len(learnt) + len(held) == 32


def test_an_answered_question_teaches_its_words_and_a_lure_teaches_that_nothing_answers(folder):
    found = [one for one in examples(written(held=False), random.Random(1)) if one.reads]
    heads = [one for one in found if one.asked.startswith("Who heads")]
    assert {one.passage[slice(*one.span)] for one in heads if one.span} == {"Ama Kossi"}
    assert all(one.answers is (one.span is not None) for one in heads)
    deputies = [one for one in found if one.asked.startswith("Who is deputy")]
    assert deputies
    assert {(one.answers, one.span) for one in deputies} == {(False, None)}
    assert any("Yao Mensah" in one.passage for one in deputies)


def test_claims_stand_beside_the_words_that_decide_them(folder):
    found = [one for one in examples(written(held=True), random.Random(1)) if not one.reads]
    assert {(one.asked, one.relation) for one in found} == {
        ("The port has a new head.", SUPPORTED),
        ("The port will be sold.", NEITHER),
    }
    assert all("Ama Kossi took over" in one.passage for one in found if one.relation == SUPPORTED)


def test_words_that_are_not_in_their_article_are_an_error(folder):
    row = _row("wrong")
    row["answered"][0]["a"] = "Ama Kosi"
    (folder / "business.jsonl").write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(ValueError, match="substring not found"):
        written(held=False)


def test_every_title_of_the_published_articles_is_used_once():
    articles = [*written(held=False), *written(held=True)]
    assert len(by_title(articles)) == len(articles)
