"""Fit what turns the network's scores into probabilities, on articles it never saw.

Writes `rag/reader.json`: the file's SHA-256, two logistic models (answers, support), and the
thresholds chosen on the same held-out rows.
"""

import hashlib
import json
import random
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from rag.reader_model import MODEL, SETTINGS, read_pairs, settings
from training.reader.data import NEITHER, SUPPORTED, Example, Squad

SEED = 1
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


def logistic(columns: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Weights and bias of a logistic regression that never lets a signal count against itself."""
    rows = np.column_stack([columns, np.ones(len(columns))])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = rows @ weights
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


def calibrate(data: Path) -> None:
    """Fit and write."""
    digest = hashlib.sha256(MODEL.read_bytes()).hexdigest()
    _write({"sha256": digest})
    examples = held_out(data)
    readings = read_pairs([(one.asked, one.passage) for one in examples])
    columns, labels, right, claims = [], [], [], []
    for example, reading in zip(examples, readings, strict=True):
        if example.relation is not None:
            claims.append((reading.relation, example.relation))
            continue
        best = reading.best_span(0, len(example.passage))
        columns.append((best.margin if best else -20.0, reading.relevance))
        labels.append(bool(example.answers))
        right.append(float(best is not None and _overlaps(example, best.start, best.end)))
    answered = np.array(labels)
    weights = logistic(np.array(columns), answered.astype(float))
    odds = np.array(columns) @ weights[:2] + weights[2]
    supported = np.array([relation[SUPPORTED] for relation, label in claims if label == SUPPORTED])
    limit = float(np.quantile(supported, 1 - CLAIM_QUANTILE))
    stored = {
        "sha256": digest,
        "answers": {
            "margin": round(float(weights[0]), 4),
            "relevance": round(float(weights[1]), 4),
            "bias": round(float(weights[2]), 4),
        },
        "threshold": round(_threshold(odds, answered, np.array(right)), 4),
        "support": {"supported": round(limit, 4), "partial": round(limit * PARTIAL, 4)},
    }
    _write(stored)
    neither = np.mean([label == NEITHER for _, label in claims])
    print(f"{len(columns)} questions, {len(claims)} claims ({neither:.2f} neither): {stored}")


def _write(stored: dict[str, object]) -> None:
    SETTINGS.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    settings.cache_clear()


def _overlaps(example: Example, start: int, end: int) -> bool:
    return example.span is not None and start < example.span[1] and end > example.span[0]
