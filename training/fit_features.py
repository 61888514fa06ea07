"""Fit `rag/weights.json`: how the feature reader chooses a sentence and how sure it is.

Learns from SQuAD 1.1 questions (CC BY-SA 4.0) with other paragraphs of the same article that lack
the answer, reports on SQuAD 2.0 questions of other articles. Two linear models, with the sign of
each weight fixed by what its feature means:
- choice: softmax over the sentences of the gold paragraph and the others (listwise);
- answers: logistic, whether the chosen sentence answers; its negatives are the paragraphs that
  lack the answer, and the gold paragraph under a question with a name exchanged (or, where it
  has none, a word).

Run: `python -m training.fit_features ../shared/data` (about four minutes on two cores).
"""

import json
import lzma
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.article import Span
from index.embed import Embedding, Passage
from index.minilm import MiniLM
from index.sentences import split_sentences
from index.words import STOPWORDS, tokens
from rag.features import NAMES, sentence_features
from rag.read import WEIGHTS
from rag.spelling import Spelling
from rag.understand import understand
from rag.view import Numbers, view_sentences
from rag.weigh import weigh

SEED = 0
TITLES, QUESTIONS = 60, 3000
BATCH = 256
LOWERS = {"worst_missing", "worst_missing_of_passage", "is_question"}
EITHER = {"length"}
PENALTY = 1e-3
STEPS, RATE = 3000, 0.05
Answers = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph read once: its sentences and their vectors, under its article's title."""

    title: str
    text: str
    spans: list[Span]
    embedding: Embedding


class Corpus:
    """Paragraphs as one collection, with its word counts."""

    def __init__(self, paragraphs: dict[str, tuple[str, str]]) -> None:
        self.model = MiniLM()
        spans = {key: split_sentences(text) for key, (_, text) in paragraphs.items()}
        keys = list(paragraphs)
        passages = [Passage(paragraphs[key][1], tuple(spans[key])) for key in keys]
        vectors = _batched(self.model.embed_passages, passages)
        self.texts = {
            key: Text(*paragraphs[key], spans[key], vector)
            for key, vector in zip(keys, vectors, strict=True)
        }
        self.counts: dict[str, int] = {}
        for _, text in paragraphs.values():
            for stem in {token.stem for token in tokens(text)}:
                self.counts[stem] = self.counts.get(stem, 0) + 1

    def features(self, question: str, vector: Numbers, keys: Sequence[str]) -> Numbers:
        """The features of all sentences of some paragraphs for one question."""
        asked = understand(question)
        spelling = Spelling({}, {}, question)
        wanted = weigh(asked, len(self.texts), lambda _: self.counts, spelling)
        rows = []
        for key in keys:
            text = self.texts[key]
            views = view_sentences(asked, wanted, text.text, text.spans)
            likenesses = text.embedding.sentences @ vector
            whole = float(text.embedding.vector @ vector)
            rows.append(sentence_features(asked, wanted, views, likenesses, whole, text.title))
        return np.concatenate(rows)

    def vectors(self, questions: Sequence[str]) -> list[Numbers]:
        """The questions' vectors."""
        passages = [Passage(question, ()) for question in questions]
        return [found.vector for found in _batched(self.model.embed_passages, passages)]


def _batched(
    embed: Callable[[Sequence[Passage]], list[Embedding]], passages: Sequence[Passage]
) -> list[Embedding]:
    found: list[Embedding] = []
    for first in range(0, len(passages), BATCH):
        found += embed(passages[first : first + BATCH])
    return found


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its gold paragraph's features, the right sentences in it, and the features
    of what does not answer: other paragraphs, and the gold one under an altered question.
    """

    gold: Numbers
    right: Answers
    others: Numbers
    altered: Numbers | None


def _rows(path: Path) -> Iterator[dict]:
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _exchanged(question: str, pool: Sequence[str], names: bool, draw: random.Random) -> str | None:
    """The question with one name (or one other word) replaced by one from the pool."""
    choices = [
        token
        for number, token in enumerate(tokens(question))
        if number
        and token.capital == names
        and token.word not in STOPWORDS
        and len(token.word) > 3
        and not token.word[0].isdigit()
    ]
    fresh = [word for word in pool if word.casefold() not in question.casefold()]
    if not choices or not fresh:
        return None
    token = draw.choice(choices)
    return question[: token.start] + draw.choice(fresh) + question[token.end :]


def training_examples(folder: Path) -> list[Example]:
    """Questions of SQuAD 1.1 with paragraphs that answer and that do not."""
    draw = random.Random(SEED)
    passages = list(_rows(folder / "rr_squad11_passages.jsonl.xz"))
    titles = sorted({row["title"] for row in passages})
    draw.shuffle(titles)
    kept = set(titles[:TITLES])
    paragraphs = {
        str(row["pid"]): (row["title"].replace("_", " "), row["text"])
        for row in passages
        if row["title"] in kept
    }
    pairs = zip(
        _rows(folder / "rr_squad11_train.jsonl.xz"),
        _rows(folder / "qa_squad11_train_recon.jsonl.xz"),
        strict=True,
    )
    usable = [
        (ranked, extracted["answers"][0]["start"])
        for ranked, extracted in pairs
        if str(ranked["pos"]) in paragraphs and len(ranked["neg"]) > 1
    ]
    draw.shuffle(usable)
    chosen = usable[:QUESTIONS]
    # "Why" is rare in SQuAD and common in a newsroom: take every one there is.
    chosen += [row for row in usable[QUESTIONS:] if "why " in row[0]["question"].casefold()]
    return _examples(Corpus(paragraphs), chosen, draw)


def _examples(
    corpus: Corpus, chosen: Sequence[tuple[dict, int]], draw: random.Random
) -> list[Example]:
    names: dict[str, list[str]] = {}
    words: dict[str, list[str]] = {}
    for row, _ in chosen:
        title = corpus.texts[str(row["pos"])].title
        for number, token in enumerate(tokens(row["question"])):
            if number and len(token.word) > 3 and token.word not in STOPWORDS:
                pool = names if token.capital else words
                pool.setdefault(title, []).append(row["question"][token.start : token.end])
    altered = []
    for row, _ in chosen:
        gold = corpus.texts[str(row["pos"])]
        absent = [w for w in words.get(gold.title, []) if w[:5] not in gold.text.casefold()]
        altered.append(
            _exchanged(row["question"], names.get(gold.title, []), True, draw)
            or _exchanged(row["question"], absent, False, draw)
        )
    plain = corpus.vectors([row["question"] for row, _ in chosen])
    changed = corpus.vectors([text or "?" for text in altered])
    examples = []
    for place, (row, start) in enumerate(chosen):
        gold_key = str(row["pos"])
        spans = corpus.texts[gold_key].spans
        others = [str(key) for key in row["neg"] if str(key) in corpus.texts]
        text = altered[place]
        examples.append(
            Example(
                corpus.features(row["question"], plain[place], [gold_key]),
                np.array([span.start <= start < span.end for span in spans]),
                corpus.features(row["question"], plain[place], others),
                corpus.features(text, changed[place], [gold_key]) if text else None,
            )
        )
    return [example for example in examples if example.right.any()]


def held_out(path: Path) -> list[tuple[Numbers, Answers]]:
    """SQuAD 2.0 questions: features of their paragraph's sentences, and which are right."""
    articles = json.loads(path.read_text(encoding="utf-8"))["data"]
    paragraphs, asked = {}, []
    for article in articles:
        for number, paragraph in enumerate(article["paragraphs"]):
            key = f"{article['title']}/{number}"
            paragraphs[key] = (article["title"].replace("_", " "), paragraph["context"])
            asked += [(key, question) for question in paragraph["qas"]]
    corpus = Corpus(paragraphs)
    vectors = corpus.vectors([question["question"] for _, question in asked])
    rows = []
    for (key, question), vector in zip(asked, vectors, strict=True):
        starts = [answer["answer_start"] for answer in question["answers"]]
        right = [any(s.start <= at < s.end for at in starts) for s in corpus.texts[key].spans]
        rows.append((corpus.features(question["question"], vector, [key]), np.array(right)))
    return rows


def _signed(weights: Numbers) -> Numbers:
    """The nearest weights whose signs mean what their features mean."""
    lower = np.array([-np.inf if n in LOWERS | EITHER else 0.0 for n in NAMES])
    upper = np.array([0.0 if n in LOWERS else np.inf for n in NAMES])
    return np.clip(weights, lower, upper)


def _descend(gradient: Callable[[Numbers], Numbers], size: int) -> Numbers:
    """Projected Adam; both losses are convex, so any start ends in the same place."""
    weights, mean, spread = np.zeros(size), np.zeros(size), np.zeros(size)
    for step in range(1, STEPS + 1):
        slope = gradient(weights)
        mean = 0.9 * mean + 0.1 * slope
        spread = 0.999 * spread + 0.001 * slope**2
        rate = RATE * min(1.0, 2 * (1 - step / STEPS))
        moved = mean / (1 - 0.9**step) / (np.sqrt(spread / (1 - 0.999**step)) + 1e-8)
        weights = weights - rate * moved
        weights[: len(NAMES)] = _signed(weights[: len(NAMES)])
    return weights


def fit_choice(lists: Sequence[tuple[Numbers, int]]) -> Numbers:
    """Listwise softmax over each question's sentences."""
    rows = np.concatenate([features for features, _ in lists])
    starts = np.cumsum([0] + [len(features) for features, _ in lists])
    lengths = np.diff(starts)
    right = starts[:-1] + np.array([place for _, place in lists])

    def gradient(weights: Numbers) -> Numbers:
        scores = rows @ weights
        scores -= np.repeat(np.maximum.reduceat(scores, starts[:-1]), lengths)
        shares = np.exp(scores)
        shares /= np.repeat(np.add.reduceat(shares, starts[:-1]), lengths)
        return (shares @ rows - rows[right].sum(0)) / len(lists) + 2 * PENALTY * weights

    return _descend(gradient, rows.shape[1])


def fit_answers(rows: Numbers, labels: Numbers, worth: Numbers) -> tuple[Numbers, float]:
    """Weighted logistic regression; returns the weights and the bias."""
    worth = worth / worth.sum()

    def gradient(weights: Numbers) -> Numbers:
        error = worth * (1 / (1 + np.exp(-(rows @ weights[:-1] + weights[-1]))) - labels)
        slope = np.append(error @ rows, error.sum())
        slope[:-1] += 2 * PENALTY * weights[:-1]
        return slope

    weights = _descend(gradient, rows.shape[1] + 1)
    return weights[:-1], float(weights[-1])


def _area(labels: Answers, scores: Numbers) -> float:
    """Area under the ROC curve: how often a positive outranks a negative."""
    ranks = np.empty(len(scores))
    ranks[np.argsort(scores)] = np.arange(1, len(scores) + 1)
    positives = int(labels.sum())
    return float(
        (ranks[labels].sum() - positives * (positives + 1) / 2)
        / (positives * (len(labels) - positives))
    )


def main(data: Path) -> None:
    """Fit, report on held-out questions, write the weights."""
    examples = training_examples(data / "reader")
    everything = np.concatenate([example.gold for example in examples])
    mean, scale = everything.mean(0), np.maximum(everything.std(0), 0.01)

    def scaled(features: Numbers) -> Numbers:
        return (features - mean) / scale

    lists = [(scaled(np.concatenate([e.gold, e.others])), int(e.right.argmax())) for e in examples]
    choice = fit_choice(lists)

    def best(features: Numbers) -> tuple[Numbers, int]:
        rows = scaled(features)
        place = int((rows @ choice).argmax())
        return rows[place], place

    rows, labels, worth = [], [], []
    for example, (features, _) in zip(examples, lists, strict=True):
        place = int((features @ choice).argmax())
        rows.append(features[place])
        labels.append(place < len(example.right) and bool(example.right[place]))
        worth.append(1.0)
        for absent in [example.others, example.altered]:
            if absent is None:
                continue
            rows.append(best(absent)[0])
            labels.append(False)
            worth.append(0.5)
    answers, bias = fit_answers(np.array(rows), np.array(labels, float), np.array(worth))
    _report(held_out(data / "squad2" / "dev.json"), best, answers, len(examples))
    rounded = {
        name: [round(float(value), 4) for value in values]
        for name, values in (
            ("mean", mean),
            ("scale", scale),
            ("choice", choice),
            ("answers", answers),
        )
    }
    WEIGHTS.write_text(
        json.dumps({"features": NAMES, **rounded, "bias": round(bias, 4)}, indent=1) + "\n",
        encoding="utf-8",
    )


def _report(
    questions: Sequence[tuple[Numbers, Answers]],
    best: Callable[[Numbers], tuple[Numbers, int]],
    answers: Numbers,
    trained_on: int,
) -> None:
    chosen = [best(features) for features, _ in questions]
    answerable = np.array([right.any() for _, right in questions])
    hits = [right[place] for (_, right), (_, place) in zip(questions, chosen, strict=True)]
    sure = np.array([row @ answers for row, _ in chosen])
    print(f"trained on {trained_on} questions; SQuAD 2.0 half-dev, {len(questions)} questions:")
    print(f"  right sentence {np.mean(np.array(hits)[answerable]):.3f}")
    print(f"  answerability AUC {_area(answerable, sure):.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
