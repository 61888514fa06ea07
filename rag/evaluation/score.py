"""The scores of one question: what it adds to each figure.

A score is a pair (top, bottom). A figure over questions is sum(top) / sum(bottom), unless
rag/evaluation/figures.py says otherwise; a question without a pair does not count towards it.
"""

from collections.abc import Iterator, Sequence

from rag.evaluation import metrics
from rag.evaluation.ask import Outcome
from rag.evaluation.items import GoldItem
from rag.evaluation.judged import Judgement
from rag.evaluation.locate import Located

Pair = tuple[float, float]
HIT_DEPTHS = (1, 3, 5, 10)
DEPTH = 10  # of MRR and nDCG


def score(
    item: GoldItem,
    located: Sequence[Located],
    outcome: Outcome,
    judgement: Judgement | None = None,
) -> dict[str, Pair]:
    """Every score of one question, by the figure's name.

    A question that failed is wrong wherever an answer would have been right, and neither an
    answer nor a refusal; its time does not count. Neither does a judgement that failed.
    """
    scores = dict(_retrieval(located, outcome))
    scores |= _answer(item, outcome)
    scores |= _citations(item, located, outcome)
    scores |= _refusal(item, outcome)
    if judgement is not None and judgement.error is None:
        scores["judged_citation_recall"] = (judgement.recall, 1.0)
        scores["judged_citation_precision"] = (judgement.precision, 1.0)
    if outcome.error is None:
        scores["seconds_p50"] = scores["seconds_p95"] = (outcome.seconds, 1.0)
    if outcome.confidence is not None:
        # Refusals included: the confidence of the best sentence, shown or not.
        scores["answerable_auc"] = (outcome.confidence, float(item.answerable))
        if outcome.answered:
            scores["ece"] = (outcome.confidence, scores["correct"][0])
    return scores


def _retrieval(located: Sequence[Located], outcome: Outcome) -> Iterator[tuple[str, Pair]]:
    """Rankings, of questions that have evidence. What the home lacks is wanted all the same."""
    if not located:
        return
    passages = metrics.passage_ranks(outcome.retrieved, [piece.places for piece in located])
    # Pieces of evidence in one article want that article once.
    names: dict[object, frozenset[str]] = {}
    for piece in located:
        names[piece.articles or piece.evidence.article or piece.evidence.context] = piece.articles
    found = [place.article for place in outcome.retrieved]
    articles = metrics.article_ranks(found, list(names.values()))
    for prefix, ranks in (("", passages), ("article_", articles)):
        for depth in HIT_DEPTHS:
            yield f"{prefix}hit@{depth}", (metrics.hit(ranks, depth), 1.0)
        yield f"{prefix}mrr@{DEPTH}", (metrics.reciprocal_rank(ranks, DEPTH), 1.0)
        yield f"{prefix}ndcg@{DEPTH}", (metrics.ndcg(ranks, DEPTH), 1.0)


def _answer(item: GoldItem, outcome: Outcome) -> Iterator[tuple[str, Pair]]:
    text = metrics.without_marks(outcome.text) if outcome.answered else ""
    held = [metrics.contains(text, answer) for answer in item.answers]
    right = bool(held) and (all(held) if item.all_answers else any(held))
    refused = outcome.error is None and not outcome.answered
    yield "correct", (float(right if item.answerable else refused), 1.0)
    if item.answerable:
        yield "answer", (float(right), 1.0)
    if item.all_answers and item.answerable:
        yield "all_answers", (sum(held) / len(held), 1.0)
        return  # a list has no one short answer
    # An answer without a short one stands for itself. Only a refusal is the empty prediction: not
    # a failure, nor an answer of which normalisation leaves nothing.
    short = (outcome.short_answer or text) if outcome.answered else ""
    fits = item.answerable or refused
    em = metrics.exact_match(short, item.answers) if fits else 0.0
    f1 = metrics.f1(short, item.answers) if fits else 0.0
    yield from (("em", (em, 1.0)), ("f1", (f1, 1.0)))
    if item.answerable:
        yield from (("em_answerable", (em, 1.0)), ("f1_answerable", (f1, 1.0)))


def _citations(
    item: GoldItem, located: Sequence[Located], outcome: Outcome
) -> Iterator[tuple[str, Pair]]:
    """Citations against evidence, of answerable questions that have evidence."""
    if not item.answerable or not located:
        return
    good = supported(located, outcome)
    cited = [
        any(each.place.overlaps(place) for each in outcome.citations for place in piece.places)
        for piece in located
    ]
    yield "citation_recall", (float(any(cited)), 1.0)
    yield "evidence_recall", (float(sum(cited)), float(len(cited)))
    if good:
        yield "citation_precision", (float(sum(good)), float(len(good)))


def supported(located: Sequence[Located], outcome: Outcome) -> tuple[bool, ...]:
    """For each citation, whether it shares a character with any evidence."""
    wanted = [piece.places for piece in located]
    return tuple(metrics.supports(each.place, wanted) for each in outcome.citations)


def _refusal(item: GoldItem, outcome: Outcome) -> Iterator[tuple[str, Pair]]:
    refused = outcome.error is None and not outcome.answered
    if refused:
        yield "refusal_precision", (float(not item.answerable), 1.0)
    name = "answerable_refused" if item.answerable else "refusal_recall"
    yield name, (float(refused), 1.0)
