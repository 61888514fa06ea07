"""Who does what: the subject of a claim's verb must be its subject in the evidence."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.sentences import split_sentences
from index.words import STOPWORDS, Token, tokens
from rag.checking.clauses import alike, content
from rag.checking.evidence import Cited
from rag.checking.names import Names
from rag.proper_names import is_title

_PAST = frozenset(
    """led won told gave took kept sent began met made got lost held left fell rose built sold
    bought broke beat drove ran wrote saw found paid spoke became said stood came went brought
    fought shot chose grew sought taught thought caught struck stole drew flew threw""".split()
)
_SKIPPED = frozenset(
    """is are was were be been being has have had will would can could may might must should shall
    do does did not never also already still later then now soon just only once again first since
    to all both who which that reportedly allegedly recently finally""".split()
)
_MODAL = frozenset("will would can could may might must should shall did does do to".split())
_BE = frozenset("is are was were be been being".split())
_PRONOUN = frozenset("he she it they we i you who which that this these those".split())
_PREPOSITIONS = frozenset("in for of to from with at on by near into over against about".split())
_RECENT = 400  # characters before a sentence in which its "he" finds its name


@dataclass(frozen=True, slots=True)
class Act:
    """A verb, the word before it that does it (or, `passive`, has it done), and the place."""

    subject: Token | None
    verb: Token
    passive: bool
    pronoun: bool


def _is_verb(words: Sequence[Token], place: int, text: str) -> bool:
    word = words[place]
    if word.capital or len(word.word) < 3:
        return False
    if word.word in _PAST or word.word.endswith("ed"):
        return True
    before = words[place - 1].word if place else ""
    if before in _MODAL and not word.word.endswith("s"):
        return word.word not in STOPWORDS
    after = text[word.end : word.end + 5]
    ends = word.word.endswith("s") and not word.word.endswith("ss")
    return ends and bool(re.match(r" (?:the|a|an|his|her|its) ?", after + " "))


def acts(sentence: str) -> list[Act]:
    """The verbs of a sentence with the words right before them that may be their subjects."""
    words = [t for t in tokens(sentence) if "-" not in sentence[t.start : t.end]]
    found = []
    for place, word in enumerate(words):
        if word.word in STOPWORDS or not _is_verb(words, place, sentence):
            continue
        back, passive = place - 1, False
        while back >= 0 and words[back].word in _SKIPPED - {"who", "which", "that"}:
            passive |= words[back].word in _BE
            back -= 1
        if back < 0 or "," in sentence[words[back].end : word.start]:
            continue
        head = words[back]
        if back and words[back - 1].word in _PREPOSITIONS:  # "the battle for Tripoli began"
            continue
        if head.word in _PRONOUN:
            found.append(Act(None, word, passive, True))
        elif head.word not in STOPWORDS:
            found.append(Act(head, word, passive, False))
    return found


def _best(sentences: Sequence[tuple[str, str]], verb: Token, claim: str) -> tuple[str, str] | None:
    """The sentence with the verb that shares most words with the claim."""
    having = [pair for pair in sentences if any(t.stem == verb.stem for t in tokens(pair[0]))]
    words = content(claim)

    def shared(pair: tuple[str, str]) -> int:
        found = content(pair[0])
        return sum(any(word.stem == other.stem for other in found) for word in words)

    return max(having, key=shared, default=None)


def _objects(act: Act, given: Sequence[Act], sentence: str, before: str, elsewhere: str) -> bool:
    """Whether the claim's subject cannot be that of the evidence's verb."""
    head = act.subject
    if head is None or is_title(head.word):
        return False
    same = [other for other in given if other.verb.stem == act.verb.stem]
    if not same:
        return False
    here = Names(sentence)
    if head.capital:
        if any(other.pronoun for other in same):
            return not (Names(before[-_RECENT:]).holds(head) or _precedes(head, sentence, same[0]))
        if not here.holds(head):
            return True
        swapped = not act.passive and not any(other.passive for other in same)
        return swapped and not any(_precedes(head, sentence, other) for other in same)
    if any(other.pronoun or other.subject is None for other in same):
        return False
    held = any(alike(head, word) for word in content(sentence))
    return not held and any(word.stem == head.stem for word in content(elsewhere))


def _precedes(head: Token, sentence: str, act: Act) -> bool:
    return Names(sentence[: act.verb.start]).holds(head)


def other_subjects(claim: str, evidence: Sequence[Cited]) -> Iterator[str]:
    """Verbs of a claim that the evidence tells of somebody else."""
    sentences = [
        (part.quote[span.start : span.end], part.before + part.quote[: span.start])
        for part in evidence
        for span in split_sentences(part.quote)
    ]
    everything = "\n".join(part.quote for part in evidence)
    for act in acts(claim):
        best = _best(sentences, act.verb, claim)
        if best is None or act.subject is None:
            continue
        elsewhere = everything.replace(best[0], "")
        if _objects(act, acts(best[0]), *best, elsewhere):
            yield f"not {act.subject.word} {act.verb.word}"
