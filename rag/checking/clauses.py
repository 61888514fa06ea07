"""A text as clauses of content words, each with the words that negate it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from index.sentences import split_sentences
from index.words import STOPWORDS, Token, tokens
from rag.lexicon import likeness

_BREAK = re.compile(
    r"[;:—–]| - |,|\b(?:because|but|although|though|while|whereas|when|which|who|whose|if|unless|"
    r"so that|since|after|before|until|and (?=(?:he|she|it|they|that|no|nobody|would|will|had|has|"
    r"was|were|is|are|did|said)\b))"
)
_NOT_NEGATING = re.compile(
    r"\b(?:no|not) (?:fewer|less|more|later|earlier|sooner|only|just|least|all|every\w*|both)\b|"
    r"\bnot (?:at )?all at once\b|\bno longer than\b|\bno one else\b", re.IGNORECASE
)  # fmt: skip
_PLAIN = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|neither|nor|nowhere|without|cannot|no-one|"
    r"den(?:y|ies|ied|ying))\b|n['’]t\b",
    re.IGNORECASE,
)
_NEGATING = frozenset("neither never none nobody nothing nowhere without cannot yet".split())
# Words that deny what follows or precedes them without "not".
_DENYING = re.compile(
    r"\b(?:(?:dis|mis)trust\w*|disagree\w*|refus\w+|fail(?:s|ed|ing|ure)?|ban(?:s|ned)?|forb[ia]d\w*|prohibit\w*|"
    r"reject\w*|lack(?:s|ed|ing)?|prevent\w*|stop(?:s|ped)?|block(?:s|ed)?|exclud\w+|rarely|hardly|"
    r"seldom|scarcely|barely|few|little|unable|impossible|unlikely|absent|halt\w*|avoid\w*|"
    r"still in place|yet to|declin\w+ to|ruled? out|instead of|rather than|"
    r"too \w+ to|far from|free of|spared?|missed|un(?:cleared|paid|named|confirmed|finished|known|"
    r"armed|willing|clear|certain|safe|ready|usable|(?!it|i|der)\w+ed)|sceptical|skeptical|"
    r"ineffective|incomplete|incorrect|invalid|illegal)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause: its content words, where it stands, and whether words in it deny."""

    start: int
    end: int
    text: str
    words: tuple[Token, ...]
    negations: tuple[int, ...]
    denials: tuple[int, ...]

    def denies(self, but: frozenset[str]) -> bool:
        """Whether anything in the clause negates, other than the words that `but` names."""
        said = (_DENYING.match(self.text, place) for place in self.denials)
        return bool(self.negations) or any(m and m.group().casefold() not in but for m in said)


def content(text: str) -> list[Token]:
    """The words of a text that carry meaning, hyphenated ones once in their parts."""
    found = (t for t in tokens(text) if t.word not in STOPWORDS and t.word not in _NEGATING)
    return [token for token in found if not _hyphened(text, token)]


def _hyphened(text: str, token: Token) -> bool:
    return "-" in text[token.start : token.end]


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    for span in split_sentences(text):
        begin = span.start
        for match in _BREAK.finditer(text, span.start, span.end):
            if match.start() > begin:
                yield begin, match.start()
            begin = match.start() if match.group()[0].isalpha() else match.end()
        if span.end > begin:
            yield begin, span.end


@lru_cache(maxsize=512)
def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of a text in order, without those that hold no content word."""
    found = []
    for start, end in _pieces(text):
        piece = text[start:end]
        idle = [m.span() for m in _NOT_NEGATING.finditer(piece)]
        negations = tuple(
            m.start() for m in _PLAIN.finditer(piece)
            if not any(first <= m.start() < last for first, last in idle)
        )  # fmt: skip
        denials = tuple(m.start() for m in _DENYING.finditer(piece))
        words = tuple(content(piece))
        if words or negations:
            found.append(Clause(start, end, piece, words, negations, denials))
    return tuple(found)


ALIKE = 0.55  # likeness of two words that may say the same


@lru_cache(maxsize=1 << 16)
def alike(left: Token, right: Token) -> bool:
    """Whether two words may say the same: one stem, or like in meaning and neither a name."""
    if left.stem == right.stem:
        return True
    if left.capital or right.capital or left.word[0].isdigit() or right.word[0].isdigit():
        return False
    return float(likeness([left.word], [right.word])[0, 0]) >= ALIKE


def denials(text: str) -> set[str]:
    """The words of a text that deny without "not": refused, impossible, denies."""
    plain = (m.group().casefold() for m in _PLAIN.finditer(text))
    found = {word for word in plain if word.startswith("den")}
    return found | {match.group().casefold() for match in _DENYING.finditer(text)}
