"""The written claim-quote pairs hold together."""

import json
from collections import Counter
from pathlib import Path

import pytest

from index.clean import prepare
from index.load import find_sources, load

HERE = Path(__file__).resolve().parent
PAIRS = HERE / "data" / "claims.jsonl"
ARTICLES = HERE.parent / "samples" / "articles"
ALTERATIONS = {"number", "date", "name", "negation", "attribution", "mixed"}


@pytest.fixture(scope="module")
def pairs():
    return [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def bodies():
    documents = (document for path in find_sources([ARTICLES]) for document in load(path))
    return {Path(document.source).name: prepare(document)[0] for document in documents}


def test_each_quote_stands_in_its_article(pairs, bodies):
    for pair in pairs:
        for evidence in pair["evidence"]:
            assert evidence["quote"] in bodies[evidence["article"]], pair["id"]


def test_ids_and_claims_are_unique(pairs):
    assert max(Counter(pair["id"] for pair in pairs).values()) == 1
    assert max(Counter(pair["claim"] for pair in pairs).values()) == 1


def test_half_are_true_and_each_alteration_has_at_least_twenty(pairs):
    kinds = Counter(pair["alteration"] for pair in pairs)
    assert set(kinds) == ALTERATIONS | {None}
    assert min(kinds.values()) >= 20
    assert 0.45 <= kinds[None] / len(pairs) <= 0.55


def test_a_pair_is_altered_if_and_only_if_it_is_unsupported(pairs):
    for pair in pairs:
        assert (pair["label"] == "unsupported") == (pair["alteration"] is not None), pair["id"]


def test_no_article_is_in_both_halves(pairs):
    halves = {}
    for pair in pairs:
        article = pair["id"].rsplit("-", 1)[0]
        assert halves.setdefault(article, pair["half"]) == pair["half"]
