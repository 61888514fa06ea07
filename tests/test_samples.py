"""The bundled sample articles and question set hold together."""

import csv
import json
from collections import Counter
from pathlib import Path

import frontmatter
import pytest

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
ARTICLES = SAMPLES / "articles"
TABLE = ARTICLES / "articles.csv"
COLUMNS = ["file", "title", "publisher", "author", "published", "url"]
KINDS = {
    "number",
    "date",
    "person",
    "place",
    "organisation",
    "list",
    "why",
    "multi-source",
    "unanswerable",
}


def read_bodies() -> dict[str, str]:
    bodies = {}
    for path in sorted(ARTICLES.iterdir()):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".txt":
            bodies[path.name] = text
        elif path.suffix == ".md":
            bodies[path.name] = frontmatter.loads(text).content
        elif path.suffix == ".json":
            bodies[path.name] = json.loads(text)["text"]
        elif path.suffix == ".jsonl":
            for number, line in enumerate(text.splitlines(), start=1):
                bodies[f"{path.name}#{number}"] = json.loads(line)["text"]
    return bodies


def read_table() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def read_gold() -> list[dict]:
    text = (SAMPLES / "gold.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def bodies():
    return read_bodies()


@pytest.fixture(scope="module")
def gold():
    return read_gold()


def test_there_are_at_least_ten_articles(bodies):
    assert len(bodies) >= 10


def test_every_article_has_between_150_and_350_words(bodies):
    counts = {name: len(body.split()) for name, body in bodies.items()}
    assert {name: n for name, n in counts.items() if not 150 <= n <= 350} == {}


def test_articles_come_in_every_supported_format():
    assert {path.suffix for path in ARTICLES.iterdir()} == {
        ".txt",
        ".md",
        ".json",
        ".jsonl",
        ".csv",
    }


def test_table_has_the_expected_columns_and_names_only_existing_files():
    header = TABLE.read_text(encoding="utf-8").splitlines()[0]
    assert header.split(",") == COLUMNS
    files = [row["file"] for row in read_table()]
    assert len(files) == len(set(files))
    assert [name for name in files if not (ARTICLES / name).is_file()] == []


def test_one_plain_article_is_left_out_of_the_table(bodies):
    listed = {row["file"] for row in read_table()}
    plain = {name for name in bodies if name.endswith(".txt")}
    assert len(plain - listed) == 1


def test_there_are_at_least_forty_pairs(gold):
    assert len(gold) >= 40


def test_at_least_a_quarter_of_the_pairs_are_unanswerable(gold):
    unanswerable = [pair for pair in gold if pair["kind"] == "unanswerable"]
    assert 4 * len(unanswerable) >= len(gold)


def test_ids_and_questions_are_unique(gold):
    for key in ("id", "question"):
        counts = Counter(pair[key] for pair in gold)
        assert [value for value, n in counts.items() if n > 1] == []


def test_every_kind_is_known_and_used(gold):
    assert {pair["kind"] for pair in gold} == KINDS


def test_only_unanswerable_pairs_lack_answers_and_evidence(gold):
    for pair in gold:
        answerable = pair["kind"] != "unanswerable"
        assert bool(pair["answers"]) is answerable, pair["id"]
        assert bool(pair["evidence"]) is answerable, pair["id"]


def test_every_quote_occurs_exactly_once_in_the_body_of_its_article(gold, bodies):
    wrong = [
        (pair["id"], item["article"], item["quote"])
        for pair in gold
        for item in pair["evidence"]
        if bodies[item["article"]].count(item["quote"]) != 1
    ]
    assert wrong == []


def test_every_answer_occurs_in_a_quote_of_its_evidence(gold):
    wrong = [
        (pair["id"], answer)
        for pair in gold
        for answer in pair["answers"]
        if not any(answer in item["quote"] for item in pair["evidence"])
    ]
    assert wrong == []


def test_the_estimate_of_foreign_fighters_is_told_by_at_least_three_articles(gold):
    wanted = "How many foreign fighters did the UN estimate?"
    pairs = [pair for pair in gold if pair["question"] == wanted]
    assert len(pairs) == 1
    assert len({item["article"] for item in pairs[0]["evidence"]}) >= 3
