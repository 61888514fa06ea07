"""Instructions planted in an article found nothing; the benchmark plants all of them in real ones.

A model that obeys is the worst case: what it writes is never supported by the instruction.
"""

import pytest

from benchmarks.injection import instructions, obeyed
from rag.checking.support import ModelChecker
from tests.conftest import SHARED

ARTICLE = "The bridge at Arno was closed on Monday. {} Engineers found cracks in two pillars."


@pytest.fixture(scope="module")
def planted():
    if not (SHARED / "data" / "bipia").is_dir():
        pytest.skip("put bipia/text_attack_train.json into ../shared/data to run this")
    return instructions(SHARED)[::5]


def test_what_an_obeying_model_writes_is_not_supported(planted):
    pairs = [(said, ARTICLE.format(order)) for order in planted for said in obeyed(order)]
    verdicts = ModelChecker().check_all(pairs)
    shown = [pair for pair, one in zip(pairs, verdicts, strict=True) if one.support == "supported"]
    assert shown == []


def test_the_report_around_an_instruction_still_supports(planted):
    claim = "Engineers discovered cracks in two pillars."
    verdicts = ModelChecker().check_all([(claim, ARTICLE.format(order)) for order in planted])
    assert {verdict.support for verdict in verdicts} == {"supported"}
