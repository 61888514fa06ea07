"""The measures, pure: rankings, texts and citations in, numbers out."""

import math
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence

from rag.evaluation.locate import Place

Ranks = Sequence[int | None]  # for each thing wanted, the rank (from 1) at which it is found

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = frozenset(string.punctuation)
_ACRONYM = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_MARK = re.compile(r"\s*\[\d+\]")


# Rankings


def passage_ranks(retrieved: Sequence[Place], wanted: Sequence[Sequence[Place]]) -> Ranks:
    """For each piece of evidence, given as the places where its words stand, the rank of the
    first retrieved passage that shares a character with one of them.
    """
    return [
        next(
            (
                rank
                for rank, passage in enumerate(retrieved, start=1)
                if any(passage.overlaps(place) for place in places)
            ),
            None,
        )
        for places in wanted
    ]


def article_ranks(retrieved: Sequence[str], wanted: Sequence[frozenset[str]]) -> Ranks:
    """For each wanted article, given as the ids that stand for it, its rank among the retrieved
    articles, each counted once, where its best passage stands.
    """
    order = list(dict.fromkeys(retrieved))
    return [
        next((rank for rank, one in enumerate(order, start=1) if one in ids), None)
        for ids in wanted
    ]


def hit(ranks: Ranks, depth: int) -> float:
    """1 when anything wanted stands among the first `depth`, else 0."""
    return float(any(rank is not None and rank <= depth for rank in ranks))


def reciprocal_rank(ranks: Ranks, depth: int) -> float:
    """1 / rank of the first thing wanted, 0 below `depth`; its mean over questions is the MRR
    (Voorhees 1999).
    """
    return max((1 / rank for rank in ranks if rank is not None and rank <= depth), default=0.0)


def ndcg(ranks: Ranks, depth: int) -> float:
    """Normalised discounted cumulative gain, 0 to 1 (Järvelin & Kekäläinen 2002), gain 1 for each
    thing wanted, discount log2(1 + rank).

    A passage that holds several wanted things counts as if they were listed one after the other,
    and a second passage with the same thing gains nothing; where every passage holds one thing
    and none holds the same, this is the textbook measure.
    """
    found = sorted(rank for rank in ranks if rank is not None)
    gain, last = 0.0, 0
    for rank in found:
        last = max(rank, last + 1)
        if last <= depth:
            gain += 1 / math.log2(1 + last)
    ideal = sum(1 / math.log2(1 + rank) for rank in range(1, min(depth, len(ranks)) + 1))
    return gain / ideal if ideal else 0.0


# Answers


def squad_normalise(text: str) -> str:
    """Lower case, without ASCII punctuation, English articles and extra space: the official
    normalisation of SQuAD 2.0 (Rajpurkar et al. 2018, evaluate-v2.0.py).
    """
    bare = "".join(char for char in text.lower() if char not in _PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", bare).split())


def exact_match(prediction: str, answers: Sequence[str]) -> float:
    """SQuAD 2.0 EM, 0 or 1: the prediction equals an accepted answer, both normalised. Where
    there is no answer, the empty prediction is right; so is an empty string a refusal.
    """
    return float(squad_normalise(prediction) in _normalised(answers))


def f1(prediction: str, answers: Sequence[str]) -> float:
    """SQuAD 2.0 F1, 0 to 1: the best overlap of words with an accepted answer, both normalised;
    with no words on either side, 1 if both have none.
    """
    words = squad_normalise(prediction).split()
    return max(_f1(words, answer.split()) for answer in _normalised(answers))


def _normalised(answers: Sequence[str]) -> list[str]:
    return [each for each in map(squad_normalise, answers) if each] or [""]


def _f1(left: Sequence[str], right: Sequence[str]) -> float:
    if not left or not right:
        return float(left == right)
    common = sum((Counter(left) & Counter(right)).values())
    return 2 * common / (len(left) + len(right))


def contains(text: str, answer: str) -> bool:
    """Whether the answer's words stand in the text, whole and in a row.

    Case, accents, punctuation and English articles do not count; "15" is not in "2015", but
    "Kubis" is in "Kubis's" and "20,000" in "$20000". An answer without words is compared as it is.
    """
    wanted, held = _words(answer), _words(text)
    if bare := _without_articles(wanted):
        wanted, held = bare, _without_articles(held)
    if not wanted:
        return answer in text
    length = len(wanted)
    return any(held[at : at + length] == wanted for at in range(len(held) - length + 1))


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = _ACRONYM.sub(lambda match: match[0].replace(".", ""), plain)
    return [word.replace(",", "") for word in _WORD.findall(plain)]


def _without_articles(words: Sequence[str]) -> list[str]:
    return [word for word in words if word not in {"a", "an", "the"}]


def without_marks(text: str) -> str:
    """An answer's text without its citation marks."""
    return _MARK.sub("", text)


# Citations


def supports(citation: Place, wanted: Sequence[Sequence[Place]]) -> bool:
    """Whether a citation shares a character with any piece of evidence."""
    return any(citation.overlaps(place) for places in wanted for place in places)
