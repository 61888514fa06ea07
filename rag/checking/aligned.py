"""Where a claim repeats its evidence word for word but for one figure, day, name or "not"."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from index.sentences import split_sentences
from index.words import STOPWORDS, Token, tokens
from rag.checking.clauses import denials
from rag.checking.evidence import Cited
from rag.checking.figures import figures
from rag.checking.missing_figures import close
from rag.checking.names import Names, acronyms, names
from rag.lexicon import kin
from rag.when import known, named

CONTEXT = 2  # equal words on one side of a difference, with one on the other
LONGEST = 4  # words that stand in the place of others
LEAST = 0.5  # share of the claim's words that the sentence must repeat in order
_NOT = frozenset("not never no cannot nt neither nor".split())


def _words(text: str) -> list[Token]:
    return [t for t in tokens(text) if "-" not in text[t.start : t.end]]


@lru_cache(maxsize=512)
def _stems(text: str) -> tuple[str, ...]:
    return tuple("not" if _negates(t, text) else t.stem for t in _words(text))


def _negates(token: Token, text: str) -> bool:
    return token.word in _NOT or text[token.start : token.end].casefold().endswith(("n't", "n’t"))


def _segments(claim: str, sentence: str) -> Iterator[tuple[str, int, int, int, int]]:
    """The differences in the middle of a repeated run, as places of words in both."""
    mine, theirs = _stems(claim), _stems(sentence)
    blocks = SequenceMatcher(None, mine, theirs, autojunk=False)
    codes = blocks.get_opcodes()
    equal = sum(b - a for tag, a, b, _, _ in codes if tag == "equal")
    if equal < LEAST * len(mine):
        return
    sizes = [b - a if tag == "equal" else 0 for tag, a, b, _, _ in codes]
    for place, (tag, a, b, c, d) in enumerate(codes):
        before = sizes[place - 1] if place else CONTEXT
        after = sizes[place + 1] if place + 1 < len(sizes) else CONTEXT
        if tag != "equal" and max(before, after) >= CONTEXT and min(before, after) >= 1:
            yield tag, a, b, c, d


def _text(text: str, start: int, end: int) -> str:
    found = _words(text)[start:end]
    return text[found[0].start : found[-1].end] if found else ""


def _class(token: Token, text: str) -> str:
    if kin(token.word):
        return "country"
    return "acronym" if text[token.start : token.end].isupper() else "name"


def _other_name(mine: str, theirs: str, claim: str) -> bool:
    """Whether one name stands where the evidence has another of its sort, which the claim lacks."""
    left, right = list(names(mine)), list(names(theirs))
    held, kept = Names(theirs), Names(claim)
    if any(held.holds(one) for one in left) or acronyms(theirs) & {t.word for t in kept.tokens}:
        return False
    return any(
        _class(one, mine) == _class(other, theirs) and not kept.holds(other)
        for one in left
        for other in right
    )


def _differs(mine: str, theirs: str, claim: str, published: str | None) -> bool:
    my_figures, their_figures = list(figures(mine)), list(figures(theirs))
    if my_figures and their_figures:
        return not any(close(one, other) for one in my_figures for other in their_figures)
    my_days, their_days = list(named(mine)), known(theirs, published)
    if my_days and their_days:
        return not any(one.agrees(other) for one in my_days for other in their_days)
    return _other_name(mine, theirs, claim)


def replaced(claim: str, evidence: Sequence[Cited]) -> Iterator[str]:
    """Figures, days and names that a claim has in the place of others."""
    for sentence, published in _sentences(evidence):
        for tag, a, b, c, d in _segments(claim, sentence):
            mine, theirs = _text(claim, a, b), _text(sentence, c, d)
            short = tag == "replace" and b - a <= LONGEST and d - c <= LONGEST
            if short and _differs(mine, theirs, claim, published):
                yield f"{mine} instead of {theirs}"


def negated(claim: str, evidence: Sequence[Cited]) -> Iterator[str]:
    """A "not" that was put into repeated words, or left out of them."""
    for sentence, _ in _sentences(evidence):
        for _, a, b, c, d in _segments(claim, sentence):
            mine, theirs = _stems(claim)[a:b], _stems(sentence)[c:d]
            if _otherwise_denied(claim, sentence):
                continue
            if b - a <= 2 and d - c <= 2 and ("not" in mine) != ("not" in theirs):
                rest = {*mine, *theirs} - {"not"}
                if all(word in STOPWORDS or word in {"do", "did", "doe"} for word in rest):
                    yield _text(claim, max(a - 1, 0), b + 1)


def _otherwise_denied(claim: str, sentence: str) -> bool:
    """Whether one of the two denies in another word: "denies", "impossible"."""
    return len(denials(claim)) != len(denials(sentence))


def _sentences(evidence: Sequence[Cited]) -> list[tuple[str, str | None]]:
    return [
        (part.quote[span.start : span.end], part.published)
        for part in evidence
        for span in split_sentences(part.quote)
    ]
