"""Evaluations from the page: run, stopped, compared, kept in the home, and safe to show."""

import json
import re
from threading import Event, Thread

import pytest

import rag
from index.errors import ServerBusy, UsageError
from rag.evaluate import evaluate
from tests.fake_embedding import WordEmbedding
from tests.hostile import HOSTILE
from ui.evaluating import Asking, Evaluating
from ui.evaluation_html import asking_html, form_html, run_html, runs_html
from ui.evaluation_runs import (
    Kept,
    gold_files,
    keep_gold,
    keep_run,
    kept_runs,
    results_of,
    run_file,
)

GOLD = [
    {"id": "a", "question": "How many containers fell into the sea?", "answers": ["412"]},
    {"id": "b", "question": "Who won the chess final?", "answers": []},
    {"id": "c", "question": "How many ships sank in Port Vale?", "answers": ["three"]},
]


@pytest.fixture
def engine(tmp_path):
    file = tmp_path / "harbour.txt"
    file.write_text("Port Vale closed. 412 containers fell into the sea on Monday.")
    with rag.connect(tmp_path / "home", embedding=WordEmbedding(), reader="features") as opened:
        opened.ingest([file])
        yield opened


@pytest.fixture
def gold(engine, tmp_path):
    file = tmp_path / "mine.jsonl"
    file.write_text("\n".join(json.dumps({**each, "evidence": []}) for each in GOLD))
    return keep_gold(engine.home, file)


def test_a_run_asks_every_question_and_is_kept(engine, gold):
    *asked, kept = Evaluating(engine).run(gold, "", "ann")
    assert all(isinstance(each, Asking) for each in asked)
    assert kept_runs(engine.home) == [kept]
    assert (kept.gold, kept.llm) == ("mine.jsonl", "quotes")
    results = results_of(engine.home, kept.name)
    assert [each["id"] for each in results["results"]] == ["a", "b", "c"]
    assert run_file(engine.home, kept.name, "report.html").read_text().startswith("<!doctype html>")
    assert not list((engine.home / "evaluations").glob("*.jsonl"))


def test_a_later_run_is_compared_with_an_earlier_one(engine, gold, monkeypatch):
    *_, first = Evaluating(engine).run(gold, "", "ann")
    *_, second = Evaluating(engine).run(gold, first.name, "ann")
    assert results_of(engine.home, second.name)["comparison"]["shared"] == 3


def test_runs_of_one_second_are_all_kept_and_told_apart(engine, gold):
    evaluation = evaluate(engine, gold_files(engine.home)[gold])
    runs = [keep_run(engine.home, evaluation, None, None) for _ in range(3)]
    assert [run.name[15:] for run in runs] == ["", "-02", "-03"]
    assert kept_runs(engine.home) == runs[::-1]
    assert all(results_of(engine.home, run.name)["questions"] == 3 for run in runs)
    names = re.findall(r"<th[^>]*>([^<]*)</th>", runs_html(runs))
    assert [re.sub(r".*UTC", "", name) for name in names] == [
        ", quotes",
        " (2), quotes",
        " (3), quotes",
    ]


def test_a_run_that_is_stopped_goes_on_where_it_was(engine, gold):
    evaluating = Evaluating(engine)
    asked = []
    ask, engine.ask = engine.ask, lambda question: told(question)

    def told(question):
        asked.append(question)
        if len(asked) == 2:
            evaluating.stop("somebody else")
            evaluating.stop("ann")
        return ask(question)

    with pytest.raises(UsageError, match="Stopped after 2 questions"):
        list(evaluating.run(gold, "", "ann"))
    assert kept_runs(engine.home) == []
    *_, kept = evaluating.run(gold, "", "ann")
    assert len(asked) == 3
    assert len(results_of(engine.home, kept.name)["results"]) == 3


def test_one_run_at_a_time(engine, gold):
    evaluating = Evaluating(engine)
    begun, go_on, ask = Event(), Event(), engine.ask

    def slow(question):
        begun.set()
        assert go_on.wait(30)
        return ask(question)

    engine.ask = slow
    first = Thread(target=lambda: list(evaluating.run(gold, "", "ann")))
    first.start()
    assert begun.wait(30)
    with pytest.raises(ServerBusy, match="Another evaluation is under way"):
        list(evaluating.run(gold, "", "bob"))
    go_on.set()
    first.join()
    (kept,) = kept_runs(engine.home)
    assert kept.gold == gold


def test_what_cannot_be_run_is_one_line_and_the_next_run_can_start(engine, gold, tmp_path):
    evaluating = Evaluating(engine)
    for chosen, earlier, problem in (
        ("", "", "Choose a gold file first"),
        ("../../etc/passwd", "", "Choose a gold file first"),
        (gold, "20200101-000000", "not there any more"),
        (gold, "../../..", "not there any more"),
    ):
        with pytest.raises(UsageError, match=problem):
            list(evaluating.run(chosen, earlier, "ann"))
    other = rag.connect(tmp_path / "empty", embedding=WordEmbedding(), reader="features")
    with other:
        keep_gold(other.home, engine.home / "evaluations" / "gold" / gold)
        with pytest.raises(UsageError, match="no articles"):
            list(Evaluating(other).run(gold, "", "ann"))
    *_, kept = evaluating.run(gold, "", "ann")
    assert isinstance(kept, Kept)


def test_what_is_no_gold_file_is_not_kept(engine, tmp_path):
    file = tmp_path / "bad.jsonl"
    file.write_text("not json")
    with pytest.raises(UsageError):
        keep_gold(engine.home, file)
    assert "bad.jsonl" not in gold_files(engine.home)


@pytest.mark.parametrize(
    ("run", "name"),
    [
        ("..", "report.html"),
        ("20261122-063953", "../about.json"),
        ("20261122-063953", "about.json"),
        ("20261122-063953", "report.html"),
    ],
)
def test_only_reports_of_runs_that_are_there_are_files(tmp_path, run, name):
    assert run_file(tmp_path, run, name) is None


def test_hostile_words_in_a_run_are_inert():
    for words in HOSTILE:
        kept = Kept("20261122-063953", words, words, words)
        cited = {"article": words, "start": 0, "end": 3, "source": words, "quote": words}
        failed = {
            "question": words,
            "verdict": words,
            "answers": [words],
            "error": None,
            "text": words,
            "citations": [cited],
        }
        html = run_html(kept, {"results": [failed]}) + runs_html([kept])
        html += form_html([words], [kept]) + asking_html(Asking(1, 2, words))
        assert set(re.findall(r"<([a-z0-9]+)", html)) <= set(
            "section h3 h4 p a iframe ul li strong table tbody tr th td button div progress form "
            "label select option".split()
        ), words
        assert set(re.findall(r'(?:href|src)="(/\w+/)', html)) == {"/article/", "/evaluation/"}
        assert not re.search(r'(?:href|src)="(?!/(?:article|evaluation)/)', html), words
        assert re.findall(r'sandbox="([^"]*)"', html) == [""]
