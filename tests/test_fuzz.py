"""Whatever the bytes, each format ends in failures or in articles whose offsets hold."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.formats.kinds import SUFFIXES
from tests.way_in import SEEDS, bring_in

_edits = st.lists(
    st.tuples(st.integers(0, 5_000), st.integers(0, 40), st.binary(max_size=12)), max_size=6
)


def edited(data: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """Replace runs of bytes; the place counts round the data."""
    for place, length, new in edits:
        at = place % (len(data) + 1)
        data = data[:at] + new + data[at + length :]
    return data


def test_every_format_has_a_seed_that_comes_in():
    assert SEEDS.keys() == set(SUFFIXES.values())
    for kind, data in SEEDS.items():
        assert bring_in(kind, data) > 0, kind


@pytest.mark.parametrize("kind", sorted(SEEDS))
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(edits=_edits)
def test_a_damaged_file_fails_or_comes_in_whole(kind, edits):
    bring_in(kind, edited(SEEDS[kind], edits))


@pytest.mark.parametrize("kind", ["text", "html", "eml", "csv"])
@settings(max_examples=60, deadline=None, derandomize=True)
@given(text=st.text(max_size=400), charset=st.sampled_from(["utf-8", "utf-16", "cp1252"]))
def test_any_text_fails_or_comes_in_whole(kind, text, charset):
    bring_in(kind, text.encode(charset, "ignore"))
