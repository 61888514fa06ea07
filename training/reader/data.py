"""The examples the reader learns from that are made of the rows marked *train*.

Questions with their passage and answer (SQuAD 1.1 and its shifts, OneStopQA), the same questions
where nothing answers (other passages of the article, the passage without its answering sentence,
an altered question), sentences that answer or do not (SelQA), and claims with evidence (FEVER;
claims made of questions and their answers, true and altered).
"""

import json
import lzma
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from index.sentences import split_sentences
from index.words import terms
from training.reader.alter import (
    condensed,
    exchange,
    exchanged,
    negated,
    opposite,
    related_word,
    reworded,
)

SUPPORTED, REFUTED, NEITHER = range(3)
WINDOW = 480  # characters of most training passages; the rest stay whole
SEED = 0  # of the choice of articles that are held out
HELD_TITLES = 20  # articles kept out, for the temperature and the thresholds


@dataclass(frozen=True, slots=True)
class Example:
    """A pair of texts and what the heads should say; None where a head is not asked."""

    asked: str  # a question or a claim
    passage: str
    answers: bool | None = None
    span: tuple[int, int] | None = None  # characters of the short answer in the passage
    reads: bool = False  # whether the span head is asked (with span None: no answer here)
    relation: int | None = None


def rows(path: Path) -> Iterator[dict]:
    """The rows of one file."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


@cache
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Where the sentences begin and end."""
    return tuple((span.start, span.end) for span in split_sentences(text))


def _window(text: str, keep: tuple[int, int], draw: random.Random) -> tuple[str, int]:
    """A run of sentences around `keep`, and where it begins; three in ten stay whole."""
    if len(text) <= WINDOW or draw.random() < 0.3:
        return text, 0
    return around(text, keep, WINDOW, draw)


def around(text: str, keep: tuple[int, int], size: int, draw: random.Random) -> tuple[str, int]:
    """A run of sentences of at most `size` characters around `keep`, and where it begins.

    Longer only where the sentences of `keep` are.
    """
    spans = sentences(text)
    first = max((n for n, (start, _) in enumerate(spans) if start <= keep[0]), default=0)
    last = next((n for n, (_, end) in enumerate(spans) if end >= keep[1]), len(spans) - 1)
    while True:
        sides = [side for side in (-1, 1) if 0 <= (first if side < 0 else last) + side < len(spans)]
        if not sides:
            break
        side = draw.choice(sides)
        low, high = (first - 1, last) if side < 0 else (first, last + 1)
        if spans[high][1] - spans[low][0] > size:
            break
        first, last = low, high
    start, end = min(spans[first][0], keep[0]), max(spans[last][1], keep[1])
    return text[start:end], start


def _answered(question: str, passage: str, span: tuple[int, int], draw: random.Random) -> Example:
    text, start = _window(passage, span, draw)
    return Example(question, text, True, (span[0] - start, span[1] - start), True)


def _unanswered(question: str, passage: str, draw: random.Random) -> Example:
    place = draw.randrange(max(len(passage), 1))
    return Example(question, _window(passage, (place, place), draw)[0], False, None, True)


def titled(example: Example, title: str) -> Example:
    """The pair with the title before its passage, as the product reads it."""
    head = title.replace("_", " ") + ". "
    span = example.span and (example.span[0] + len(head), example.span[1] + len(head))
    return replace(example, passage=head + example.passage, span=span)


def _reworded(example: Example, draw: random.Random) -> Example:
    """One example in five with words said otherwise: an exchange alone gives nothing away."""
    return replace(example, asked=reworded(example.asked, draw)) if draw.random() < 0.2 else example


def _without(passage: str, span: tuple[int, int], answer: str) -> str | None:
    """The passage without the sentences of the answer; None where it is said elsewhere too."""
    kept = [
        passage[start:end]
        for start, end in sentences(passage)
        if end <= span[0] or start >= span[1]
    ]
    text = " ".join(kept)
    return text if len(kept) > 1 and answer.lower() not in text.lower() else None


def exchanged_throughout(
    question: str, passage: str, span: tuple[int, int], draw: random.Random
) -> tuple[str, str, tuple[int, int]] | None:
    """Question and passage with the same figure, date or name exchanged in both.

    Still answered: so that an exchange alone does not give away that nothing answers.
    """
    found = exchange(question, [passage], draw, keep=passage)
    if found is None:
        return None
    start, end, new = found
    old = question[start:end]
    before, said, after = passage[: span[0]], passage[slice(*span)], passage[span[1] :]
    if old in said or old not in before + after or new in said:
        return None
    before = before.replace(old, new)
    changed = before + said + after.replace(old, new)
    place = len(before)
    return question[:start] + new + question[end:], changed, (place, place + len(said))


def altered_question(
    question: str, passage: str, pool: Sequence[str], draw: random.Random
) -> str | None:
    """A question like this one that the passage does not answer."""
    draws = draw.random()
    if draws < 0.5 and (other := exchanged(question, pool, draw, keep=passage)):
        return other
    if draws < 0.7 and (other := opposite(question, draw)):
        return other
    return negated(question, draw) if draws < 0.8 else related_word(question, draw)


_SUBJECT = re.compile(
    r"^(?:who|what|which [a-z]+|what [a-z]+) "
    r"(?=(?:is|are|was|were|has|had|will|can|[a-z]{3,}(?:ed|s)|won|led|wrote|began|became|made|"
    r"built|held|took|gave|found|fought)\b)(?!(?:does|did|do)\b)",
    re.IGNORECASE,
)


def claim_of(question: str, answer: str) -> str | None:
    """What a question asked for its subject says once it is answered ("Who led X?" + "Y")."""
    match = _SUBJECT.match(question.strip())
    if match is None or not question.strip().endswith("?"):
        return None
    rest = question.strip()[match.end() : -1].strip()
    return f"{answer[:1].upper()}{answer[1:]} {rest}."


@dataclass(frozen=True, slots=True)
class _Asked:
    """A SQuAD question with its passage's number and the hardest passages that lack the answer."""

    question: str
    answer: str
    span: tuple[int, int]
    passage: int
    others: tuple[int, ...]


class Squad:
    """SQuAD 1.1's training questions, and their articles' other passages."""

    def __init__(self, folder: Path) -> None:
        passages = list(rows(folder / "rr_squad11_passages.jsonl.xz"))
        self.texts = {row["pid"]: row["text"] for row in passages}
        self.titles = {row["pid"]: row["title"] for row in passages}
        self.words = {pid: frozenset(terms(text)) for pid, text in self.texts.items()}
        self.asked: list[_Asked] = []
        read = rows(folder / "qa_squad11_train_recon.jsonl.xz")
        ranked = rows(folder / "rr_squad11_train.jsonl.xz")
        for one, other in zip(read, ranked, strict=True):
            text = self.texts[other["pos"]]
            answer = one["answers"][0]
            end = answer["start"] + len(answer["text"])
            if one["passage"] != text or text[answer["start"] : end] != answer["text"]:
                continue
            hardest = self._hardest(one["question"], other["neg"])
            self.asked.append(
                _Asked(
                    one["question"], answer["text"], (answer["start"], end), other["pos"], hardest
                )
            )

    def _hardest(self, question: str, others: Sequence[int]) -> tuple[int, ...]:
        wanted = set(terms(question))
        ranked = sorted(others, key=lambda pid: -len(wanted & self.words[pid]))
        return tuple(ranked[:3])

    def split(self) -> tuple[list[_Asked], list[_Asked]]:
        """Questions to learn from, and those of the held-out articles."""
        titles = sorted(set(self.titles.values()))
        random.Random(SEED).shuffle(titles)
        held = set(titles[:HELD_TITLES])
        learnt = [one for one in self.asked if self.titles[one.passage] not in held]
        kept = [one for one in self.asked if self.titles[one.passage] in held]
        return learnt, kept

    def examples(self, one: _Asked, draw: random.Random) -> Iterator[Example]:
        """The question answered, and some of the ways in which it is not."""
        passage = self.texts[one.passage]
        found = [_answered(one.question, passage, one.span, draw)]
        if draw.random() < 0.12:
            both = exchanged_throughout(one.question, passage, one.span, draw)
            found += [_answered(*both, draw)] if both else []
        if one.others and draw.random() < 0.55:
            found.append(_unanswered(one.question, self.texts[draw.choice(one.others)], draw))
        if draw.random() < 0.2 and (less := _without(passage, one.span, one.answer)):
            found.append(_unanswered(one.question, less, draw))
        if draw.random() < 0.7:
            pool = [passage, *(self.texts[pid] for pid in one.others[:1])]
            other = altered_question(one.question, passage, pool, draw)
            if other and other != one.question:
                text, _ = _window(passage, one.span, draw)
                found.append(Example(other, text, False, None, True))
        for example in found:
            said = _reworded(example, draw)
            has_title = draw.random() < 0.25
            yield titled(said, self.titles[one.passage]) if has_title else said

    def claims(self, one: _Asked, draw: random.Random) -> Iterator[Example]:
        """The answered question as a claim: supported, altered, and beside other sentences."""
        claim = claim_of(one.question, one.answer)
        if claim is None:
            return
        passage = self.texts[one.passage]
        text, _ = _window(passage, one.span, draw)
        yield _reworded(Example(claim, text, relation=SUPPORTED), draw)
        ways = [lambda: exchanged(claim, [passage], draw, keep=passage)] * 2
        ways += [lambda: negated(claim, draw), lambda: opposite(claim, draw)]
        if (other := draw.choice(ways)()) and other != claim:
            yield Example(other, text, relation=REFUTED)
        if draw.random() < 0.5 and (less := _without(passage, one.span, one.answer)):
            yield Example(claim, _unanswered("", less, draw).passage, relation=NEITHER)

    def restated(self, pid: int, draw: random.Random) -> Iterator[Example]:
        """Sentences of a passage, condensed, as claims about it."""
        passage = self.texts[pid]
        yield from claimed(passage, passage, draw)


def claimed(said: str, evidence: str, draw: random.Random) -> Iterator[Example]:
    """What a sentence or two of `said` say, as claims that the evidence supports.

    Also altered, which it refutes, and beside the evidence without them, which says neither.
    """
    spans = sentences(said)
    if not spans:
        return
    place = draw.randrange(len(spans))
    chosen = spans[place : place + (2 if draw.random() < 0.25 else 1)]
    claim = " ".join(condensed(said[start:end], draw) for start, end in chosen)
    if not 30 < len(claim) < 330:
        return
    place = max(0, evidence.find(said[slice(*chosen[0])]))
    text, _ = _window(evidence, (place, place + 1 if said != evidence else chosen[-1][1]), draw)
    if draw.random() < 0.6:
        yield _reworded(Example(claim, text, relation=SUPPORTED), draw)
    other = exchanged(claim, [evidence], draw)
    if other is None or draw.random() < 0.2:
        other = opposite(claim, draw) or negated(claim, draw)
    if other and other not in said:
        yield Example(other, text, relation=REFUTED)
    if said == evidence and draw.random() < 0.25:
        rest = " ".join(said[start:end] for start, end in spans if (start, end) not in chosen)
        if len(rest) > 60:
            yield Example(claim, _unanswered("", rest, draw).passage, relation=NEITHER)


def shifted(path: Path, most: int, draw: random.Random) -> Iterator[Example]:
    """Answered questions of another kind of text."""
    read = [row for row in rows(path) if row["answers"] and row["answers"][0]["text"].strip()]
    for row in draw.sample(read, min(most, len(read))):
        answer = row["answers"][0]
        span = (answer["start"], answer["start"] + len(answer["text"]))
        if row["passage"][slice(*span)] == answer["text"]:
            yield _answered(row["question"], row["passage"], span, draw)


def news(path: Path, draw: random.Random) -> Iterator[Example]:
    """OneStopQA: long spans, so only whether the passage answers is learnt."""
    for row in rows(path):
        answer = row["answers"][0]
        span = (answer["start"], answer["start"] + len(answer["text"]))
        text, _ = _window(row["passage"], span, draw)
        yield Example(row["question"], text, True)


def simplified(path: Path, draw: random.Random) -> Iterator[Example]:
    """OneStopQA: sentences of a simpler telling as claims about a fuller one."""
    told: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows(path):
        level = row["source"].rsplit("-", 1)[-1]
        told.setdefault((row["title"], row["question"]), {})[level] = row["passage"]
    pairs = {
        (found[simple], found[full])
        for found in told.values()
        for simple, full in (("Ele", "Int"), ("Ele", "Adv"), ("Int", "Adv"))
        if simple in found and full in found
    }
    for simple, full in sorted(pairs):
        for _ in range(len(sentences(simple))):
            yield from claimed(simple, full[:1100], draw)


def selected(path: Path, draw: random.Random) -> Iterator[Example]:
    """SelQA: single sentences that answer, and a sixth of those that do not."""
    for row in rows(path):
        if row["label"] or draw.random() < 0.16:
            yield Example(row["question"], row["sentence"], bool(row["label"]))


def checked(path: Path, draw: random.Random) -> Iterator[Example]:
    """FEVER claims with their evidence, some beside evidence for another claim."""
    read = list(rows(path))
    for row in read:
        relation = SUPPORTED if row["label"] == "SUPPORTS" else REFUTED
        yield Example(row["claim"], row["evidence"][:900], relation=relation)
        if draw.random() < 0.15:
            other = draw.choice(read)["evidence"]
            if other != row["evidence"]:
                yield Example(row["claim"], other[:900], relation=NEITHER)
