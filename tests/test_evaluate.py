"""The evaluation: figures over scripted answers worked out by hand, then the real thing."""

import json
import math
import re
from dataclasses import replace

import pytest

from index.errors import UsageError
from rag.evaluate import SPECS, compare, evaluate, read_earlier
from rag.llms.usage import Usage
from tests.conftest import ROOT
from tests.evaluating import eval_command, gold_file
from tests.fake_engine import FakeEngine
from tests.scripted_engine import Line, ScriptedEngine

ARTICLES = {
    "a": "The Elbe flows through Dresden. Hamburg has a port.",
    "b": "Bonn lies on the Rhine. Ann Weber is the mayor of Bonn.",
}
ELBE, RHINE = ("a", "The Elbe flows through Dresden."), ("b", "Bonn lies on the Rhine.")
MAYOR, PORT = ("b", "Ann Weber is the mayor of Bonn."), ("a", "Hamburg has a port.")


def question(identity, kind, words, answers, *evidence, all_answers=False):
    return {
        "id": identity,
        "kind": kind,
        "question": words,
        "answers": answers,
        "all_answers": all_answers,
        "evidence": [{"article": f"{one}.txt", "quote": quote} for one, quote in evidence],
    }


GOLD = [
    question("river", "place", "Which river is in Dresden?", ["Elbe"], ("a", "The Elbe flows")),
    question("mayor", "person", "Who is mayor?", ["Ann Weber"], ("b", "Ann Weber is")),
    question(
        "rivers",
        "list",
        "Which rivers?",
        ["Elbe", "Rhine"],
        ("a", "The Elbe"),
        ("b", "the Rhine"),
        all_answers=True,
    ),
    question("cup", "unanswerable", "Who won the cup?", []),
    question("ships", "unanswerable", "How many ships?", []),
    question("port", "place", "Which city has a port?", ["Hamburg"], ("a", "Hamburg has")),
]


def script():
    return {
        "Which river is in Dresden?": Line(
            "“The Elbe flows through Dresden.” [1]", "the Elbe", [ELBE, RHINE], 1, 0.9, 0.1
        ),
        "Who is mayor?": Line(f"“{RHINE[1]}” [1]", "Bonn", [RHINE, MAYOR], 1, 0.6, 0.2),
        "Which rivers?": Line(f"“{ELBE[1]}” [1]", None, [ELBE], 1, 0.5, 0.3),
        "Who won the cup?": Line("", None, [RHINE], 0, 0.1, 0.4),
        "How many ships?": Line(f"“{PORT[1]}” [1]", "a", [PORT], 1, 0.4, 0.5),
        "Which city has a port?": Line("", None, [], 0, 0.2, 0.6),
    }


@pytest.fixture
def engine():
    return ScriptedEngine(ARTICLES, script())


@pytest.fixture
def gold(tmp_path):
    return gold_file(tmp_path, GOLD)


def values(evaluation):
    return {name: (figure.value, figure.n) for name, figure in evaluation.figures.items()}


def test_every_figure_is_what_the_answers_make_it(engine, gold):
    second = 1 / math.log2(3)  # the discount of rank 2
    expected = {
        "correct": (2 / 6, 6),
        "answer": (1 / 4, 4),
        "all_answers": (1 / 2, 1),
        "em": (2 / 5, 5),
        "f1": (2 / 5, 5),
        "em_answerable": (1 / 3, 3),
        "f1_answerable": (1 / 3, 3),
        "citation_recall": (2 / 4, 4),
        "evidence_recall": (2 / 5, 4),
        "citation_precision": (2 / 3, 3),
        "judged_citation_recall": (None, 0),
        "judged_citation_precision": (None, 0),
        "refusal_precision": (1 / 2, 2),
        "refusal_recall": (1 / 2, 2),
        "answerable_refused": (1 / 4, 4),
        "hit@1": (2 / 4, 4),
        "hit@3": (3 / 4, 4),
        "hit@5": (3 / 4, 4),
        "hit@10": (3 / 4, 4),
        "mrr@10": (2.5 / 4, 4),
        "ndcg@10": ((1 + second + 1 / (1 + second)) / 4, 4),
        "article_hit@1": (3 / 4, 4),
        "article_hit@3": (3 / 4, 4),
        "article_hit@5": (3 / 4, 4),
        "article_hit@10": (3 / 4, 4),
        "article_mrr@10": (3 / 4, 4),
        "article_ndcg@10": ((1 + 1 + 1 / (1 + second)) / 4, 4),
        "ece": ((0.1 + 0.6 + 0.5 + 0.4) / 4, 4),
        "answerable_auc": (7 / 8, 6),
        "seconds_p50": (0.35, 6),
        "seconds_p95": (0.575, 6),
    }
    found = values(evaluate(engine, gold))
    assert list(found) == list(expected) == [spec.name for spec in SPECS]
    for name, (value, n) in expected.items():
        assert found[name] == (value and pytest.approx(value, abs=1e-6), n), name


def test_every_figure_has_an_interval_around_it_and_is_given_by_kind(engine, gold):
    evaluation = evaluate(engine, gold)
    for figure in evaluation.figures.values():
        if figure.n > 1:
            assert figure.low <= figure.value <= figure.high
    assert list(evaluation.kinds) == ["place", "person", "list", "unanswerable"]
    place = evaluation.kinds["place"]["answer"]
    assert (place.value, place.low, place.high, place.n) == (0.5, 0, 1, 2)
    assert evaluation.kinds["person"]["answer"].low is None
    assert evaluation.kinds["unanswerable"]["answer"].value is None


def test_curves_and_stages_come_with_the_figures(engine, gold):
    evaluation = evaluate(engine, gold)
    points = [(point.coverage, point.risk) for point in evaluation.risk_coverage]
    assert points == [(0.166667, 0), (0.333333, 0.5), (0.5, 0.666667), (0.666667, 0.75)]
    assert sum(each.n for each in evaluation.calibration) == 4
    assert [(stage.name, stage.p50.value) for stage in evaluation.stages] == [("read", 0.175)]


def test_each_question_has_its_verdict(engine, gold):
    assert {result.item.id: result.verdict for result in evaluate(engine, gold).results} == {
        "river": "right",
        "mayor": "wrong or incomplete answer",
        "rivers": "wrong or incomplete answer",
        "cup": "rightly refused",
        "ships": "answered, though the articles do not say",
        "port": "refused",
    }


def test_a_right_answer_that_cites_other_words_is_to_be_looked_into(engine, gold):
    engine.script["Which river is in Dresden?"].quotes = [RHINE, ELBE]
    first = evaluate(engine, gold).results[0]
    assert (first.verdict, first.supported, first.good) == ("cites other words", (False,), False)


def test_a_question_that_fails_counts_as_wrong_and_the_run_goes_on(engine, gold):
    engine.script["Which river is in Dresden?"].error = "The model left.\nTry again."
    engine.script["Who won the cup?"].error = "The model left."
    evaluation = evaluate(engine, gold)
    assert [result.outcome.error for result in evaluation.failed] == [
        "The model left. Try again.",
        "The model left.",
    ]
    found = values(evaluation)
    assert found["correct"] == (0, 6)
    assert found["answer"] == (0, 4)
    assert found["em"] == (0, 5)
    assert found["refusal_recall"] == (0, 2)
    assert found["refusal_precision"] == (0, 1)
    assert found["seconds_p50"][1] == 4
    assert found["hit@1"] == (0.5, 4)  # retrieval worked


def test_evidence_that_the_home_lacks_is_warned_of_and_counts_as_not_found(engine, gold):
    missing = question("sea", "place", "Which sea?", ["North Sea"], ("gone", "the North Sea"))
    gold.write_text(json.dumps(missing))
    engine.script["Which sea?"] = Line("The North Sea [1].", "North Sea", [PORT], 1)
    evaluation = evaluate(engine, gold)
    assert evaluation.warnings[0].startswith("1 piece of evidence from 1 article not in the home")
    found = values(evaluation)
    assert found["answer"] == (1, 1)
    for name in ("hit@10", "article_hit@10", "article_ndcg@10", "citation_recall"):
        assert found[name] == (0, 1), name


def test_a_home_without_articles_is_refused(gold):
    with pytest.raises(UsageError, match="dateline ingest"):
        evaluate(ScriptedEngine({}, {}), gold)


def test_progress_counts_the_questions(engine, gold):
    seen = []
    evaluate(engine, gold, on_progress=lambda *step: seen.append(step))
    assert seen[0] == (1, 6, "Which river is in Dresden?")
    assert [step[:2] for step in seen] == [(done, 6) for done in range(1, 7)]


def test_tokens_that_an_answer_tells_are_counted(engine, gold, kept, monkeypatch):
    ask, used = engine.ask, iter([Usage(10, 1, 0.5), Usage(20, 3), Usage(30, 5)])

    def written(words):
        return replace(ask(words), usage=next(used, Usage()))

    monkeypatch.setattr(engine, "ask", written)
    interrupt(engine, gold, kept)
    evaluation = evaluate(engine, gold, resume=kept)
    spent = [(each.who, each.amount, each.total, each.n) for each in evaluation.spending]
    assert spent == [
        ("answers", "prompt tokens", 60, 3),
        ("answers", "completion tokens", 9, 3),
        ("answers", "cost", 0.5, 1),
    ]
    usage = [each["usage"] for each in evaluation.to_dict()["results"]]
    assert usage[1] == {"prompt_tokens": 20, "completion_tokens": 3, "cost": None}
    assert usage[3] is None


# Interrupted runs


@pytest.fixture
def kept(tmp_path):
    return tmp_path / "report" / "answers.jsonl"


def interrupt(engine, gold, kept, after=3, **options):
    def stop(done, _total, _question):
        if done == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate(engine, gold, on_progress=stop, resume=kept, **options)
    engine.asked.clear()


def test_an_interrupted_run_goes_on_where_it_stopped(engine, gold, kept):
    whole = evaluate(engine, gold)
    interrupt(engine, gold, kept)
    resumed = evaluate(engine, gold, resume=kept)
    assert engine.asked == ["Who won the cup?", "How many ships?", "Which city has a port?"]
    assert resumed.results == whole.results
    assert resumed.figures == whole.figures


def test_a_complete_run_is_not_used_again(engine, gold, kept):
    evaluate(engine, gold, resume=kept)
    assert not kept.exists()
    engine.asked.clear()
    evaluate(engine, gold, resume=kept)
    assert len(engine.asked) == 6


@pytest.mark.parametrize("changed", ["gold", "home", "settings"])
def test_answers_are_used_again_only_for_the_same_gold_home_and_settings(
    engine, gold, kept, changed
):
    interrupt(engine, gold, kept, settings={"llm": None})
    if changed == "gold":
        gold.write_text(gold.read_text() + "\n")
    elif changed == "home":
        engine.texts = {**ARTICLES, "c": "A third article."}
    evaluate(engine, gold, resume=kept, settings={"llm": "x" if changed == "settings" else None})
    assert len(engine.asked) == 6


def test_a_line_cut_short_by_a_crash_is_asked_again(engine, gold, kept):
    interrupt(engine, gold, kept)
    kept.write_text(kept.read_text()[:-20])
    interrupt(engine, gold, kept, after=4)
    evaluate(engine, gold, resume=kept)
    assert engine.asked == ["How many ships?", "Which city has a port?"]


def test_questions_that_failed_are_asked_again(engine, gold, kept):
    engine.script["Who is mayor?"].error = "The model left."
    evaluate(engine, gold, resume=kept)
    engine.script["Who is mayor?"].error = ""
    engine.asked.clear()
    assert evaluate(engine, gold, resume=kept).failed == ()
    assert engine.asked == ["Who is mayor?"]


def test_a_folder_that_cannot_be_written_is_refused_before_anything_is_asked(
    engine, gold, tmp_path
):
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="Choose another folder"):
        evaluate(engine, gold, resume=tmp_path / "file" / "answers.jsonl")
    assert engine.asked == []


# Comparing


@pytest.fixture
def earlier(engine, gold, tmp_path):
    path = tmp_path / "earlier.json"
    path.write_text(json.dumps(evaluate(engine, gold).to_dict()))
    return path


def test_a_comparison_tells_what_became_better_and_worse(engine, gold, earlier):
    engine.script["Which river is in Dresden?"].text = ""
    engine.script["Who is mayor?"].text = "“Ann Weber is the mayor of Bonn.” [1]"
    engine.script["Which city has a port?"] = Line("Hamburg [1].", "Hamburg", [PORT], 1, 0.7)
    comparison = compare(read_earlier(earlier), evaluate(engine, gold))
    assert (comparison.shared, comparison.only_earlier, comparison.only_later) == (6, 0, 0)
    assert [(change.id, change.better) for change in comparison.changes] == [
        ("river", False),
        ("mayor", True),
        ("port", True),
    ]
    assert comparison.changes[0].earlier == "“The Elbe flows through Dresden.” [1]"
    assert comparison.changes[0].later == "The articles do not say."
    answer = comparison.differences["answer"]
    assert (answer.value, answer.n, answer.changed, answer.p) == (0.25, 4, 3, 1)
    # The earlier run refused "cup" and "port", this one "river" and "cup".
    refused = comparison.differences["refusal_precision"]
    assert (refused.value, refused.n, refused.changed) == (0, 3, 2)


def test_a_run_compared_with_itself_shows_no_difference(engine, gold, earlier):
    comparison = compare(read_earlier(earlier), evaluate(engine, gold))
    assert comparison.changes == ()
    assert {(each.value, each.p) for each in comparison.differences.values()} == {(0, 1)}


def test_only_questions_with_the_same_id_and_words_are_compared(engine, gold, earlier):
    gold.write_text(
        json.dumps({**GOLD[0], "question": "Who is mayor?"}) + "\n" + json.dumps(GOLD[1])
    )
    comparison = compare(read_earlier(earlier), evaluate(engine, gold))
    assert (comparison.shared, comparison.only_earlier, comparison.only_later) == (1, 5, 1)
    gold.write_text(json.dumps({**GOLD[0], "id": "new"}))
    with pytest.raises(UsageError, match="nothing to compare"):
        compare(read_earlier(earlier), evaluate(engine, gold))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        ("{", "is not JSON"),
        ("[]", "is not of this program"),
        ('{"format": "dateline-eval/1", "results": [{}]}', "is damaged"),
    ],
)
def test_earlier_results_that_are_none_are_refused(tmp_path, content, words):
    path = tmp_path / "results.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(UsageError, match=words):
        read_earlier(path)


# The command


@pytest.fixture
def run(monkeypatch, capsys, engine):
    return eval_command(monkeypatch, capsys, engine)


def test_the_command_prints_figures_with_intervals(run, gold):
    code, out, err = run(gold)
    assert (code, err) == (0, "")
    assert out.startswith("6 questions from gold.jsonl over 2 articles, scripted\n")
    row = next(line for line in out.splitlines() if line.startswith("answer "))
    assert "0.250" in row
    assert " to " in row


def test_json_is_one_document_and_the_report_a_folder(run, gold, tmp_path):
    folder = tmp_path / "out" / "report"
    code, out, _ = run(gold, "--json", "--report", folder)
    assert code == 0
    document = json.loads(out)
    assert document["figures"]["answer"]["value"] == 0.25
    assert json.loads((folder / "results.json").read_text()) == document
    assert {path.name for path in folder.iterdir()} == {"results.json", "report.html", "summary.md"}


def test_a_figure_below_its_floor_or_above_its_ceiling_exits_with_1(run, gold):
    code, _, err = run(gold, "--fail-under", "answer=0.9", "--fail-under", "correct=0.3")
    assert (code, err) == (1, "error: answer is 0.25, below its floor of 0.9\n")
    code, _, err = run(gold, "--fail-over", "ece=0.05")
    assert (code, err) == (1, "error: ece is 0.4, above its ceiling of 0.05\n")
    assert run(gold, "--fail-under", "answer=0.25", "--fail-over", "seconds_p95=9")[0] == 0


def test_a_floor_for_a_figure_without_a_value_exits_with_1(run, gold):
    gold.write_text(json.dumps(GOLD[0]))
    code, _, err = run(gold, "--fail-under", "refusal_recall=0.5")
    assert code == 1
    assert err.startswith("error: refusal_recall has no value")


@pytest.mark.parametrize(
    ("bound", "words"),
    [("nonsense=1", "all_answers"), ("ece=0.1", "knows no"), ("answer", "looks like")]
    + [("answer=90", "from 0 to 1"), ("answer=x", "looks like"), ("answer=nan", "from 0 to 1")],
)
def test_a_wrong_floor_is_wrong_usage(run, gold, engine, bound, words):
    code, _, err = run(gold, "--fail-under", bound)
    assert code == 2
    assert words in err
    assert engine.asked == []


def test_failed_questions_are_told_and_exit_with_1(run, gold, engine):
    engine.script["Who is mayor?"].error = "The model left."
    code, _, err = run(gold)
    assert code == 1
    assert err == "1 of 6 questions failed and count as wrong; the first: The model left.\n"


def test_bad_lines_are_told_by_number_the_rest_goes_on_and_the_run_exits_with_1(
    run, gold, tmp_path
):
    gold.write_text("oops\n" + gold.read_text() + "\n" + json.dumps(GOLD[0]))
    code, out, err = run(gold, "--report", tmp_path / "r")
    assert code == 1
    assert out.startswith("6 questions")
    first, second, last = err.splitlines()
    assert first.startswith("gold.jsonl, line 1: is not valid JSON")
    assert second == "gold.jsonl, line 8: the id 'river' is taken by line 2; give it its own"
    told = "2 entries of the gold file left out of every figure. "
    assert last.startswith(told)
    assert len(json.loads((tmp_path / "r" / "results.json").read_text())["problems"]) == 2
    page = (tmp_path / "r" / "report.html").read_text()
    assert told in page
    assert "<li>line 1: is not valid JSON" in page


@pytest.mark.parametrize("content", ["", "\n\n", "oops\n", '{"question": "Who?", "answers": 3}'])
def test_a_gold_file_without_a_question_is_one_line_and_exits_with_1(run, gold, content):
    gold.write_text(content)
    code, out, err = run(gold)
    assert (code, out) == (1, "")
    assert err.startswith(f"error: {gold} holds no question to ask")
    assert err.count("\n") == 1


def test_evidence_that_the_home_lacks_is_told_on_terminal_and_report(run, gold, tmp_path):
    records = [
        question("river", "place", "Which river is in Dresden?", ["Elbe"], ("gone", "The Elbe")),
        question("mayor", "person", "Who is mayor?", ["Ann Weber"], ("b", "Bob Weber is")),
    ]
    gold.write_text("\n".join(map(json.dumps, records)))
    code, _, err = run(gold, "--report", tmp_path / "r")
    assert code == 0
    told = "1 piece of evidence from 1 article not in the home (gone.txt): counted as not found."
    assert err.startswith(told)
    assert told in (tmp_path / "r" / "report.html").read_text()
    assert told in (tmp_path / "r" / "summary.md").read_text().replace("\\", "")
    results = json.loads((tmp_path / "r" / "results.json").read_text())
    assert results["evidence"] == {"pieces": 2, "not_in_home": 1, "not_in_text": 1}


def test_a_question_that_cannot_be_asked_is_a_failure_and_the_run_goes_on(gold):
    gold.write_text(
        json.dumps({"id": "long", "question": "Which? " * 500, "answers": []})
        + "\n"
        + json.dumps({"id": "short", "question": "Which road was declared open?", "answers": []})
    )
    evaluation = evaluate(FakeEngine(), gold)
    assert [result.item.id for result in evaluation.failed] == ["long"]
    assert "2,000 is the most" in evaluation.failed[0].outcome.error
    assert not evaluation.complete


def test_ctrl_c_says_how_to_go_on(run, gold, engine, tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(engine, "ask", interrupted)
    code, out, err = run(gold, "--report", tmp_path / "r")
    assert (code, out) == (130, "")
    assert err.splitlines() == [
        f"The answers so far are kept in {tmp_path / 'r'}: run the same command again to go on.",
        "interrupted",
    ]
    assert "With --report FOLDER" in run(gold)[2]


def test_nothing_to_compare_with_loses_no_results(run, gold, earlier, tmp_path):
    gold.write_text(json.dumps({**GOLD[0], "id": "new"}))
    code, out, err = run(gold, "--compare", earlier, "--report", tmp_path / "r")
    assert code == 1
    assert out.startswith("1 question")
    assert err.startswith("error: The earlier results hold none of these questions")
    assert (tmp_path / "r" / "results.json").exists()


def test_the_command_prints_the_times_of_the_stages_and_the_calibration_error(run, gold):
    out = run(gold)[1]
    assert re.search(r"^read +175 ms +.*288 ms +.* 6 *$", out, re.MULTILINE)
    assert re.search(r"^whole answer +350 ms +.*575 ms +.* 6 *$", out, re.MULTILINE)
    assert re.search(r"^ece +Confidence: Calibration error +0\.400 ", out, re.MULTILINE)


def test_compare_adds_differences_and_the_questions_that_changed(run, gold, engine, earlier):
    engine.script["Which river is in Dresden?"].text = ""
    code, out, _ = run(gold, "--compare", earlier)
    assert code == 0
    assert "-0.250" in next(line for line in out.splitlines() if line.startswith("answer "))
    assert out.endswith("Better: 0\nWorse: 1\n  river: Which river is in Dresden?\n")
    document = json.loads(run(gold, "--compare", earlier, "--json")[1])
    assert [each["id"] for each in document["comparison"]["worse"]] == ["river"]


@pytest.mark.parametrize("arguments", [["none.jsonl"], ["GOLD", "--compare", "none.json"]])
def test_a_file_that_is_not_there_is_one_line(run, gold, arguments):
    code, out, err = run(*(gold if each == "GOLD" else each for each in arguments))
    assert (code, out) == (1, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1


# The real engine


def test_the_samples_are_evaluated_from_end_to_end(samples):
    evaluation = evaluate(samples, ROOT / "samples" / "gold.jsonl")
    assert (evaluation.warnings, evaluation.problems, evaluation.failed) == ((), (), ())
    assert len(evaluation.results) == 75
    assert evaluation.figures["article_hit@5"].value >= 0.95
    assert evaluation.figures["article_hit@5"].n == 53
    assert evaluation.figures["refusal_recall"].n == 22
    assert [stage.name for stage in evaluation.stages][:2] == ["understand", "retrieve"]
    for result in evaluation.results:
        for cited in result.outcome.citations:
            text = samples.article(cited.place.article).text
            assert text[cited.place.start : cited.place.end] == cited.quote
