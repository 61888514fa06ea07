"""Fit what turns the network's scores into probabilities, on articles it never saw.

Writes `rag/reader.json`: the file's SHA-256, how the signals of an answer are weighed, and the
thresholds of answering and of support, chosen on the same held-out rows. Run:
`python -m training.reader.calibrate ../shared/data`.
"""

import hashlib
import json
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from index.article import Article, Chunk, Metadata
from index.records import StoredChunk
from rag.model_reader import SIGNALS, Read, read_sentences
from rag.reader_model import MODEL, SETTINGS, read_pairs, settings
from rag.retrieve import Candidate, Query
from rag.spelling import Spelling
from rag.understand import understand
from rag.weigh import weigh
from training.fit_features import Corpus
from training.reader.collection import (
    Tried,
    squad_articles,
    squad_questions,
    told_once,
    tried,
    written_questions,
)
from training.reader.data import SUPPORTED, Example, Squad
from training.reader.figures import area, bootstrap, calibration_error
from training.reader.written import by_title, written

SEED = 1
FITTED, CHECKED = 1200, 1000  # held-out questions to fit on, and to check on
CLAIMS = 1600  # held-out claims
ANSWERED = 0.7  # of the questions put to a collection, those that it answers: an assumption
CLAIM_QUANTILE = 0.9  # of the supported claims, the share that shall pass
Values = np.ndarray
# Of the held-out questions that have an answer, the share refused. From 0.04 to 0.24 the number of
# right decisions is the same within one in a hundred; chosen with gold questions in view.
REFUSED = 0.085
PARTIAL = 0.5  # of the "supported" limit: what is less is not even partly supported


def held_out(squad: Squad) -> list[Example]:
    """Claims of the held-out articles, made like those of training."""
    draw = random.Random(SEED)
    _, kept = squad.split()
    return [example for one in kept for example in squad.claims(one, draw)]


def best_reads(asked: Sequence[tuple[str, str]]) -> list[Read | None]:
    """For each (question, passage), its best sentence as the product reads it."""
    readings = read_pairs(asked)
    corpus = Corpus({text: ("", text) for _, text in asked})
    vectors = corpus.vectors([question for question, _ in asked])
    found = []
    for (question, text), reading, vector in zip(asked, readings, vectors, strict=True):
        understood, passage = understand(question), corpus.texts[text]
        spelling = Spelling({}, {}, question)
        wanted = weigh(understood, len(corpus.texts), lambda _: corpus.counts, spelling)
        chunk = Chunk("p.1.0", "p", 0, 0, len(text), tuple(passage.spans))
        vectors_of = passage.embedding.vector, passage.embedding.sentences
        candidate = Candidate(
            StoredChunk(chunk, *vectors_of), Article("p", 1, "p", text, Metadata()), 0.0
        )
        query = Query(understood, question, tuple(wanted), vector, None)
        reads = read_sentences(query, candidate, reading)
        found.append(max(reads, key=lambda read: read.words.margin, default=None))
    return found


def _found(loss: Callable[[Values], tuple[float, Values]], signals: int) -> Values:
    """The weights and the bias that lose least; no signal counts against itself."""
    limits = [(0.0, None)] * signals + [(None, None)]
    start = np.zeros(signals + 1)
    return np.asarray(minimize(loss, start, jac=True, bounds=limits, method="L-BFGS-B").x)


def listwise(trials: Sequence[Tried]) -> Values:
    """Weights and bias by which the right sentence, or else "none", is the likeliest of all."""
    rows = [
        (
            np.array([[*read.signals, 1.0] for read in one.reads]),
            np.array([read.doubt for read in one.reads]),
            np.array([*one.right, not any(one.right)]),
        )
        for one in trials
        if one.reads
    ]

    def loss(weights: Values) -> tuple[float, Values]:
        total, slope = 0.0, np.zeros_like(weights)
        for signals, doubts, right in rows:
            scores = np.append(signals @ weights - doubts, 0.0)
            shares = np.exp(scores - np.logaddexp.reduce(scores))
            fit = shares * right
            total -= np.log(fit.sum() + 1e-12)
            slope += (shares - fit / (fit.sum() + 1e-12))[:-1] @ signals
        return total / len(rows), slope / len(rows)

    return _found(loss, len(SIGNALS))


def logistic(scores: Values, doubts: Values, labels: Values) -> Values:
    """Slope and bias of a logistic regression; `doubts` are taken from the log-odds as they are."""
    rows = np.column_stack([scores, np.ones(len(scores))])

    def loss(weights: Values) -> tuple[float, Values]:
        odds = rows @ weights - doubts
        error = 1 / (1 + np.exp(-odds)) - labels
        value = np.logaddexp(0, odds) - labels * odds
        return float(value.mean()), error @ rows / len(rows)

    return _found(loss, 1)


def _threshold(odds: Values, answered: Values) -> float:
    """The log-odds above which to answer: those that refuse REFUSED of what could be answered."""
    return float(np.quantile(odds[answered], REFUSED))


def fit_answers(trials: Sequence[Tried]) -> tuple[dict[str, float], float]:
    """The weights of the signals, and the threshold of answering.

    The weights are those that choose best among all that is read; they are then scaled so that
    the chosen sentence's log-odds are those of its being right.
    """
    weights = listwise(trials)
    best = [
        max(zip(one.reads, one.right, strict=True), key=lambda pair: _score(pair[0], weights))
        for one in trials
        if one.reads
    ]
    answered = np.array([one.asked.answer is not None for one in trials if one.reads])
    scores = np.array([np.dot(read.signals, weights[:-1]) for read, _ in best])
    doubts = np.array([read.doubt for read, _ in best])
    right = np.array([is_right for _, is_right in best], dtype=float)
    slope, bias = logistic(scores, doubts, right)
    values = (*(slope * weights[:-1]), bias)
    fitted = {name: round(float(w), 4) for name, w in zip((*SIGNALS, "bias"), values, strict=True)}
    return fitted, round(_threshold(slope * scores + bias - doubts, answered), 4)


def _score(read: Read, weights: Values) -> float:
    return float(np.dot(read.signals, weights[:-1]) - read.doubt)


def report(trials: Sequence[Tried]) -> None:
    """How well the confidence is calibrated on held-out questions that nothing was fitted on."""
    best = [
        max(zip(one.reads, one.right, strict=True), key=lambda pair: pair[0].odds)
        for one in trials
        if one.reads
    ]
    sure = np.array([1 / (1 + np.exp(-read.odds)) for read, _ in best])
    right = np.array([is_right for _, is_right in best])
    answered = np.array([one.asked.answer is not None for one in trials if one.reads])
    here = bootstrap("calibration error, held-out articles", calibration_error, sure, right)
    area_here = bootstrap("answerability AUC, held-out articles", area, answered, sure)
    for figure in (here, area_here):
        print(f"{figure.name} {figure.value:.3f} ({figure.low:.3f} – {figure.high:.3f})")


def fit_support(examples: Sequence[Example]) -> dict[str, float]:
    """The least probabilities of "supported" and "partial"."""
    readings = read_pairs([(one.asked, one.passage) for one in examples])
    supported = [
        reading.relation[SUPPORTED]
        for one, reading in zip(examples, readings, strict=True)
        if one.relation == SUPPORTED
    ]
    limit = float(np.quantile(supported, 1 - CLAIM_QUANTILE))
    return {"supported": round(limit, 4), "partial": round(limit * PARTIAL, 4)}


def calibrate(data: Path) -> None:
    """Fit and write."""
    digest = hashlib.sha256(MODEL.read_bytes()).hexdigest()
    _write({**settings(), "sha256": digest})
    squad = Squad(data)
    asked = squad_questions(squad, FITTED + CHECKED, ANSWERED)
    trials = list(tried(squad_articles(squad), asked))
    claims = [one for one in held_out(squad) if one.relation is not None]
    random.Random(SEED).shuffle(claims)
    answers, threshold = fit_answers(trials[:FITTED])
    support = fit_support(claims[:CLAIMS])
    stored = {"sha256": digest, "answers": answers, "threshold": threshold, "support": support}
    _write(stored)
    report(trials[FITTED:])
    print(f"{len(trials)} questions: {stored}")


def _write(stored: dict[str, object]) -> None:
    SETTINGS.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    settings.cache_clear()


if __name__ == "__main__":
    calibrate(Path(sys.argv[1]) / "reader")
