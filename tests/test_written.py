"""The articles that the reader learns from: what is asked stands in them, and some are held out."""

import json
import random
from pathlib import Path

import pytest

from training.reader import written as module
from training.reader.collection import written_questions
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
    """Eight stories told once, and eight told by three articles each."""
    monkeypatch.setattr(module, "ARTICLES", tmp_path)
    once = [_row(f"business {number}") for number in range(8)]
    thrice = [
        {**_row(f"port {number} {telling}"), "story": f"port {number}"}
        for number in range(8)
        for telling in "abc"
    ]
    for name, rows in (("business", once), ("ports", thrice)):
        lines = [json.dumps(row) for row in rows]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def test_one_story_in_eight_is_held_out_with_all_its_tellings(folder):
    learnt, held = written(held=False), written(held=True)
    assert {one.title for one in held} == {"business 7", "port 7 a", "port 7 b", "port 7 c"}
    assert not {one.story for one in learnt} & {one.story for one in held}
    assert len(learnt) + len(held) == 32


def _beside(tellings: list[dict], folder: Path) -> set[str]:
    """What of a story's questions is put beside its other telling."""
    for path in folder.iterdir():
        path.unlink()
    lines = [json.dumps({**row, "story": "port"}) for row in tellings]
    (folder / "ports.jsonl").write_text("\n".join(lines), encoding="utf-8")
    draw, found = random.Random(1), []
    for _ in range(20):
        found += examples(written(held=False), draw)
    return {one.asked for one in found if one.reads and one.span is None and "Lagos" in one.passage}


def test_a_question_that_no_other_telling_answers_is_put_beside_them(folder):
    first, second = _row("first"), _row("second")
    second["text"] += "\n\nIn Lagos nobody heads the port of Lome or is its deputy."
    second["answered"], second["unanswered"] = [], []
    first["answered"][0]["only"] = True
    assert _beside([first, second], folder) == {"Who heads the port of Lome?"}
    first["unanswered"][0]["open"] = True
    assert _beside([first, second], folder) == {
        "Who heads the port of Lome?",
        "Who is deputy head of the port of Lome?",
    }


def test_the_confidence_is_fitted_on_questions_that_no_other_telling_answers(folder):
    first, second = _row("first"), _row("second")
    first["answered"][0]["only"] = True
    for path in folder.iterdir():
        path.unlink()
    lines = [json.dumps({**row, "story": "port"}) for row in (first, second)]
    (folder / "ports.jsonl").write_text("\n".join(lines), encoding="utf-8")
    asked = written_questions(written(held=False), 0.5)
    assert [(one.question, one.title) for one in asked] == [
        ("Who heads the port of Lome?", "first")
    ]


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
