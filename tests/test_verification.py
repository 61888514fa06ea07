"""What the check of claims reaches on the written pairs; the benchmark tells more.

The floors lie under what was measured (benchmarks/results/verification.md).
"""

import pytest

from benchmarks.claim_pairs import written
from rag.checking.support import ModelChecker

FLOORS = {"number": 0.98, "date": 0.98, "name": 0.92, "negation": 0.9, "attribution": 0.9}


@pytest.fixture(scope="module")
def judged():
    pairs = written()
    verdicts = ModelChecker().check_all([(pair.claim, pair.evidence) for pair in pairs])
    return list(zip(pairs, verdicts, strict=True))


@pytest.mark.parametrize(("kind", "floor"), FLOORS.items())
def test_altered_claims_are_not_supported(judged, kind, floor):
    found = [verdict.support for pair, verdict in judged if pair.alteration == kind]
    caught = sum(support != "supported" for support in found) / len(found)
    assert caught >= floor


def test_true_paraphrases_are_rarely_unsupported(judged):
    true = [verdict.support for pair, verdict in judged if pair.alteration is None]
    assert true.count("unsupported") / len(true) <= 0.1
    assert true.count("supported") / len(true) >= 0.7
