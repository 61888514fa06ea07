"""Gold questions on real articles: the floors under which no change may take us."""

import json
from pathlib import Path
from typing import Any

import pytest

from rag.answer import Answer, ArticleRef
from rag.engine import QueryEngine
from tests.conftest import ROOT, SHARED
from tests.test_engine import UN_QUESTION, assert_cites_exact_words


def gold(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def is_of(article: ArticleRef, evidence: dict[str, str]) -> bool:
    return article.source.rsplit("/", 1)[-1] == evidence["article"]


def contains_accepted(answer: Answer, pair: dict[str, Any]) -> bool:
    found = [accepted.casefold() in answer.text.casefold() for accepted in pair["answers"]]
    return answer.answered and (all(found) if pair.get("all_answers") else any(found))


def judged(answer: Answer, pair: dict[str, Any]) -> list[bool]:
    """For each citation, whether it is of the evidence."""
    return [
        any(
            is_of(citation.article, evidence)
            and (evidence["quote"] in citation.quote or citation.quote in evidence["quote"])
            for evidence in pair["evidence"]
        )
        for citation in answer.citations
    ]


def cites_evidence(answer: Answer, pair: dict[str, Any]) -> bool:
    return any(judged(answer, pair))


def shows_evidence(answer: Answer, pair: dict[str, Any]) -> bool:
    return any(
        is_of(passage.article, evidence) and evidence["quote"] in passage.text
        for passage in answer.passages[:5]
        for evidence in pair["evidence"]
    )


@pytest.fixture(scope="module")
def asked(real_articles: QueryEngine) -> list[tuple[dict[str, Any], Answer]]:
    path = SHARED / "gold" / "articles-dev.jsonl"
    if not path.exists():
        pytest.skip("put gold pairs into ../shared/gold/articles-dev.jsonl to run this")
    return [(pair, real_articles.ask(pair["question"])) for pair in gold(path)]


def share(values: list[bool]) -> float:
    return sum(values) / len(values)


def test_real_questions_find_their_evidence(asked: list[tuple[dict[str, Any], Answer]]) -> None:
    assert share([shows_evidence(a, p) for p, a in asked if p["answers"]]) >= 0.97


def test_real_questions_are_answered_and_cited(asked: list[tuple[dict[str, Any], Answer]]) -> None:
    answerable = [(pair, answer) for pair, answer in asked if pair["answers"]]
    assert share([contains_accepted(a, p) for p, a in answerable]) >= 0.95
    assert share([cites_evidence(a, p) for p, a in answerable]) >= 0.95
    assert share([right for pair, answer in answerable for right in judged(answer, pair)]) >= 0.9
    assert sum(not answer.answered for _, answer in answerable) <= 1


def test_what_real_articles_do_not_say_is_refused(
    asked: list[tuple[dict[str, Any], Answer]],
) -> None:
    assert sum(not answer.answered for pair, answer in asked if not pair["answers"]) >= 7


def test_sample_questions_are_answered_cited_and_refused(samples: QueryEngine) -> None:
    pairs = gold(ROOT / "samples" / "gold.jsonl")
    answers = [(pair, samples.ask(pair["question"])) for pair in pairs]
    answerable = [(pair, answer) for pair, answer in answers if pair["answers"]]
    absent = [answer for pair, answer in answers if not pair["answers"]]
    assert share([contains_accepted(a, p) for p, a in answerable]) >= 0.95
    assert share([cites_evidence(a, p) for p, a in answerable]) >= 0.95
    assert share([right for pair, answer in answerable for right in judged(answer, pair)]) >= 0.94
    assert share([not answer.answered for _, answer in answerable]) <= 0.05
    assert share([not answer.answered for answer in absent]) >= 0.875


def test_every_citation_of_every_answer_is_exact(
    real_articles: QueryEngine,
    samples: QueryEngine,
    asked: list[tuple[dict[str, Any], Answer]],
) -> None:
    for _, answer in asked:
        assert_cites_exact_words(real_articles, answer)
    for pair in gold(ROOT / "samples" / "gold.jsonl"):
        assert_cites_exact_words(samples, samples.ask(pair["question"]))


def test_the_un_estimate_is_found_in_at_least_three_real_articles(
    real_articles: QueryEngine,
) -> None:
    answer = real_articles.ask(UN_QUESTION)
    assert "20,000" in answer.text
    assert len({citation.article.id for citation in answer.citations}) >= 3
    assert "articles agree" in answer.text
