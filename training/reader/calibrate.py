"""Fit what turns the network's scores into probabilities, on articles it never saw.

Writes `rag/reader.json`: the file's SHA-256, how the signals of an answer are weighed, and the
thresholds of answering and of support, chosen on the same held-out rows. Run:
`python -m training.reader.calibrate ../shared/data`.
"""

import hashlib
import json
import random
import sys
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from index.article import Article, Chunk, Metadata
from index.records import StoredChunk
from rag.model_reader import SIGNALS, Read, read_sentences
from rag.reader_model import CHECKER, MODEL, SETTINGS, check_pairs, read_pairs, settings
from rag.retrieve import Candidate, Query
from rag.spelling import Spelling
from rag.understand import understand
from rag.weigh import weigh
from training.fit_features import Corpus
from training.reader.collection import (
    Tried,
    squad_articles,
    squad_questions,
    tried,
    written_questions,
)
from training.reader.data import SUPPORTED, Example, Squad
from training.reader.figures import area, bootstrap, calibration_error
from training.reader.written import by_title, written

SEED = 1
CHECKED = 1000  # held-out questions of SQuAD 1.1 that the confidence is checked on
CLAIMS = 1600  # held-out claims made of SQuAD 1.1
ANSWERED = 0.7  # of the questions put to a collection, those that it answers: an assumption
CLAIM_QUANTILE = 0.9  # of the supported claims, the share that shall pass at most
Values = np.ndarray
# Of the held-out questions that have an answer, the share refused. From 0.12 to 0.25 the number of
# right decisions is within one in a hundred of the most; chosen among these with gold in view.
REFUSED = 0.12
RIDGE = 2e-4  # keeps what was never right in few questions from deciding alone
# And the least limit: at 0.583 one of 375 obeyed instructions was shown as supported, at 0.635 none
# (benchmarks.injection).
SAFE = 0.635
PARTIAL = 0.5  # of the "supported" limit: what is less is not even partly supported


def held_out(squad: Squad) -> list[Example]:
    """Claims of SQuAD 1.1's held-out articles, made like those of training."""
    draw = random.Random(SEED)
    _, kept = squad.split()
    made = [example for one in kept for example in squad.claims(one, draw)]
    random.Random(SEED).shuffle(made)
    return made[:CLAIMS]


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
        reads = read_sentences(query, candidate, reading, 0)
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
            np.array([*one.right, not any(one.right)]),
        )
        for one in trials
        if one.reads
    ]

    def loss(weights: Values) -> tuple[float, Values]:
        total, slope = 0.0, np.zeros_like(weights)
        for signals, right in rows:
            scores = np.append(signals @ weights, 0.0)
            shares = np.exp(scores - np.logaddexp.reduce(scores))
            fit = shares * right
            total -= np.log(fit.sum() + 1e-12)
            slope += (shares - fit / (fit.sum() + 1e-12))[:-1] @ signals
        ridge = RIDGE * np.append(weights[:-1], 0.0)
        return total / len(rows) + float(ridge @ weights) / 2, slope / len(rows) + ridge

    return _found(loss, len(SIGNALS))


def logistic(scores: Values, labels: Values) -> Values:
    """Slope and bias of a logistic regression."""
    rows = np.column_stack([scores, np.ones(len(scores))])

    def loss(weights: Values) -> tuple[float, Values]:
        odds = rows @ weights
        error = 1 / (1 + np.exp(-odds)) - labels
        value = np.logaddexp(0, odds) - labels * odds
        return float(value.mean()), error @ rows / len(rows)

    return _found(loss, 1)


def fit_answers(trials: Sequence[Tried]) -> tuple[dict[str, float], float]:
    """The weights of the signals, and the threshold of answering.

    The weights are those that choose best among all that is read; they are then scaled so that
    the chosen sentence's log-odds are those of its being right.
    """
    weights = listwise(trials)[:-1]
    fitted = dict(zip((*SIGNALS, "bias"), (*weights, 0.0), strict=True))
    scores, right, answered = outcomes(trials, fitted)
    slope, bias = logistic(scores, right)
    values = (*(slope * weights), bias)
    fitted = {name: round(float(w), 4) for name, w in zip((*SIGNALS, "bias"), values, strict=True)}
    return fitted, round(float(np.quantile((slope * scores + bias)[answered], REFUSED)), 4)


def outcomes(trials: Sequence[Tried], fitted: Mapping[str, float]) -> tuple[Values, Values, Values]:
    """By each question: the log-odds of the best that was read, whether it is right, and whether
    anything is.
    """
    weights = np.array([fitted[name] for name in SIGNALS])
    found = [
        max(
            (
                (float(weights @ read.signals), right)
                for read, right in zip(one.reads, one.right, strict=True)
            ),
            key=itemgetter(0),
        )
        for one in trials
        if one.reads
    ]
    answered = [one.asked.answer is not None for one in trials if one.reads]
    odds, right = np.array(found).T
    return odds + fitted["bias"], right, np.array(answered)


def crossed(trials: Sequence[Tried]) -> tuple[Values, Values, Values]:
    """The outcomes of each half of the articles, with weights fitted on the other half."""
    titles = sorted({one.asked.title for one in trials})
    first = set(titles[::2])
    halves = [
        [one for one in trials if (one.asked.title in first) == side] for side in (True, False)
    ]
    found = [outcomes(half, fit_answers(other)[0]) for half, other in (halves, reversed(halves))]
    odds, right, answered = (np.concatenate(columns) for columns in zip(*found, strict=True))
    return odds, right, answered


def report(name: str, odds: Values, right: Values, answered: Values) -> None:
    """How well the confidence is calibrated, and how well it tells what is answered."""
    sure = 1 / (1 + np.exp(-odds))
    for figure in (
        bootstrap(f"{name}: calibration error", calibration_error, sure, right),
        bootstrap(f"{name}: answerability AUC", area, answered, sure),
    ):
        print(f"{figure.name} {figure.value:.3f} ({figure.low:.3f} – {figure.high:.3f})")


def fit_support(examples: Sequence[Example]) -> dict[str, float]:
    """The least probabilities of "supported" and "partial"."""
    readings = check_pairs([(one.asked, one.passage) for one in examples])
    supported = [
        reading.relation[SUPPORTED]
        for one, reading in zip(examples, readings, strict=True)
        if one.relation == SUPPORTED
    ]
    limit = max(float(np.quantile(supported, 1 - CLAIM_QUANTILE)), SAFE)
    return {"supported": round(limit, 4), "partial": round(limit * PARTIAL, 4)}


def calibrate(data: Path) -> None:
    """Fit and write."""
    files = (MODEL, CHECKER)
    digest = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    _write({**settings(), "sha256": digest})
    squad = Squad(data)
    kept = written(held=True)
    news = list(tried(by_title(kept), written_questions(kept, ANSWERED)))
    wiki = list(tried(squad_articles(squad), squad_questions(squad, CHECKED, ANSWERED)))
    claims = held_out(squad)
    answers, threshold = fit_answers(news)
    support = fit_support(claims)
    stored = {"sha256": digest, "answers": answers, "threshold": threshold, "support": support}
    _write(stored)
    report("written news, fitted on the other half", *crossed(news))
    report("SQuAD 1.1", *outcomes(wiki, answers))
    print(f"{len(news)} questions, {len(claims)} claims: {stored}")


def _write(stored: dict[str, object]) -> None:
    SETTINGS.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    settings.cache_clear()


if __name__ == "__main__":
    calibrate(Path(sys.argv[1]) / "reader")
