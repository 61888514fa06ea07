"""Whether a claim denies what its evidence states, or states what it denies."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from index.words import Token, fold, tokens
from rag.checking.clauses import Clause, alike, clauses

REACH = 5  # content words after a negation that it may negate
MET = 0.6  # share of the negated words that must be met for a clause to speak of the same
BESIDE = 3  # content words before a negation that tell what it is about


def _negated(clause: Clause, place: int) -> list[Token]:
    """The words that a negation of the clause is about: those after it, else those before."""
    after = [word for word in clause.words if word.start >= place][:REACH]
    before = [word for word in clause.words if word.start < place][-BESIDE:]
    return after or before


def _met(words: Sequence[Token], clause: Clause) -> list[Token]:
    return [word for word in words if any(alike(word, other) for other in clause.words)]


def _speaks_of(words: Sequence[Token], clause: Clause) -> bool:
    """Whether a clause holds the first word that is negated, or most of them."""
    met = _met(words, clause)
    return bool(met) and words[0] in met and len(met) >= MET * min(len(words), 3)


def _one_sided(these: Sequence[Clause], those: Sequence[Clause], whole: bool) -> Iterator[str]:
    """Negations of some clauses whose words stand, not negated, in all others that have them.

    `whole`: also those whose words stand nowhere, where nothing at all is negated.
    """
    for clause in these:
        for place in clause.negations:
            opens = not clause.text[:place].strip()
            if opens and clause.text[place:].startswith("not "):  # "January 23, not January 21"
                continue
            words = _negated(clause, place)
            said = frozenset(token.word for token in tokens(clause.text))
            about = [other for other in those if words and _speaks_of(words, other)]
            spoken = about or (those if words and whole else ())
            if spoken and not any(other.denies(said) for other in spoken):
                yield clause.text[place:].split(",")[0].strip(" .")


@cache
def _opposites() -> dict[str, list[frozenset[str]]]:
    """Folded words with the sets of words that say the opposite."""
    found: dict[str, list[frozenset[str]]] = {}
    text = Path(__file__).with_name("opposites.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("#") or "|" not in line:
            continue
        left, right = (frozenset(map(fold, side.split())) for side in line.split("|"))
        for word in left:
            found.setdefault(word, []).append(right)
        for word in right:
            found.setdefault(word, []).append(left)
    return found


def _reversed(claim: Sequence[Clause], evidence: Sequence[Clause]) -> Iterator[str]:
    """Words of the claim whose opposite the evidence has in their place."""
    claimed = {word.word for clause in claim for word in tokens(clause.text)}
    given = {word.word for clause in evidence for word in tokens(clause.text)}
    for clause in claim:
        for word in tokens(clause.text):
            for side in _opposites().get(word.word, []):
                facing = (side & given) - claimed
                same = any(
                    word.word in other
                    for s in side
                    for other in _opposites().get(s, [])
                    if other & given
                )
                if not facing or word.word in given or same:
                    continue
                if _about_the_same(clause, word, facing, evidence):
                    yield f"{word.word} / {sorted(facing)[0]}"


def _about_the_same(
    clause: Clause, word: Token, facing: frozenset[str] | set[str], evidence: Sequence[Clause]
) -> bool:
    """Whether the opposite stands in a clause that shares other words, both or neither negated."""
    rest = [other for other in clause.words if other.word != word.word]
    for other in evidence:
        if not facing & {one.word for one in tokens(other.text)}:
            continue
        shared = _met(rest, other)
        if len(shared) >= max(1, 0.4 * min(len(rest), 4)):
            return bool(clause.negations) == bool(other.negations)
    return False


def contradicted(claim: str, evidence: str) -> tuple[str, ...]:
    """What a claim negates, or turns round, that the evidence states, or the reverse."""
    mine, theirs = clauses(claim), clauses(evidence)
    found = [f"“{text}” is not said" for text in _one_sided(mine, theirs, True)]
    found += [f"it says “{text}”" for text in _one_sided(theirs, mine, False)]
    found += [f"the opposite: {text}" for text in _reversed(mine, theirs)]
    return tuple(dict.fromkeys(found))
