"""Fit what turns the network's scores into probabilities, on articles it never saw.

Writes `rag/reader.json`: the file's SHA-256, two logistic models (answers, support), and the
thresholds chosen on the same held-out rows.
"""

import hashlib
import json
import random
from collections.abc import Sequence
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
from training.reader.data import NEITHER, SUPPORTED, Example, Squad
from training.reader.figures import area, bootstrap, calibration_error

SEED = 1
MOST = 1600  # held-out questions to fit on, as many to check on, and as many claims
ANSWERED = 0.7  # of the questions put to a collection, those that it answers: an assumption
CLAIM_QUANTILE = 0.9  # of the supported claims, the share that shall pass
PARTIAL = 0.5  # of the "supported" limit: what is less is not even partly supported


def held_out(data: Path) -> list[Example]:
    """Examples of the held-out articles, made like those of training."""
    squad, draw = Squad(data), random.Random(SEED)
    _, kept = squad.split()
    found: list[Example] = []
    for one in kept:
        found += squad.examples(one, draw)
        found += squad.claims(one, draw)
    return found


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


def logistic(columns: np.ndarray, doubts: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Weights and bias of a logistic regression that never lets a signal count against itself;
    `doubts` are taken from the log-odds as they are.
    """
    rows = np.column_stack([columns, np.ones(len(columns))])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = rows @ weights - doubts
        error = 1 / (1 + np.exp(-scores)) - labels
        value = np.logaddexp(0, scores) - labels * scores
        return float(value.mean()), error @ rows / len(rows)

    limits = [(0.0, None)] * columns.shape[1] + [(None, None)]
    found = minimize(loss, np.zeros(rows.shape[1]), jac=True, bounds=limits, method="L-BFGS-B")
    return np.asarray(found.x)


def _threshold(odds: np.ndarray, answered: np.ndarray, right: np.ndarray) -> float:
    """The log-odds above which answering gives the most right decisions on the held-out rows."""
    order = np.argsort(-odds)
    gained = np.where(answered[order], right[order], -1.0)  # refusing an unanswerable is right too
    best = int(np.cumsum(gained).argmax())
    return float(odds[order][best])


def _right(example: Example, read: Read) -> bool:
    """Whether the words that were read overlap the answer."""
    start = read.judged.span.start
    if example.span is None:
        return False
    return start + read.words.start < example.span[1] and start + read.words.end > example.span[0]


def fit_answers(examples: Sequence[Example]) -> tuple[dict[str, float], float]:
    """The weights of the signals, and the threshold of answering."""
    reads = best_reads([(one.asked, one.passage) for one in examples])
    known = [(one, read) for one, read in zip(examples, reads, strict=True) if read is not None]
    columns = np.array([read.signals for _, read in known])
    right = np.array([_right(one, read) for one, read in known], dtype=float)
    answered = np.array([bool(one.answers) for one, _ in known])
    doubts = np.array([read.doubt for _, read in known])
    weights = logistic(columns, doubts, right)
    names = (*SIGNALS, "bias")
    sure = columns @ weights[:-1] + weights[-1] - doubts
    fitted = {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)}
    return fitted, round(_threshold(sure, answered, right), 4)


def mixed(examples: Sequence[Example], part: int) -> list[Example]:
    """One part of the questions, with the share of answerable ones that is assumed of use."""
    answered = [one for one in examples if one.answers]
    others = [one for one in examples if one.answers is False]
    many, few = int(ANSWERED * MOST), MOST - int(ANSWERED * MOST)
    return answered[part * many : (part + 1) * many] + others[part * few : (part + 1) * few]


def report(examples: Sequence[Example]) -> None:
    """How well the confidence is calibrated on held-out questions that nothing was fitted on."""
    reads = best_reads([(one.asked, one.passage) for one in examples])
    known = [(one, read) for one, read in zip(examples, reads, strict=True) if read is not None]
    sure = np.array([1 / (1 + np.exp(-read.odds)) for _, read in known])
    right = np.array([_right(one, read) for one, read in known])
    answered = np.array([bool(one.answers) for one, _ in known])
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
    _write({"sha256": digest})
    examples = held_out(data)
    random.Random(SEED).shuffle(examples)
    fitted_on, checked_on = mixed(examples, 0), mixed(examples, 1)
    claims = [one for one in examples if one.relation is not None][:MOST]
    answers, threshold = fit_answers(fitted_on)
    support = fit_support(claims)
    stored = {"sha256": digest, "answers": answers, "threshold": threshold, "support": support}
    _write(stored)
    report(checked_on)
    neither = np.mean([one.relation == NEITHER for one in claims])
    print(f"{len(fitted_on)} questions, {len(claims)} claims ({neither:.2f} neither): {stored}")


def _write(stored: dict[str, object]) -> None:
    SETTINGS.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    settings.cache_clear()
