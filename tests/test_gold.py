"""Gold files in three formats, what is wrong with them, and where their evidence stands."""

import json

import pytest

from index.errors import UsageError
from rag.evaluation.gold import read_gold
from rag.evaluation.items import Evidence, GoldItem
from rag.evaluation.locate import Locator, Place, warnings
from tests.scripted_engine import ScriptedEngine

RIVER = {
    "id": "r",
    "kind": "place",
    "question": "Which river?",
    "answers": ["Elbe", "the Elbe"],
    "evidence": [{"article": "a.txt", "quote": "on the Elbe"}],
}


@pytest.fixture
def gold(tmp_path):
    """Write a gold file and read it."""

    def gold(content, name="gold.jsonl"):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return read_gold(path)

    return gold


def lines(*records):
    return "\n".join(json.dumps(record) for record in records)


def squad(*questions, context="It lies on the Elbe. The Elbe is long."):
    return json.dumps({"data": [{"paragraphs": [{"context": context, "qas": list(questions)}]}]})


def test_a_json_line_gives_a_question_with_its_evidence(gold):
    evidence = (Evidence("on the Elbe", "a.txt"),)
    assert gold(lines(RIVER)).items == (
        GoldItem("r", "place", "Which river?", ("Elbe", "the Elbe"), False, evidence),
    )


def test_no_answers_mean_unanswerable_and_a_missing_id_and_kind_are_made_up(gold):
    text = lines({"question": "Who?", "answers": []}, {"question": "When?", "answers": ["2011"]})
    first, second = gold(text).items
    assert (first.kind, first.answerable) == ("unanswerable", False)
    assert (second.kind, second.answerable) == ("answerable", True)
    assert first.id != second.id
    assert gold("\n\n" + text).items[0].id == first.id


def test_a_byte_order_mark_and_blank_lines_do_no_harm(gold):
    assert len(gold("\ufeff\n" + lines(RIVER) + "\r\n\r\n").items) == 1


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        ("{", "is not valid JSON (Expecting property name enclosed in double quotes at column 2)"),
        ("[1]", "is not a JSON object"),
        ("9" * 5000, "is not valid JSON"),
        (lines({"answers": []}), '"question" is missing'),
        (lines({"question": " ", "answers": []}), '"question" is empty'),
        (lines({"question": 3, "answers": []}), '"question" must be a text, not a number'),
        (
            lines({"question": "Who?"}),
            '"answers" is missing; an empty list means that the articles do not say',
        ),
        (
            lines({"question": "Who?", "answers": "Ann"}),
            '"answers" must be a list of texts, not a text',
        ),
        (
            lines({"question": "Who?", "answers": [2011]}),
            '"answers" must hold texts, not a number; put it in quotes',
        ),
        (
            lines({"question": "Who?", "answers": [""]}),
            '"answers" holds an empty text; leave it out',
        ),
        (
            lines({**RIVER, "all_answers": "yes"}),
            '"all_answers" must be true or false, not a text',
        ),
        (lines({**RIVER, "evidence": {}}), '"evidence" must be a list, not an object'),
        (lines({**RIVER, "evidence": ["x"]}), '"evidence" must hold objects, not a text'),
        (lines({**RIVER, "evidence": [{"quote": "x"}]}), '"article" is missing'),
        (lines({**RIVER, "id": None}), '"id" must be a text, not null'),
    ],
)
def test_a_bad_line_is_named_by_number_and_the_rest_goes_on(gold, bad, problem):
    read = gold(f"{bad}\n{lines({**RIVER, 'id': 'good'})}")
    assert [item.id for item in read.items] == ["good"]
    assert read.problems == (f"line 1: {problem}",)


def test_the_second_of_two_equal_ids_is_left_out_and_named(gold):
    read = gold(lines(RIVER, {**RIVER, "question": "And which lake?"}))
    assert [item.question for item in read.items] == ["Which river?"]
    assert read.problems == ("line 2: the id 'r' is taken by line 1; give it its own",)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("gold.jsonl", b"", "the file is empty"),
        ("gold.jsonl", b"\n \n", "the file is empty"),
        ("gold.jsonl", b"oops", "line 1: is not valid JSON"),
        ("gold.csv", b"", 'line 1: the columns "question" and "answer" are needed'),
        ("gold.json", b'{"data": []}', "the file is empty"),
        ("gold.json", b'{"data": 3}', 'the file: "data" must be a list of articles'),
        ("gold.jsonl", b"\xff\xfe{", "is not UTF-8 (byte 1)"),
    ],
)
def test_a_file_without_a_question_is_refused_in_one_line(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError) as refused:
        read_gold(tmp_path / name)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_or_a_folder_is_refused(tmp_path):
    with pytest.raises(UsageError, match="There is no gold file"):
        read_gold(tmp_path / "none.jsonl")
    with pytest.raises(UsageError, match="cannot be read"):
        read_gold(tmp_path)


def test_a_table_gives_questions_with_answers_between_bars(gold):
    read = gold(
        "ID,Question,Answer,Article,Quote\n"
        '1,"Which river, then?",Elbe | the Elbe,a.txt,on the Elbe\n'
        "2,Who?,,,\n",
        "gold.csv",
    )
    evidence = (Evidence("on the Elbe", "a.txt"),)
    assert read.items == (
        GoldItem("1", "answerable", "Which river, then?", ("Elbe", "the Elbe"), False, evidence),
        GoldItem("2", "unanswerable", "Who?", ()),
    )


def test_a_table_may_use_semicolons_and_name_its_bad_lines(gold):
    read = gold('question;answer\n"Who\nruns?";Ann\n;Ben\nWhen?\n', "gold.CSV")
    assert [item.question for item in read.items] == ["Who\nruns?"]
    assert read.problems == (
        'line 4: "question" is empty',
        "line 5: has no answer cell; an empty one means that the articles do not say",
    )


def test_squad_gives_questions_with_the_spans_of_their_paragraph(gold):
    marked = [{"text": "Elbe", "answer_start": 15}, {"text": "the Elbe", "answer_start": 11}]
    marked += [{"text": "Elbe", "answer_start": 25}]
    read = gold(
        squad(
            {"id": "1", "question": "Which river?", "answers": marked, "is_impossible": False},
            {"id": "2", "question": "Which lake?", "answers": [], "is_impossible": True},
        ),
        "dev.json",
    )
    context = "It lies on the Elbe. The Elbe is long."
    evidence = (Evidence("the Elbe", None, context, 11), Evidence("Elbe", None, context, 25))
    assert read.items == (
        GoldItem("1", "answerable", "Which river?", ("Elbe", "the Elbe"), False, evidence),
        GoldItem("2", "unanswerable", "Which lake?", ()),
    )


def test_a_bad_squad_question_is_named_by_place_and_the_rest_goes_on(gold):
    read = gold(
        squad(
            {"id": "1", "question": "A?", "answers": [{"text": "Elbe", "answer_start": 0}]},
            {"id": "2", "question": "B?", "answers": []},
            {"id": "3", "question": "C?", "is_impossible": True},
        )
    )
    assert [item.id for item in read.items] == ["3"]
    assert read.problems == (
        "article 1, paragraph 1, question 1: \"answer_start\" does not lead to 'Elbe'",
        'article 1, paragraph 1, question 2: "answers" is empty although "is_impossible" is not '
        "true",
    )


# Where evidence stands


@pytest.fixture
def locator():
    texts = {
        "a": "Dresden  lies\non the Elbe. So does Hamburg, on the Elbe.",
        "b": "  Intro.\n\nIt lies on the  Elbe. The Elbe is long.",
    }
    return Locator(ScriptedEngine(texts, {}))


@pytest.mark.parametrize("name", ["a", "a.txt", "/news/a.txt"])
def test_evidence_is_found_everywhere_in_the_article_that_it_names(locator, name):
    located = locator.locate(Evidence("on the Elbe", name))
    assert located.places == (Place("a", 14, 25), Place("a", 44, 55))
    assert located.articles == {"a"}


def test_white_space_may_differ(locator):
    assert locator.locate(Evidence("Dresden lies on", "a")).places == (Place("a", 0, 16),)


def test_a_span_is_found_in_the_article_that_holds_its_paragraph(locator):
    context = "It lies on the Elbe. The Elbe is long."
    located = locator.locate(Evidence("Elbe", None, context, 15))
    assert located.places == (Place("b", 26, 30),)
    assert located.articles == {"b"}


def test_what_the_home_lacks_is_counted_and_named(locator):
    there, gone = Evidence("on the Elbe", "a"), Evidence("on the Elbe", "gone.txt")
    misquoted = Evidence("on the Rhine", "a")
    item = GoldItem("r", "place", "Which river?", ("Elbe",))
    located = [[locator.locate(each) for each in (there, gone, gone, misquoted)]]
    assert warnings([item], located) == (
        "2 pieces of evidence from 1 article not in the home (gone.txt): counted as not found. "
        "Ingest what is missing, or check the names.",
        "1 piece of evidence not in the text of the named article (r): counted as not found. "
        "Check the quoted words.",
    )
    assert warnings([item], [[locator.locate(there)]]) == ()
