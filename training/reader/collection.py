"""Held-out articles as a collection, and what the product reads in it for their questions.

What a single paragraph cannot teach is here: that most of what is read beside an answer only looks
like one, and that for many questions the collection holds no answer at all. Questions of SQuAD 1.1
were asked of one article and often do not say which ("When did he die?"), so each is put to the
passages of its own; those written for this purpose stand alone and are put to all.
"""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import rag
from rag.engine import QueryEngine
from rag.model_reader import WINDOWS, Read, read_sentences, readable
from rag.reader_model import read_pairs
from rag.retrieve import Candidate, prepare
from rag.understand import understand
from training.reader.data import Squad, altered_question
from training.reader.written import Written

SEED = 2
FOUND = 80  # passages retrieved, of which those of other articles are left out
ALTERED = 0.5  # of the questions without an answer; for the others their passage is hidden


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about an article, put to the collection or, where it does not say what it is
    about, to that article `alone`; without an answer its passage is hidden or does not say what is
    asked.
    """

    question: str
    title: str
    passage: str
    answer: tuple[int, int] | None
    alone: bool
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Tried:
    """What was read for a question, and which of it is right."""

    asked: Asked
    reads: tuple[Read, ...]
    right: tuple[bool, ...]


def squad_articles(squad: Squad) -> dict[str, str]:
    """The held-out articles' texts by their titles."""
    _, kept = squad.split()
    texts: dict[str, list[str]] = {_title(squad, one.passage): [] for one in kept}
    for pid, text in squad.texts.items():
        if _title(squad, pid) in texts:
            texts[_title(squad, pid)].append(text)
    return {title: "\n\n".join(passages) for title, passages in texts.items()}


def squad_questions(squad: Squad, many: int, answered: float) -> list[Asked]:
    """Questions of the held-out articles, that share of them answered."""
    draw = random.Random(SEED)
    _, kept = squad.split()
    found = []
    for one in draw.sample(kept, many):
        passage, title = squad.texts[one.passage], _title(squad, one.passage)
        if draw.random() < answered:
            found.append(Asked(one.question, title, passage, one.span, True))
        elif draw.random() < ALTERED:
            other = altered_question(one.question, passage, [passage], draw)
            found += [Asked(other, title, passage, None, True)] if other else []
        else:
            found.append(Asked(one.question, title, passage, None, True, hidden=True))
    return found


def _title(squad: Squad, passage: int) -> str:
    return squad.titles[passage].replace("_", " ")


def written_questions(articles: Sequence[Written], answered: float) -> list[Asked]:
    """The questions of written articles, that share of them answered; of stories that are told
    more than once, those that no other telling answers.
    """
    draw = random.Random(SEED)
    found, lured = [], []
    for one in articles:
        for asked in (asked for asked in one.asked if asked.alone):
            start = one.text.rfind("\n\n", 0, asked.words[0]) + 1
            end = one.text.find("\n\n", asked.words[1])
            passage = one.text[start : end if end >= 0 else None].strip()
            place = asked.words[0] - one.text.index(passage, start)
            words = (place, place + asked.words[1] - asked.words[0])
            if asked.answered:
                found.append(Asked(asked.question, one.title, passage, words, False))
            else:
                lured.append(Asked(asked.question, one.title, passage, None, False))
    many = min(len(lured), round(len(found) * (1 - answered) / answered))
    found += draw.sample(lured, many)
    draw.shuffle(found)
    return found


def tried(articles: Mapping[str, str], asked: Sequence[Asked]) -> Iterator[Tried]:
    """Each question as the product reads it, over all articles (texts by their titles)."""
    with TemporaryDirectory() as folder, rag.connect(Path(folder) / "home") as engine:
        _ingest(articles, engine, Path(folder))
        for one in asked:
            yield _read(engine, one)


def _ingest(articles: Mapping[str, str], engine: QueryEngine, folder: Path) -> None:
    files = []
    for number, (title, text) in enumerate(sorted(articles.items())):
        files.append(folder / f"{number}.txt")
        words = f"---\ntitle: {json.dumps(title)}\n---\n{text}\n"
        files[-1].write_text(words, encoding="utf-8")
    engine.ingest(files)


def _read(engine: QueryEngine, asked: Asked) -> Tried:
    query = prepare(understand(asked.question), engine._home, engine._today())
    found = engine._candidates(query, FOUND, None)
    own = [one for one in found if one.article.metadata.title == asked.title or not asked.alone]
    shown = [one for one in own if not (asked.hidden and _within(one, asked))][:WINDOWS]
    readings = read_pairs([(query.asked, readable(one)) for one in shown])
    reads, right = [], []
    for place, (candidate, reading) in enumerate(zip(shown, readings, strict=True)):
        for read in read_sentences(query, candidate, reading, place):
            reads.append(read)
            right.append(_right(candidate, read, asked))
    return Tried(asked, tuple(reads), tuple(right))


def _place(candidate: Candidate, asked: Asked) -> int:
    return candidate.article.text.find(asked.passage)


def _within(candidate: Candidate, asked: Asked) -> bool:
    start, chunk = _place(candidate, asked), candidate.stored.chunk
    return start >= 0 and chunk.start < start + len(asked.passage) and start < chunk.end


def _right(candidate: Candidate, read: Read, asked: Asked) -> bool:
    """Whether the words that were read overlap the answer."""
    place = _place(candidate, asked)
    if asked.answer is None or place < 0:
        return False
    first, last = place + asked.answer[0], place + asked.answer[1]
    start = read.judged.span.start
    return start + read.words.start < last and start + read.words.end > first
