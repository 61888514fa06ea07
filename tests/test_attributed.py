"""A statement is asked of one source and not answered with another's."""

import numpy as np
import pytest

import rag
from rag.attributed import names_source
from rag.retrieve import Query
from rag.understand import understand
from tests.test_shorten import seen

PASSAGE = "Count of boats. The Tide Institute counted 800 boats in the Bay of Senn."


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("How many boats did the Tide Institute count?", True),
        ("How many boats does the institute say there are?", True),
        ("How many boats did the Harbour Union count?", False),
        ("What did the mayor of Lund say about the boats?", False),
        ("How many boats did the harbour master count?", True),
        ("What prize did the Bay of Lund give the institute?", True),
        ("How many boats are in the Bay of Lund?", True),
    ],
)
def test_the_source_that_is_asked_for_by_name_must_be_named(question: str, named: bool) -> None:
    wanted, _ = seen(question, PASSAGE)
    query = Query(understand(question), question, tuple(wanted), np.zeros(384, np.float32), None)
    assert names_source(query, PASSAGE) is named


def test_another_source_s_figure_is_not_quoted(tmp_path) -> None:
    (tmp_path / "a.txt").write_text(
        "Count of boats\n\nThe Tide Institute counted 800 fishing boats in the bay on Monday.\n"
    )
    with rag.connect(tmp_path / "home") as engine:
        engine.ingest([tmp_path / "a.txt"])
        asked = "How many fishing boats did the {} count in the bay?"
        assert engine.ask(asked.format("Tide Institute")).short_answer == "800"
        assert not engine.ask(asked.format("Harbour Union")).answered
