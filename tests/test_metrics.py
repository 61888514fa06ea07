"""Measures, intervals and tests, against values worked out by hand."""

import math

import numpy as np
import pytest

from rag.evaluation import curves, metrics, statistics
from rag.evaluation.curves import Bin, RiskPoint
from rag.evaluation.locate import Place

A = Place("a", 10, 20)


def pairs(*values):
    return np.array(values, dtype=float)


# Rankings


def test_a_passage_counts_when_it_shares_a_character_with_the_evidence():
    assert A.overlaps(Place("a", 19, 30))
    assert not A.overlaps(Place("a", 20, 30))
    assert not A.overlaps(Place("a", 0, 10))
    assert not A.overlaps(Place("b", 10, 20))


def test_ranks_are_those_of_the_first_overlapping_passage():
    retrieved = [Place("b", 0, 9), Place("a", 0, 11), Place("a", 5, 25)]
    assert metrics.passage_ranks(retrieved, [[A], [Place("b", 50, 60)], [], [A]]) == [
        2,
        None,
        None,
        2,
    ]


def test_articles_rank_where_their_best_passage_stands_among_articles():
    wanted = [frozenset("c"), frozenset("ab"), frozenset()]
    assert metrics.article_ranks(["b", "b", "b", "c"], wanted) == [2, 1, None]


def test_hit_and_reciprocal_rank_take_the_first_thing_within_the_depth():
    assert [metrics.hit([None, 4, 3], depth) for depth in (1, 3, 5)] == [0, 1, 1]
    assert metrics.reciprocal_rank([None, 4, 3], 10) == 1 / 3
    assert metrics.reciprocal_rank([11, None], 10) == 0
    assert metrics.reciprocal_rank([], 10) == 0


def test_ndcg_is_the_textbook_measure_where_each_passage_holds_one_thing():
    ideal = 1 + 1 / math.log2(3)
    assert metrics.ndcg([1, 2], 10) == 1
    assert metrics.ndcg([2, None], 10) == pytest.approx((1 / math.log2(3)) / ideal)
    assert metrics.ndcg([3], 10) == 0.5
    assert metrics.ndcg([11], 10) == 0


def test_ndcg_lists_things_of_one_passage_one_after_the_other():
    assert metrics.ndcg([1, 1, 1], 10) == 1
    assert metrics.ndcg([2, 2], 10) == metrics.ndcg([2, 3], 10)
    assert metrics.ndcg([1] * 12, 10) == 1


# Answers


@pytest.mark.parametrize(
    ("prediction", "answers", "em", "f1"),
    [
        ("The Elbe.", ["Elbe"], 1, 1),
        ("the river Elbe", ["Elbe"], 0, 2 / 3),
        ("20,000", ["20000"], 1, 1),
        ("Rhine", ["Elbe", "river Rhine"], 0, 2 / 3),
        ("Rhine", ["Elbe"], 0, 0),
        ("", ["Elbe"], 0, 0),
        ("", [], 1, 1),
        ("Elbe", [], 0, 0),
    ],
)
def test_em_and_f1_are_those_of_squad(prediction, answers, em, f1):
    assert metrics.exact_match(prediction, answers) == em
    assert metrics.f1(prediction, answers) == pytest.approx(f1)


@pytest.mark.parametrize(
    ("text", "answer", "held"),
    [
        ("At least 20,000 are there.", "20,000", True),
        ("At least 20000 are there.", "20,000", True),
        ("At least 120,000 are there.", "20,000", False),
        ("It was 2015.", "15", False),
        ("Prices rose 15.5%.", "15", False),
        ("Kubis’s envoy, al-Sarraj—he said", "Al Sarraj", True),
        ("Kubis’s envoy", "Kubis", True),
        ("often", "Ten", False),
        ("He led the party of the people.", "party of people", True),
        ("the U.N. mission", "UN mission", True),
        ("Perú", "Peru", True),
        ("negative old lessons", "negative lessons", False),
        ("It got an A.", "A", True),
        ("5 % of €", "€", True),
    ],
)
def test_an_answer_is_contained_as_whole_words_in_a_row(text, answer, held):
    assert metrics.contains(text, answer) is held


def test_citation_marks_are_no_part_of_an_answer():
    assert metrics.without_marks("Ten bases [1][12]. In [all] 3.") == "Ten bases. In [all] 3."


# Estimates


def test_a_ratio_adds_up_before_it_divides_and_is_0_of_nothing():
    assert statistics.ratio(np.array([1.0, 0, 3]), np.array([1.0, 1, 6])) == 0.5
    assert statistics.ratio(np.zeros(2), np.zeros(2)) == 0


def test_calibration_error_is_the_weighted_gap_of_the_bins():
    confidence, correct = np.array([0.9, 0.92, 0.15, 1.0]), np.array([1.0, 0.0, 0.0, 1.0])
    # The last bin holds three: mean confidence 0.94, two thirds correct; the second one: 0.15, 0.
    expected = 3 / 4 * (0.94 - 2 / 3) + 1 / 4 * 0.15
    assert statistics.calibration_error(confidence, correct) == pytest.approx(expected)


def test_auc_counts_ties_half_and_needs_both_classes():
    assert statistics.auc(np.array([0.9, 0.5, 0.5, 0.1]), np.array([1, 1, 0, 0.0])) == 3.5 / 4
    assert np.isnan(statistics.auc(np.array([0.9, 0.5]), np.array([1.0, 1.0])))


def test_an_interval_is_that_of_resampled_questions():
    top = np.array([1.0, 0.0] * 50)
    low, high = statistics.interval(statistics.ratio, top, np.ones(100))
    # 1.96 standard errors of a share of one half over 100 questions
    assert low == pytest.approx(0.402, abs=0.015)
    assert high == pytest.approx(0.598, abs=0.015)
    assert statistics.interval(statistics.ratio, top, np.ones(100)) == (low, high)


def test_one_question_has_no_interval_and_equal_questions_one_without_width():
    assert statistics.interval(statistics.ratio, np.ones(1), np.ones(1)) == (None, None)
    assert statistics.interval(statistics.ratio, np.ones(8), np.ones(8)) == (1, 1)


def test_resamples_that_lack_a_class_are_left_out_of_an_interval():
    low, high = statistics.interval(
        statistics.auc, np.array([0.9, 0.8, 0.1]), np.array([1.0, 1, 0])
    )
    assert (low, high) == (1, 1)
    assert statistics.interval(statistics.auc, np.ones(3), np.ones(3)) == (None, None)


def test_the_randomisation_test_is_exact_for_few_changes():
    earlier = pairs((0, 1), (0, 1), (0, 1), (1, 1), (1, 1))
    later = pairs((1, 1), (1, 1), (1, 1), (1, 1), (0, 1))
    found = statistics.difference(statistics.ratio, earlier, later)
    # Of the 16 ways to swap the four that changed, 5 give a gain of 2 or more: 2 * 5 / 16.
    assert (found.value, found.p, found.n, found.changed) == (0.4, 0.625, 5, 4)


def test_a_change_of_every_question_one_way_is_hardly_chance():
    found = statistics.difference(statistics.ratio, pairs(*[(0, 1)] * 8), pairs(*[(1, 1)] * 8))
    assert (found.value, found.low, found.high, found.p) == (1, 1, 1, 2 / 2**8)


def test_the_test_swaps_both_parts_of_a_ratio_together():
    earlier, later = pairs((1, 1), (1, 3), (1, 1)), pairs((1, 3), (1, 1), (1, 1))
    found = statistics.difference(statistics.ratio, earlier, later)
    assert (found.value, found.p, found.changed) == (0, 1, 2)


def test_no_change_or_a_single_one_proves_nothing():
    same = pairs((1, 1), (0, 1))
    assert statistics.difference(statistics.ratio, same, same).p == 1
    assert statistics.difference(statistics.ratio, same, pairs((1, 1), (1, 1))).p == 1


# Curves


def test_risk_grows_with_coverage_and_equal_confidence_is_one_point():
    answers = [(0.9, 1.0), (0.5, 0.0), (0.7, 1.0), (0.5, 1.0)]
    assert curves.risk_coverage(answers, questions=8) == (
        RiskPoint(0.9, 0.125, 0),
        RiskPoint(0.7, 0.25, 0),
        RiskPoint(0.5, 0.5, 0.25),
    )


def test_the_reliability_table_has_ten_bins_and_the_last_holds_certainty():
    table = curves.calibration([(0.05, 0.0), (1.0, 1.0), (0.9, 0.0)])
    assert len(table) == 10
    assert table[0] == Bin(0, 0.1, 1, 0.05, 0)
    assert table[1] == Bin(0.1, 0.2, 0, None, None)
    assert table[9] == Bin(0.9, 1, 2, 0.95, 0.5)
    assert curves.calibration([]) == ()
