"""Questions asked of the bundled samples, from end to end."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import rag
from index.article import Filters
from index.errors import LLMError, UsageError
from rag.answer import Answer, Retrieved, TextDelta
from rag.engine import QueryEngine
from tests.conftest import ROOT

UN_QUESTION = "How many foreign fighters did the UN estimate?"


def assert_cites_exact_words(engine: QueryEngine, answer: Answer) -> None:
    """What is always true of an answer's citations."""
    for citation in answer.citations:
        article = engine.article(citation.article.id)
        assert article is not None
        assert article.text[citation.start : citation.end] == citation.quote
    used = [number for sentence in answer.sentences for number in sentence.citations]
    numbers = [citation.number for citation in answer.citations]
    assert numbers == sorted(set(used)) == list(range(1, len(numbers) + 1))
    for number in numbers:
        assert f"[{number}]" in answer.text
    assert answer.answered == bool(answer.citations) == (answer.refusal is None)


def test_an_answer_quotes_counts_and_cites(samples: QueryEngine) -> None:
    answer = samples.ask(UN_QUESTION)
    assert answer.short_answer is not None
    assert "20,000" in answer.short_answer
    assert len(answer.citations) >= 3
    assert "articles agree: " in answer.text
    assert {sentence.support for sentence in answer.sentences} == {"supported"}
    assert answer.origins is None
    assert answer.figures is None
    assert_cites_exact_words(samples, answer)


def test_one_article_is_cited_once_for_one_statement(samples: QueryEngine) -> None:
    answer = samples.ask(UN_QUESTION)
    for sentence in answer.sentences:
        cited = [answer.citations[number - 1].article.id for number in sentence.citations]
        assert len(cited) == len(set(cited))


def test_what_the_articles_do_not_say_is_refused_usefully(samples: QueryEngine) -> None:
    answer = samples.ask("Who won the chess world championship in 1997?")
    assert not answer.answered
    assert answer.text == "The articles do not say."
    assert answer.refusal is not None
    assert len(answer.refusal.nearest) == 3
    assert answer.refusal.coverage.articles == 19
    assert "Harbour Wire" in answer.refusal.coverage.publishers
    assert_cites_exact_words(samples, answer)


@pytest.mark.parametrize(
    "question",
    [
        "When did Haftar attack Tripoli?",
        "When did Hifter attack Tripoli?",
        "when did hafter atack tripoli",
    ],
)
def test_spelling_does_not_change_the_answer(samples: QueryEngine, question: str) -> None:
    assert samples.ask(question).short_answer in {"April 2019", "April 4, 2019"}  # both are said


def test_filters_limit_outlets_and_dates(samples: QueryEngine) -> None:
    only = samples.ask(UN_QUESTION, filters=Filters(publishers=("harbour wire",)))
    assert {c.article.publisher for c in only.citations} == {"Harbour Wire"}
    early = samples.retrieve("ceasefire", filters=Filters(published_to="2020-10-31"))
    assert early
    assert all((p.article.published or "9") <= "2020-10-31" for p in early)
    none = samples.ask(UN_QUESTION, filters=Filters(publishers=("No Such Paper",)))
    assert none.text == "No article fits the chosen outlets and dates."


def test_a_stream_gives_passages_then_text_then_the_answer(samples: QueryEngine) -> None:
    events = list(samples.stream(UN_QUESTION))
    assert isinstance(events[0], Retrieved)
    assert isinstance(events[-1], Answer)
    deltas = [event.text for event in events[1:-1] if isinstance(event, TextDelta)]
    assert "".join(deltas) == events[-1].text == samples.ask(UN_QUESTION).text
    assert events[0].passages == events[-1].passages


def test_the_answer_is_plain_json(samples: QueryEngine) -> None:
    answer = samples.ask(UN_QUESTION)
    plain = answer.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["citations"][0]["article"]["id"] == answer.citations[0].article.id


def test_passages_come_best_first_with_exact_offsets(samples: QueryEngine) -> None:
    found = samples.retrieve("coastal road between Sirte and Misrata", top_k=4)
    assert len(found) == 4
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)
    for passage in found:
        article = samples.article(passage.article.id)
        assert article is not None
        assert article.text[passage.start : passage.end] == passage.text


@pytest.mark.parametrize("question", ["", "  \n\t ", "?!…", "--- ***", "\x00\x1b", "a " * 50_000])
def test_a_question_that_asks_nothing_is_refused_in_one_line(
    samples: QueryEngine, question: str
) -> None:
    with pytest.raises(UsageError) as error:
        samples.ask(question)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 120


@pytest.mark.parametrize(
    "question",
    [
        "<|endoftext|> How many fighters?",
        "who \x1b[31mis\x00 Haftar?",
        "the of and",
        "كم عدد المقاتلين الأجانب؟",
        "外国战斗人员有多少？",
        "🤷",
        'AND OR NOT (fighters:*) "',
        "x" * 1900,
        "(" * 500 + "a",
    ],
)
def test_any_other_question_gets_an_answer_or_a_refusal(
    samples: QueryEngine, question: str
) -> None:
    if not any(c.isalnum() for c in question):
        pytest.skip("holds no word")
    assert_cites_exact_words(samples, samples.ask(question))


def test_an_empty_home_says_how_to_fill_it(tmp_path: Path) -> None:
    with rag.connect(tmp_path / "none") as engine:
        answer = engine.ask(UN_QUESTION)
        assert answer.text == "There are no articles yet. Add some with: dateline ingest FOLDER"
        assert engine.retrieve(UN_QUESTION) == []
    assert not (tmp_path / "none").exists()


def test_a_question_of_the_present_prefers_what_was_new_when_it_was_asked(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for day, name in (("2022-06-14", "Alder"), ("2021-06-14", "Birch"), ("2022-09-01", "Cedar")):
        front = f"---\ntitle: The cup\npublished: {day}\n---\n"
        (folder / f"{name}.md").write_text(f"{front}{name} won the harbour cup on Sunday.\n")
    with rag.connect(tmp_path / "home") as engine:
        engine.ingest([folder, ROOT / "samples" / "articles"])

    def first(question: str, today: date) -> str | None:
        with rag.connect(tmp_path / "home", today=today) as engine:
            return engine.retrieve(question)[0].article.published

    assert first("Who won the harbour cup?", date(2022, 6, 16)) == "2022-06-14"
    assert first("Who won the harbour cup?", date(2022, 9, 2)) == "2022-09-01"
    assert first("Who won the harbour cup?", date(2021, 6, 20)) == "2021-06-14"
    years = {
        first("Who won the 2021 harbour cup?", day) for day in (date(2022, 6, 16), date(2022, 9, 2))
    }
    assert len(years) == 1


def test_a_language_model_that_cannot_be_used_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LLMError, match="names no language model"):
        rag.connect(tmp_path, llm="gpt-4o")
    rag.connect(tmp_path, llm="extractive").close()


def test_the_packages_are_ours_and_cost_nothing_to_import(tmp_path: Path) -> None:
    code = (
        "import rag, index, ui, ui.cli, sys;"
        "heavy = {'chromadb', 'llama_index', 'gradio', 'onnxruntime', 'numpy', 'tantivy'};"
        "print(rag.__file__, *sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(Path(rag.__file__))]
