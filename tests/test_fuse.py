"""Two rankings become one."""

from rag.fuse import fuse, min_max


def test_the_best_of_both_wins() -> None:
    ranked = fuse({"a": 0.9, "b": 0.8, "c": 0.1}, {"b": 12.0, "c": 3.0, "a": 1.0}, 0.5)
    assert [key for key, _ in ranked] == ["b", "a", "c"]


def test_an_item_found_by_one_search_only_still_counts() -> None:
    assert dict(fuse({"a": 0.5, "b": 0.1}, {"c": 4.0}, 0.5)) == {"a": 0.5, "b": 0.0, "c": 0.5}


def test_the_share_decides_between_the_two() -> None:
    dense, keyword = {"a": 1.0, "b": 0.0}, {"b": 1.0, "a": 0.0}
    assert fuse(dense, keyword, 0.9)[0][0] == "a"
    assert fuse(dense, keyword, 0.1)[0][0] == "b"


def test_ties_are_broken_by_the_id() -> None:
    assert [key for key, _ in fuse({"b": 1.0, "a": 1.0}, {}, 0.5)] == ["a", "b"]


def test_scores_that_do_not_differ_are_all_best() -> None:
    assert min_max({"a": 3.0, "b": 3.0}) == {"a": 1.0, "b": 1.0}
    assert min_max({}) == {}
