"""The judge: its verdicts over a real local server, ALCE's measures, and a whole evaluation."""

import asyncio
import json
import re

import pytest

from index.errors import LLMError
from rag.evaluate import compare, evaluate, read_earlier
from rag.evaluation.ask import Cited, Outcome, Said
from rag.evaluation.judged import Judgement, Verdict, as_shown, judge_outcome, verdict
from rag.evaluation.locate import Place
from rag.judge import open_judge
from rag.llms.usage import Usage
from tests.evaluating import eval_command, gold_file
from tests.scripted_engine import Line, ScriptedEngine
from tests.scripted_llm import USAGE, knows_words, scripted_llm
from ui import summary
from ui.report import report_html


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setattr("openai._base_client.BaseClient._calculate_retry_timeout", lambda *_: 0.0)


@pytest.fixture
def server():
    with scripted_llm() as server:
        yield server


# One verdict


@pytest.mark.parametrize(
    ("answer", "supported"),
    [
        ("YES", True),
        ("yes.", True),
        (" **NO** ", False),
        ("Verdict: YES", True),
        ("NO, that was yesterday.", False),
        ("Yes - the context says so.", True),
        ("<think>No, or is it? YES?</think>\n\nNO", False),
        ("The context says nothing of Bonn.\n\nNO.", False),
        ("No port is named, but the river is, so the answer is: YES", True),
    ],
)
def test_a_verdict_is_read_from_its_first_or_its_last_word(server, answer, supported):
    judge = open_judge(server.spec)
    server.answers = [answer]
    assert judge.supports("Bonn lies on the Rhine.", ["It does."]) is supported


@pytest.mark.parametrize("answer", ["", "Yesterday.", "Perhaps", "I say no to that", "Nothing"])
def test_a_judge_that_says_neither_yes_nor_no_has_failed(server, answer):
    judge = open_judge(server.spec)
    server.answers = [answer]
    with pytest.raises(LLMError, match=r"answers neither YES nor NO but .* Choose a model that"):
        judge.supports("Bonn lies on the Rhine.", ["It does."])


def test_the_judge_sees_the_question_the_statement_and_all_of_the_context(server):
    judge = open_judge(server.spec)
    judge.supports("{Bonn} lies\non the Rhine.", ["first {quote}", "second"], "Which\nriver?")
    assert server.prompts[-1].endswith(
        "\n\nQuestion: Which river?\nStatement: {Bonn} lies on the Rhine.\n"
        "Context:\nfirst {quote}\n\nsecond\nVerdict: "
    )


def test_a_judge_that_cannot_be_used_is_refused_when_it_is_opened(server):
    server.answers = ["I am a teapot."]
    with pytest.raises(LLMError, match="neither YES nor NO"):
        open_judge(server.spec)


def test_the_judge_works_where_a_loop_is_running_as_in_a_notebook(server):
    async def notebook():
        return open_judge(server.spec).supports("Bonn", ["Bonn"])

    assert asyncio.run(notebook()) is True


def test_any_llamaindex_model_can_judge():
    from llama_index.core.llms import CompletionResponse, CustomLLM, LLMMetadata

    class Words(CustomLLM):
        """A model that is no chat model, by another library than OpenAI's."""

        @property
        def metadata(self):
            return LLMMetadata(model_name="words")

        def complete(self, prompt, formatted=False, **_):
            raw = {"usage": {"input_tokens": 7, "output_tokens": 1}}
            return CompletionResponse(text=knows_words(prompt), raw=raw)

        def stream_complete(self, prompt, formatted=False, **_):
            raise NotImplementedError

    judge = open_judge(Words())
    assert judge.name == "words"
    assert judge.supports("Bonn", ["Bonn lies there"]) is True
    assert judge.supports("Bonn is rich", ["Bonn lies there"]) is False
    assert judge.take_usage() == Usage(14, 2)


# ALCE's measures, by hand


def supports(*enough):
    """Citations support what they hold one of these sets in."""
    return lambda numbers: any(each <= set(numbers) for each in enough)


@pytest.mark.parametrize(
    ("citations", "enough", "supported", "counting"),
    [
        ((), [set()], False, ()),
        ((1,), [{1}], True, (1,)),
        ((1,), [], False, ()),
        ((1, 2), [{1}], True, (1,)),  # the second is idle
        ((1, 2), [{1, 2}], True, (1, 2)),  # only together
        ((1, 2), [{1}, {2}], True, (1, 2)),  # each alone
        ((1, 2), [], False, ()),
        ((1, 2, 3), [{1, 2}], True, (1, 2)),
        ((1, 2, 3), [{1, 2}, {1, 3}], True, (1,)),  # 2 and 3 stand in for one another
        ((3, 1), [{1}], True, (1,)),
    ],
)
def test_recall_and_precision_of_a_sentence(citations, enough, supported, counting):
    found = verdict("text", citations, supports(*enough))
    assert (found.supported, found.citations, found.counting) == (supported, citations, counting)


def test_an_answer_is_the_mean_over_its_sentences_and_over_its_citations():
    verdicts = (Verdict("a", True, (1, 2, 3), (1,)), Verdict("b", False, (4,), ()))
    judged = Judgement("q", "m", verdicts, Usage())
    assert (judged.recall, judged.precision) == (1 / 2, 1 / 4)
    silent = Judgement("q", "m", (Verdict("a", False, (), ()),), Usage())
    assert (silent.recall, silent.precision) == (0, 0)


def cited(number, quote, publisher=None, published=None):
    place = Place("a", 0, len(quote))
    return Cited(number, place, quote, "/news/a.txt", publisher, published)


def outcome(sentences, citations):
    return Outcome("q", answered=True, sentences=tuple(sentences), citations=tuple(citations))


def test_an_outcome_is_judged_sentence_by_sentence(server):
    judge = open_judge(server.spec)
    judge.take_usage()
    answer = outcome(
        [
            Said("Bonn lies on the Rhine. [1][2][2]", (1, 2, 2)),
            Said("It is rich. [2]", (2,)),
            Said("So they say.", ()),
            Said(" [1] ", (1,)),
        ],
        [cited(1, "Bonn lies"), cited(2, "on the Rhine")],
    )
    judged = judge_outcome(judge, "Which river?", answer)
    assert judged.verdicts == (
        Verdict("Bonn lies on the Rhine.", True, (1, 2), (1, 2)),
        Verdict("It is rich.", False, (2,), ()),
        Verdict("So they say.", False, (), ()),
    )
    # Tried out, both, each alone, and the second sentence: what is left without one is the other.
    assert len(server.prompts) == 5
    assert judged.usage == Usage(400, 8)
    assert Judgement.from_dict(json.loads(json.dumps(judged.to_dict()))) == judged


def test_the_judge_is_shown_outlets_and_dates_so_that_articles_can_be_counted():
    assert as_shown(cited(1, "Ten.", "Wire", "2020-12-03")) == "Wire, 2020-12-03: “Ten.”"
    assert as_shown(cited(1, "Ten.")) == "a.txt, undated: “Ten.”"


def test_only_answers_are_judged(server):
    judge = open_judge(server.spec)
    said = outcome([Said("Bonn [1]", (1,))], [cited(1, "Bonn")])
    assert judge_outcome(judge, "Who?", Outcome("q", sentences=said.sentences)) is None
    assert judge_outcome(judge, "Who?", Outcome("q", answered=True)) is None
    assert judge_outcome(judge, "Who?", Outcome("q", answered=True, error="left")) is None


# A whole evaluation

ARTICLES = {"a": "The Elbe flows through Dresden. Hamburg has a port.", "b": "Bonn has a port."}
ELBE, HAMBURG, BONN = (
    ("a", "The Elbe flows through Dresden."),
    ("a", "Hamburg has a port."),
    ("b", "Bonn has a port."),
)
GOLD = [
    {"id": "river", "question": "Which river?", "answers": ["Elbe"]},
    {"id": "port", "question": "Which port?", "answers": ["Hamburg"]},
    {"id": "cup", "question": "Who won the cup?", "answers": []},
    {"id": "lake", "question": "Which lake?", "answers": []},
]


@pytest.fixture
def engine():
    lines = {
        "Which river?": Line("The Elbe flows. [1]", "Elbe", [ELBE], 1),
        "Which port?": Line("Hamburg has a port. [1][2]", "Hamburg", [HAMBURG, BONN], 2),
        "Who won the cup?": Line(),
        "Which lake?": Line("The Elbe is a lake. [1]", "Elbe", [ELBE], 1),
    }
    return ScriptedEngine(ARTICLES, lines)


@pytest.fixture
def gold(tmp_path):
    return gold_file(tmp_path, GOLD)


def fail_on(words):
    """A server that fails when a prompt holds these words, else the judge with meaning."""

    def answer(prompt):
        return (500, {"error": {"message": "Too hot."}}) if words in prompt else knows_words(prompt)

    return answer


def test_judged_figures_are_what_the_verdicts_make_them(engine, gold, server):
    evaluation = evaluate(engine, gold, judge=server.spec)
    recall = evaluation.figures["judged_citation_recall"]
    precision = evaluation.figures["judged_citation_precision"]
    # river: 1 of 1 and 1 of 1; port: 1 of 1 and 1 of 2; lake: 0 and 0; cup is refused
    assert (recall.value, recall.n) == (pytest.approx(2 / 3, abs=1e-6), 3)
    assert (precision.value, precision.n) == (pytest.approx(1.5 / 3, abs=1e-6), 3)
    assert recall.low <= recall.value <= recall.high
    assert evaluation.kinds["answerable"]["judged_citation_recall"].value == 1
    assert evaluation.complete
    assert "| Citations: Judged citation recall | 0.667 | 0.000 to 1.000 | 3 |" in summary.markdown(
        evaluation
    )
    document = evaluation.to_dict()
    assert (document["judge"], document["judge_failed"]) == (server.spec, 0)
    judged = {each["id"]: each["judged"] for each in document["results"]}
    assert judged["port"]["sentences"] == [
        {"text": "Hamburg has a port.", "supported": True, "citations": [1, 2], "counting": [1]}
    ]
    assert judged["cup"] is None


def test_without_a_judge_there_are_no_judged_figures_and_no_spending(engine, gold):
    evaluation = evaluate(engine, gold)
    assert evaluation.figures["judged_citation_recall"].value is None
    assert (evaluation.judge, evaluation.spending) == (None, ())
    page = report_html(evaluation) + summary.markdown(evaluation)
    assert "udge" not in page
    assert "okens" not in page


def test_tokens_and_cost_of_the_judge_are_summed_and_spread_over_the_questions(engine, gold):
    with scripted_llm(usage={**USAGE, "cost": 0.0005}) as server:
        evaluation = evaluate(engine, gold, judge=server.spec)
    # river and lake take one request each, port takes three
    spent = {each.amount: (each.total, each.p50.value, each.n) for each in evaluation.spending}
    assert spent == {
        "prompt tokens": (500, 100, 3),
        "completion tokens": (10, 2, 3),
        "cost": (0.0025, 0.0005, 3),
    }
    assert evaluation.spending[0].p95.value == pytest.approx(280)
    river = evaluation.to_dict()["results"][0]
    used = {"prompt_tokens": 100, "completion_tokens": 2, "cost": 0.0005}
    assert river["judged"]["usage"] == used
    row = "| judge: prompt tokens | 500 | 100 | 280 | 3 |"
    assert row in summary.markdown(evaluation)
    assert "| judge: cost | 0.0025 | 0.0005 | 0.0014 | 3 |" in summary.markdown(evaluation)
    assert re.search(r"judge: cost</th><td>0\.0025</td><td>0\.0005</td>", report_html(evaluation))


def test_nothing_is_said_of_tokens_that_the_server_does_not_tell(engine, gold):
    with scripted_llm(usage=None) as server:
        evaluation = evaluate(engine, gold, judge=server.spec)
    assert evaluation.spending == ()
    assert "okens" not in report_html(evaluation) + summary.markdown(evaluation)
    assert evaluation.to_dict()["results"][0]["judged"]["usage"] is None


def test_a_question_that_the_judge_fails_on_is_counted_and_the_run_goes_on(engine, gold, server):
    server.answers = fail_on("has a port")
    evaluation = evaluate(engine, gold, judge=server.spec)
    assert [each.id for each in evaluation.judge_failed] == ["port"]
    assert not evaluation.complete
    assert evaluation.failed == ()
    assert evaluation.figures["judged_citation_recall"].n == 2
    assert evaluation.figures["answer"].n == 2
    told = "judge failed: 1 of 3 answers, which no judged figure counts; the first: The language"
    assert told in summary.markdown(evaluation).replace("\\", "")
    assert told in report_html(evaluation)
    assert evaluation.to_dict()["judge_failed"] == 1
    assert "Too hot." in evaluation.to_dict()["results"][1]["judged"]["error"]


def test_the_page_lists_what_the_judge_rejects(engine, gold, server):
    page = report_html(evaluate(engine, gold, judge=server.spec))
    assert "Not supported, says the judge: 1 sentence<" in page
    assert "<td>The Elbe is a lake.</td>" in page
    assert "Judged citation recall" in page
    engine.script["Which lake?"] = Line()
    page = report_html(evaluate(engine, gold, judge=server.spec))
    assert "Every sentence is supported." in page


# Interrupted runs


def interrupt(engine, gold, kept, judge, after):
    def stop(done, _total, _question):
        if done == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate(engine, gold, on_progress=stop, resume=kept, judge=judge)


def test_judgements_are_not_asked_for_twice(engine, gold, server, tmp_path):
    whole = evaluate(engine, gold, judge=server.spec)
    kept = tmp_path / "answers.jsonl"
    interrupt(engine, gold, kept, server.spec, after=2)
    server.requests.clear()
    resumed = evaluate(engine, gold, resume=kept, judge=server.spec)
    assert (resumed.results, resumed.figures) == (whole.results, whole.figures)
    assert len(server.prompts) == 2  # tried out, and the lake
    assert not kept.exists()


def test_only_the_judgements_that_failed_are_asked_for_again(engine, gold, server, tmp_path):
    kept = tmp_path / "answers.jsonl"
    server.answers = fail_on("has a port")
    evaluate(engine, gold, resume=kept, judge=server.spec)
    server.answers = knows_words
    server.requests.clear()
    engine.asked.clear()
    assert evaluate(engine, gold, resume=kept, judge=server.spec).complete
    assert engine.asked == []
    assert len(server.prompts) == 4  # tried out, and the port: both, each alone


def test_another_judge_judges_the_kept_answers_anew(engine, gold, server, tmp_path):
    kept = tmp_path / "answers.jsonl"
    interrupt(engine, gold, kept, server.spec, after=4)
    engine.asked.clear()
    server.requests.clear()
    other = evaluate(engine, gold, resume=kept, judge=f"{server.address}/v1#judge-2")
    assert engine.asked == []
    assert len(server.prompts) == 6
    assert {each.judge for each in other.judgements} == {f"{server.address}/v1#judge-2"}


def test_a_judgement_of_another_answer_is_not_used(engine, gold, server, tmp_path):
    kept = tmp_path / "answers.jsonl"
    interrupt(engine, gold, kept, server.spec, after=4)
    lines = kept.read_text().splitlines()
    kept.write_text("\n".join(line for line in lines if '"outcome": {"id": "river"' not in line))
    engine.script["Which river?"].text = "The Elbe flows there. [1]"
    assert evaluate(engine, gold, resume=kept, judge=server.spec).results[0].judgement.recall == 0


# Comparing


def test_judged_figures_are_compared_under_the_same_judge_only(engine, gold, server, tmp_path):
    path = tmp_path / "results.json"

    def compared(judge):
        return compare(read_earlier(path), evaluate(engine, gold, judge=judge)).differences

    path.write_text(json.dumps(evaluate(engine, gold, judge=server.spec).to_dict()))
    engine.script["Which river?"].text = "The Elbe is long. [1]"
    difference = compared(server.spec)["judged_citation_recall"]
    assert (difference.value, difference.n) == (pytest.approx(-1 / 3), 3)
    assert "judged_citation_recall" not in compared(f"{server.address}/v1#judge-2")
    assert "judged_citation_recall" not in compared(None)
    path.write_text(json.dumps(evaluate(engine, gold).to_dict()))
    assert "judged_citation_recall" not in compared(server.spec)


# The command


@pytest.fixture
def run(monkeypatch, capsys, engine):
    return eval_command(monkeypatch, capsys, engine)


def test_the_command_shows_what_the_judge_says(run, gold, server, tmp_path):
    code, out, err = run(gold, "--judge", server.spec, "--report", tmp_path / "r")
    assert (code, err) == (0, "")
    assert out.startswith(
        f"4 questions from gold.jsonl over 2 articles, scripted, judged by {server.spec}\n"
    )
    row = next(line for line in out.splitlines() if line.startswith("judged_citation_recall "))
    assert re.search(r"Judged citation recall +0\.667 +0\.000 to 1\.000 +3", row)
    assert re.search(r"judge: prompt tokens +500 +100 +280 +3", out)
    results = json.loads((tmp_path / "r" / "results.json").read_text())
    assert results["figures"]["judged_citation_precision"]["value"] == 0.5


def test_judged_figures_have_floors(run, gold, server):
    floor = ("--fail-under", "judged_citation_recall=0.9")
    code, _, err = run(gold, "--judge", server.spec, *floor)
    assert (code, err) == (
        1,
        "error: judged_citation_recall is 0.6667, below its floor of 0.9\n",
    )
    code, _, err = run(gold, *floor)
    assert code == 1
    assert "judged_citation_recall has no value: it needs a judge, name one with --judge" in err


def test_a_judge_that_fails_on_a_question_exits_with_1(run, gold, server):
    server.answers = fail_on("has a port")
    code, out, err = run(gold, "--judge", server.spec)
    assert code == 1
    assert "judged_citation_recall" in out
    assert err.startswith("judge failed: 1 of 3 answers, ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("extractive", "names no language model"),
        ("openai/gpt-4o-mini", "Set OPENAI_API_KEY"),
        ("http://127.0.0.1:9/v1#m", "cannot be reached"),
    ],
)
def test_a_judge_that_cannot_be_opened_is_one_line_and_nothing_is_asked(
    run, gold, engine, spec, words
):
    code, out, err = run(gold, "--judge", spec)
    assert (code, out) == (1, "")
    assert words in err
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert engine.asked == []
