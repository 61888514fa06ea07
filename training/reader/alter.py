"""Change a question or a claim so that what answered or supported it no longer does.

A figure, date or name is exchanged for another of its kind; a verb is negated; a word is exchanged
for its opposite. Rules only, so that each change is known to change the meaning.
"""

import random
import re
from collections.abc import Sequence
from functools import cache

from index.words import STOPWORDS, stem, tokens
from rag.lexicon import likeness, related
from rag.mention import Mention
from rag.mentions import mentions

OPPOSITES = [
    ("first", "last"), ("before", "after"), ("north", "south"), ("northern", "southern"),
    ("east", "west"), ("eastern", "western"), ("largest", "smallest"), ("most", "least"),
    ("more", "fewer"), ("highest", "lowest"), ("higher", "lower"), ("increase", "decrease"),
    ("increased", "decreased"), ("oldest", "youngest"), ("earliest", "latest"), ("won", "lost"),
    ("win", "lose"), ("began", "ended"), ("begin", "end"), ("start", "stop"), ("open", "closed"),
    ("best", "worst"), ("majority", "minority"), ("minimum", "maximum"), ("above", "below"),
    ("rise", "fall"), ("rose", "fell"), ("support", "oppose"), ("supported", "opposed"),
    ("allow", "prohibit"), ("allowed", "prohibited"), ("accepted", "rejected"),
    ("approved", "rejected"), ("male", "female"), ("men", "women"), ("father", "mother"),
    ("son", "daughter"), ("brother", "sister"), ("husband", "wife"), ("buy", "sell"),
    ("bought", "sold"), ("arrived", "left"), ("early", "late"), ("former", "current"),
    ("always", "never"), ("all", "none"), ("public", "private"), ("positive", "negative"),
    ("longest", "shortest"), ("strongest", "weakest"), ("richest", "poorest"), ("gain", "loss"),
    ("domestic", "foreign"), ("inside", "outside"), ("upper", "lower"), ("left", "right"),
    ("spring", "autumn"), ("summer", "winter"), ("attack", "defend"), ("alive", "dead"),
]  # fmt: skip
_OTHER = dict(OPPOSITES) | {b: a for a, b in OPPOSITES}
_OPPOSITE = re.compile(r"\b(" + "|".join(sorted(_OTHER, key=len, reverse=True)) + r")\b", re.I)
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|did|does|do|has|have|had|can|could|will|would|should|may)\b", re.I
)
_DIGITS = re.compile(r"\d[\d,.]*\d|\d")


def opposite(text: str, draw: random.Random) -> str | None:
    """The text with one word turned into its opposite; None where it has no such word."""
    found = list(_OPPOSITE.finditer(text))
    if not found:
        return None
    match = draw.choice(found)
    return text[: match.start()] + _OTHER[match[0].lower()] + text[match.end() :]


def negated(text: str, draw: random.Random) -> str | None:
    """The text with "not" (or "never") after an auxiliary, or without the one it had."""
    bare = re.sub(r"\b(not|never) |n't\b", "", text, count=1)
    if bare != text:
        return bare
    match = _AUXILIARY.search(text)
    if match is None:
        return None
    if text[: match.start()].strip() and not text.rstrip().endswith("?"):
        return text[: match.end()] + draw.choice([" not", " never"]) + text[match.end() :]
    # In a question the subject stands between the auxiliary and its verb.
    return f"{text[: match.start()]}{match[0]}n't{text[match.end() :]}"


def other_figure(text: str, draw: random.Random) -> str:
    """The figures of a date or number, one of them changed by a plausible amount."""
    found = list(_DIGITS.finditer(text))
    if not found:
        return text
    match = draw.choice(found)
    digits = match[0]
    places = [place for place, sign in enumerate(digits) if sign.isdigit()]
    place = draw.choice(places[-2:] if len(places) == 4 and "," not in digits else places)
    others = [sign for sign in "123456789" if sign != digits[place]]
    changed = digits[:place] + draw.choice(others) + digits[place + 1 :]
    return text[: match.start()] + changed + text[match.end() :]


_ENDINGS = ("ing", "ed", "ies", "es", "s", "ly", "er", "ion", "al", "ic", "ist")
RELATED = (0.42, 0.62)  # likeness: of the same field, but another thing
ALIKE = (0.7, 1.0)  # likeness: nearly the same


def _ending(word: str) -> str:
    return next((ending for ending in _ENDINGS if word.endswith(ending)), "")


def related_word(text: str, draw: random.Random) -> str | None:
    """The text with one ordinary word exchanged for one of its field: "producer", "director"."""
    choices = [
        token
        for number, token in enumerate(tokens(text))
        if number and not token.capital and token.word not in STOPWORDS and len(token.word) > 3
    ]
    draw.shuffle(choices)
    for token in choices:
        others = [
            word
            for word in related(token.word, *RELATED)
            if _ending(word) == _ending(token.word)
            and len(word) > 3
            and stem(word) != token.stem
            and word not in text.lower()
        ]
        if others:
            return text[: token.start] + draw.choice(others[:60]) + text[token.end :]
    return None


def reworded(text: str, draw: random.Random) -> str:
    """The text with up to two ordinary words said otherwise: "largest", "biggest"."""
    found = [
        (token.start, token.end, other)
        for number, token in enumerate(tokens(text))
        if number and not token.capital and (other := _same(token.word))
    ]
    for start, end, other in sorted(draw.sample(found, min(2, len(found))), reverse=True):
        text = text[:start] + other + text[end:]
    return text


_KEPT = frozenset(STOPWORDS | _OTHER.keys()) | frozenset(
    "many few several second third two three four five six seven eight nine ten hundred thousand "
    "million billion century centuries decade decades year years month months week weeks day days "
    "hour hours minute minutes kilometers miles degrees".split()
)


@cache
def _same(word: str) -> str | None:
    """The word nearest in meaning with another stem, if this one is its nearest too."""
    other = _nearest(word)
    return other if other and _nearest(other) == word else None


@cache
def _nearest(word: str) -> str | None:
    if word in _KEPT or len(word) < 4:
        return None
    others = related(word, *ALIKE)
    fit = [o for o in others if stem(o) != stem(word) and o not in _KEPT and len(o) > 3]
    return max(fit, key=lambda other: likeness([word], [other])[0, 0], default=None)


def _alike(mention: Mention, said: str, pool: Sequence[str]) -> list[str]:
    kinds = mention.kinds
    found = []
    for text in pool:
        for other in mentions(text):
            words = text[other.start : other.end]
            if other.kinds & kinds and other.key != mention.key and words.lower() not in said:
                found.append(words)
    return found


def exchange(
    text: str, pool: Sequence[str], draw: random.Random, keep: str = ""
) -> tuple[int, int, str] | None:
    """Where a figure, date or name of the text stands, and another of its kind to put there.

    Others come from the `pool` of texts, or, for figures, from changing a digit. What also stands
    in `keep` is preferred for changing. None where nothing can be exchanged.
    """
    found = [one for one in mentions(text) if one.start or text[one.start].isdigit()]
    within = [one for one in found if text[one.start : one.end] in keep]
    if not found:
        return None
    mention = draw.choice(within or found)
    words = text[mention.start : mention.end]
    others = _alike(mention, text.lower(), pool)
    if any(sign.isdigit() for sign in words) and (not others or draw.random() < 0.5):
        new = other_figure(words, draw)
    elif others:
        new = draw.choice(others)
    else:
        return None
    return None if new == words else (mention.start, mention.end, new)


def exchanged(text: str, pool: Sequence[str], draw: random.Random, keep: str = "") -> str | None:
    """The text with one figure, date or name exchanged for another of its kind, as `exchange`."""
    found = exchange(text, pool, draw, keep)
    return found and text[: found[0]] + found[2] + text[found[1] :]


_ASIDE = re.compile(
    r" ?\([^()]*\)|(?<=\w), (?:which|who|whose|where|including|such as) [^,;]+(?=[,.])"
)
_OPENING = re.compile(r"^(?:In|On|By|After|Before|During|Since|At|As of|From) [^,]{3,40}, (?=\w)")


def condensed(sentence: str, draw: random.Random) -> str:
    """The sentence with less said: without an aside or what opens it. What it supports, it still
    supports.
    """
    less = _ASIDE.sub("", sentence) if draw.random() < 0.7 else sentence
    opening = _OPENING.match(less)
    if opening and draw.random() < 0.5:
        rest = less[opening.end() :]
        less = rest[:1].upper() + rest[1:]
    return less
