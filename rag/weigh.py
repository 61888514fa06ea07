"""Weigh the words of a question: what an answer must meet, and what counts as meeting it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from index.words import stem
from rag.lexicon import kin, rarity
from rag.spelling import Spelling
from rag.understand import Question, Term

KIN = 0.9  # "Libyan" meets "Libya", "UN" meets "United Nations"
KIND_SHARE = 0.5  # "Which airline …": the answer is often not called an airline
LEAST = 0.05  # weight of a word that every chunk holds


@dataclass(frozen=True, slots=True)
class Wanted:
    """A term of the question, its weight, and what counts as meeting it.

    `stems` are index terms that meet it alone, and how surely; `groups` are runs of index terms
    that meet it together ("pro … regime", "united nations").
    """

    term: Term
    weight: float
    stems: Mapping[str, float]
    groups: tuple[tuple[str, ...], ...]


def weigh(
    question: Question,
    chunks: int,
    word_counts: Callable[[Iterable[str]], Mapping[str, int]],
    spelling: Spelling,
) -> list[Wanted]:
    """Weigh the terms of a question: rare in the collection and rare in English weighs most.

    `word_counts` says in how many of the collection's `chunks` index terms occur.
    """
    meets = [
        {stem(name): KIN for name in kin(term.word)}
        | dict(spelling.variants.get(term.stem, {}))
        | {term.stem: 1.0}
        for term in question.terms
    ]
    counts = word_counts({found for stems in meets for found in stems})
    wanted = []
    for term, stems in zip(question.terms, meets, strict=True):
        chunks_with = max(counts.get(found, 0) for found in stems)
        inverse = np.log((chunks + 1) / (chunks_with + 0.5)) / np.log((chunks + 1) / 0.5)
        weight = 0.5 * max(float(inverse), 0.0) + 0.5 * rarity(term.word) ** 2
        if term.stem in question.kind_stems:
            weight *= KIND_SHARE
        groups = tuple(g for g in (term.parts, spelling.groups.get(term.stem)) if g)
        wanted.append(Wanted(term, max(weight, LEAST), stems, groups))
    return wanted
