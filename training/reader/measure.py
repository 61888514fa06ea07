"""Measure the exported reader on rows it never saw, through the product's own runtime.

Run: `python -m training.reader.measure ../shared/data`. Writes benchmarks/results/reader.md.
"""

import json
import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.article import Span
from index.sentences import split_sentences
from rag.evaluation.metrics import exact_match, f1
from rag.reader_model import Reading, read_pairs, settings
from training.reader.alter import exchanged
from training.reader.calibrate import ANSWERED, best_reads
from training.reader.data import rows
from training.reader.figures import Figure, area, bootstrap, calibration_error

SEED = 0
NEWS_ROWS = 800  # of 4,212: each is five windows or more
BATCH = 256
# SQuAD 2.0 has as many unanswerable questions as answerable ones; the product's threshold assumes
# ANSWERED. What that difference of the odds is worth, known before any row is seen.
EVEN = float(np.log(ANSWERED / (1 - ANSWERED)))
RESULTS = Path(__file__).parents[2] / "benchmarks" / "results"
Values = np.ndarray


def read_all(pairs: Sequence[tuple[str, str]]) -> list[Reading]:
    """All pairs, a batch at a time, with a line of progress."""
    found: list[Reading] = []
    for first in range(0, len(pairs), BATCH):
        found += read_pairs(pairs[first : first + BATCH])
        print(f"\r{len(found)}/{len(pairs)}", end="", file=sys.stderr)
    print(file=sys.stderr)
    return found


def squad2_rows(data: Path) -> list[tuple[str, dict]]:
    """SQuAD 2.0 half-dev: each question with its paragraph."""
    asked = []
    for article in json.loads((data / "squad2/dev.json").read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            asked += [(paragraph["context"], question) for question in paragraph["qas"]]
    return asked


def squad2_alone(data: Path) -> list[Figure]:
    """The network's own decision: its best words, or none where "no answer here" scores higher."""
    asked = squad2_rows(data)
    scores, sure = [], []
    readings = read_all([(question["question"], text) for text, question in asked])
    for (text, question), reading in zip(asked, readings, strict=True):
        best = reading.best_span(0, len(text))
        words = text[best.start : best.end] if best and best.margin > 0 else ""
        scores.append(_scores(words, [answer["text"] for answer in question["answers"]]))
        sure.append(best.margin if best else -20.0)
    here = np.array([bool(question["answers"]) for _, question in asked])
    return [
        bootstrap("SQuAD 2.0 half-dev EM, the network alone", np.mean, np.array(scores)[:, 0]),
        bootstrap("SQuAD 2.0 half-dev F1, the network alone", np.mean, np.array(scores)[:, 1]),
        bootstrap("– answerability AUC, the network alone", area, here, np.array(sure)),
    ]


def squad2(data: Path) -> list[Figure]:
    """SQuAD 2.0 half-dev, the paragraph given."""
    asked = squad2_rows(data)
    reads = best_reads([(question["question"], text) for text, question in asked])
    exact, overlap, sure, right, answerable = [], [], [], [], []
    even: list[tuple[float, float]] = []
    for (text, question), read in zip(asked, reads, strict=True):
        odd = read.odds if read else -20.0
        start = read.judged.span.start if read else 0
        words = text[start + read.words.start : start + read.words.end] if read else ""
        accepted = [answer["text"] for answer in question["answers"]]
        scores = _scores(words if odd > settings()["threshold"] else "", accepted)
        exact.append(scores[0])
        overlap.append(scores[1])
        even.append(_scores(words if odd > settings()["threshold"] + EVEN else "", accepted))
        sure.append(odd)
        answerable.append(bool(accepted))
        starts = [answer["answer_start"] for answer in question["answers"]]
        right.append(read is not None and _same_sentence(text, start, starts))
    here = np.array(answerable)
    probability = 1 / (1 + np.exp(-np.array(sure)))
    hit = np.array([h and a for h, a in zip(right, answerable, strict=True)])
    columns = [np.array(values, dtype=float) for values in (exact, overlap, right, sure)]
    return [
        bootstrap("SQuAD 2.0 half-dev EM, as the product decides", np.mean, columns[0]),
        bootstrap("SQuAD 2.0 half-dev F1, as the product decides", np.mean, columns[1]),
        bootstrap("– EM, told that half is unanswerable", np.mean, np.array(even)[:, 0]),
        bootstrap("– F1, told that half is unanswerable", np.mean, np.array(even)[:, 1]),
        bootstrap("– F1 of the answerable, never refusing less", np.mean, columns[1][here]),
        bootstrap("– right sentence for answerable", np.mean, columns[2][here]),
        bootstrap("– answerability AUC, as the product decides", area, here, columns[3]),
        bootstrap("– calibration error of a right answer", calibration_error, probability, hit),
    ]


def _scores(said: str, accepted: Sequence[str]) -> tuple[float, float]:
    """Exact match and F1; of an unanswerable question, whether nothing was said."""
    if not accepted:
        return float(said == ""), float(said == "")
    return float(exact_match(said, accepted)), f1(said, accepted)


def _same_sentence(text: str, place: int, starts: Sequence[int]) -> bool:
    def holder(at: int, spans: list[Span]) -> int:
        return next((n for n, s in enumerate(spans) if s.start <= at < s.end), -1)

    spans = split_sentences(text)
    return any(holder(place, spans) == holder(start, spans) for start in starts)


def newsqa(data: Path) -> list[Figure]:
    """NewsQA rows: the best span of a whole CNN article."""
    read = list(rows(data / "reader/qa_newsqa_mrqadev.jsonl.xz"))
    read = random.Random(SEED).sample(read, NEWS_ROWS)
    readings = read_all([(row["question"], row["passage"]) for row in read])
    scores = []
    for row, reading in zip(read, readings, strict=True):
        best = reading.best_span(0, len(row["passage"]))
        said = row["passage"][best.start : best.end] if best else ""
        scores.append(f1(said, [answer["text"] for answer in row["answers"]]))
    return [bootstrap("NewsQA rows F1", np.mean, np.array(scores))]


def trecqa(data: Path) -> list[Figure]:
    """TrecQA clean: sentences ranked by how surely words in them answer; ties at random."""
    read = list(rows(data / "reader/ss_trecqa_test_clean_EVAL.jsonl.xz"))
    readings = read_all([(row["question"], row["sentence"]) for row in read])
    draw = random.Random(SEED)
    ranked = defaultdict(list)
    for row, reading in zip(read, readings, strict=True):
        best = reading.best_span(0, len(row["sentence"]))
        score = (best.margin if best else -20.0, draw.random())
        ranked[row["qid"]].append((score, row["label"]))
    average, reciprocal = [], []
    for found in ranked.values():
        labels = [label for _, label in sorted(found, reverse=True)]
        places = [place for place, label in enumerate(labels, start=1) if label]
        if places:
            precisions = [number / place for number, place in enumerate(places, start=1)]
            average.append(np.mean(precisions))
            reciprocal.append(1 / places[0])
    return [
        bootstrap("TrecQA clean MAP", np.mean, np.array(average)),
        bootstrap("TrecQA clean MRR", np.mean, np.array(reciprocal)),
    ]


def supported(claims: Sequence[tuple[str, str]]) -> Values:
    """The probability of support, by the sentences around the best of the evidence."""
    from rag.checking.support import ModelChecker

    checker = ModelChecker()
    return np.array([verdict.probability for verdict in checker.check_all(claims)])


def support(data: Path) -> list[Figure]:
    """Support of claims, and altered claims caught."""
    found = []
    for name in ("qags_news", "fm2"):
        read = list(rows(data / f"reader/ent_{name}.jsonl.xz"))
        labels = np.array([row["label"] == "SUPPORTS" for row in read])
        scores = supported([(row["claim"], row["evidence"]) for row in read])
        found.append(bootstrap(f"support AUROC on ent_{name}", area, labels, scores))
    return found + altered(data)


def altered(data: Path) -> list[Figure]:
    """True claims of the measuring rows with one figure, date or name exchanged."""
    from rag.checking.support import ModelChecker

    draw, checker = random.Random(SEED), ModelChecker()
    true, false = [], []
    for name in ("qags_news", "fm2"):
        for row in rows(data / f"reader/ent_{name}.jsonl.xz"):
            if row["label"] != "SUPPORTS":
                continue
            other = exchanged(row["claim"], [row["evidence"]], draw)
            if other and other != row["claim"]:
                true.append((row["claim"], row["evidence"]))
                false.append((other, row["evidence"]))
    caught = np.array([v.support != "supported" for v in checker.check_all(false)], dtype=float)
    passed = np.array([v.support == "supported" for v in checker.check_all(true)], dtype=float)
    return [
        bootstrap("altered figure, date or name caught", np.mean, caught),
        bootstrap("– of the same claims unaltered, passed", np.mean, passed),
    ]


def main(data: Path) -> None:
    """Measure everything and write the table."""
    figures = [*squad2_alone(data), *squad2(data), *trecqa(data), *support(data), *newsqa(data)]
    lines = ["# The trained reader on rows it never saw", ""]
    lines += ["| measure | value | 95% interval | n |", "|---|---|---|---|"]
    lines += [
        f"| {one.name} | {one.value:.3f} | {one.low:.3f} – {one.high:.3f} | {one.n} |"
        for one in figures
    ]
    text = "\n".join(lines) + "\n"
    (RESULTS / "reader.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
