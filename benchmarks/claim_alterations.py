"""Claims made from sentences by rule: light paraphrases that stay true, and alterations.

Written for measuring only, apart from what the reader was trained with: it shares neither code
nor word lists with training/reader.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

MONTHS = (
    "January February March April May June July August September October November December"
).split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
SMALL = "zero one two three four five six seven eight nine ten eleven twelve".split()
_MONTH = "|".join(MONTHS)
_NAME_WORD = r"[A-Z][a-zà-ÿ]+(?:-[A-Z][a-z]+)?"
_NAME = re.compile(rf"(?<!^)(?<![.!?“\"] )\b(?:{_NAME_WORD} ){{0,2}}{_NAME_WORD}\b")
_NUMBER = re.compile(r"(?<![\w.,+$-])\d{1,3}(?:,\d{3})+\b|(?<![\w.,+-])\d{1,3}\b(?![\w,.+-]\d)")
_WORD_NUMBER = re.compile(r"(?<!-)\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|has|have|had|will|would|can|could|should|must)\b(?! not|n['’]t)"
)
_SAID = re.compile(
    rf"^(?P<who>(?:{_NAME_WORD} |[A-Z]{{2,4}} |of |the |for )*{_NAME_WORD}) "
    r"(?P<verb>said|added|stressed|stated|noted|warned)(?: on \w+)?(?: that)? (?P<what>[^“”\"]+)\.$"
)
_SAID_LAST = re.compile(
    rf"^(?P<what>[^“”\"]+), (?P<who>(?:{_NAME_WORD} )*{_NAME_WORD}) (?P<verb>said|added)"
    r"(?: on \w+)?\.$"
)


@dataclass(frozen=True, slots=True)
class Made:
    """A claim made from sentences, and what was altered in it (None: nothing)."""

    claim: str
    quotes: tuple[str, ...]
    alteration: str | None


Change = Callable[[str, random.Random], str | None]

# Paraphrases


def _replace(pattern: str, words: str) -> Change:
    found = re.compile(pattern)
    return lambda text, _: found.sub(words, text, count=1) if found.search(text) else None


def _told_first(text: str, _: random.Random) -> str | None:
    match = _SAID.match(text)
    return match and f"According to {match['who']}, {match['what']}."


def _told_last(text: str, _: random.Random) -> str | None:
    match = _SAID.match(text)
    if match is None or re.match(r"(?:he|she|it|they|his|her)\b", match["what"]):
        return None
    return f"{match['what'][:1].upper()}{match['what'][1:]}, {match['who']} said."


def _told_earlier(text: str, _: random.Random) -> str | None:
    match = _SAID_LAST.match(text)
    return match and f"{match['who']} said that {match['what'][:1].lower()}{match['what'][1:]}."


def _shorter(text: str, _: random.Random) -> str | None:
    """Without a relative clause at the end."""
    match = re.match(r"^(.{40,}?), (?:which|who|where|while|whereas) [^,]+\.$", text)
    return match and f"{match[1]}."


def _without_aside(text: str, _: random.Random) -> str | None:
    match = re.search(
        r", (?:who|which|a|an|the) [^,]{5,60}, (?=(?:has|had|said|was|is|will)\b)", text
    )
    return match and f"{text[: match.start()]} {text[match.end() :]}"


def _digits(text: str, _: random.Random) -> str | None:
    match = _WORD_NUMBER.search(text)
    return match and f"{text[: match.start()]}{SMALL.index(match[1])}{text[match.end() :]}"


def _in_thousands(text: str, _: random.Random) -> str | None:
    match = re.search(r"\b(\d{1,3}),000\b", text)
    return match and f"{text[: match.start()]}{match[1]} thousand{text[match.end() :]}"


PARAPHRASES: tuple[Change, ...] = (
    _told_first,
    _told_last,
    _told_earlier,
    _shorter,
    _without_aside,
    _digits,
    _in_thousands,
    _replace(rf"\b({_MONTH}) (\d{{1,2}})\b(?!,? \d{{4}})", r"\2 \1"),
    _replace(rf"\b({_MONTH}) (\d{{1,2}}), (\d{{4}})\b", r"\2 \1 \3"),
    _replace(r"\bat least (\S*\d\S*)", r"no fewer than \1"),
    _replace(r"\b[Mm]ore than (?=\S*\d)", "over "),
    _replace(r"\b(?:about|some|around) (?=\d)", "roughly "),
    _replace(r"\bUnited Nations\b", "UN"),
    _replace(r"\bUnited Arab Emirates\b", "UAE"),
    _replace(r"\bEuropean Union\b", "EU"),
    _replace(r"\bbegan\b", "started"),
    _replace(r"\balso ", ""),
    _replace(r"^(?:However|Meanwhile|In addition|Moreover|Earlier), (?=[A-Z])", ""),
    _replace(r"\bin order to\b", "to"),
    _replace(r"\bcountry['’]s\b", "nation's"),
    _replace(r"\bsupported\b", "backed"),
    _replace(r"\bstressed\b", "emphasised"),
    _replace(r"\bshould\b", "ought to"),
    _replace(r"\bbecause of\b", "owing to"),
    _replace(r"\bneed to\b", "have to"),
)


def paraphrase(sentence: str, draw: random.Random) -> str | None:
    """The sentence with one to three light changes that keep its meaning; None if none fits."""
    text, changed = sentence, 0
    for change in draw.sample(PARAPHRASES, len(PARAPHRASES)):
        if changed < 3 and (other := change(text, draw)) and other != text:
            text, changed = other, changed + 1
    return text if changed else None


# Alterations


def number(text: str, draw: random.Random) -> str | None:
    """One figure replaced by another of its length."""
    found = [m for m in _NUMBER.finditer(text) if not re.match(rf" (?:{_MONTH})", text[m.end() :])]
    found = [m for m in found if not re.search(rf"(?:{_MONTH}) $", text[: m.start()])]
    found += list(_WORD_NUMBER.finditer(text))
    if not found:
        return None
    match = draw.choice(found)
    if match.group() in SMALL:
        other = draw.choice([word for word in SMALL[2:] if word != match.group()])
    else:
        value = int(match.group().replace(",", ""))
        next_up = value + 10 ** (len(str(value)) - 1)
        other = f"{draw.choice([value * 2, value * 3, next_up, value * 10]):,}"
    return f"{text[: match.start()]}{other}{text[match.end() :]}"


def date(text: str, draw: random.Random) -> str | None:
    """Another month, weekday, day of the month or year."""
    found = list(re.finditer(rf"\b(?:{_MONTH}|{'|'.join(DAYS)})\b", text)) + list(
        _YEAR.finditer(text)
    )
    found += list(re.finditer(rf"(?<=\b)\d{{1,2}}(?= (?:{_MONTH})\b)", text))
    found = [
        m
        for m in found
        if not (m.group() == "May" and re.match(" (?:be|have|not)", text[m.end() :]))
    ]
    if not found:
        return None
    match = draw.choice(found)
    word = match.group()
    pool = MONTHS if word in MONTHS else DAYS if word in DAYS else None
    if pool is None and len(word) == 4:
        pool = [str(int(word) + shift) for shift in (-3, -2, -1, 1, 2, 3)]
    pool = pool or [str(day) for day in range(1, 29)]
    other = draw.choice([one for one in pool if one != word])
    return f"{text[: match.start()]}{other}{text[match.end() :]}"


_NO_NAMES = {*MONTHS, *DAYS} | set(
    """President Prime Minister Foreign Chairman Chief Government Council State General Secretary
    Each However The This These Those There When While After Before For From Also It He She They
    But And In On At By With As If An Some Many Most All What Why How Who
    Mr Mrs Ms Dr Gen Rep Sen Gov Attorney Pope Governor Senator Judge King Queen""".split()
)


def names(text: str) -> list[str]:
    """The capitalised names of a sentence beyond its first word, without months and days."""
    found = [match.group() for match in _NAME.finditer(text)]
    return [one for one in found if not set(one.split()) & _NO_NAMES]


def rename(text: str, others: Sequence[str], draw: random.Random) -> str | None:
    """One name replaced by one of `others` with as many words."""
    here = names(text)
    draw.shuffle(here)
    for name in here:
        fitting = [o for o in others if len(o.split()) == len(name.split()) and o not in text]
        roots = {word[:4] for word in re.findall(r"[^\W\d_]+", text)}
        fitting = [o for o in fitting if not roots & {word[:4] for word in o.split()}]
        if fitting:
            return text.replace(name, draw.choice(fitting))
    return None


_OPPOSITES = {
    "supports": "opposes", "supported": "opposed", "rose": "fell", "fell": "rose",
    "increased": "decreased", "accepted": "rejected", "approved": "rejected",
    "confirmed": "denied", "denied": "confirmed", "won": "lost", "lost": "won",
    "before": "after", "inside": "outside", "succeeded": "failed", "failed": "managed",
    "allowed": "banned", "agreed": "refused", "more": "fewer", "welcomed": "condemned",
}  # fmt: skip


def negation(text: str, draw: random.Random) -> str | None:
    """A verb negated, a negation dropped, or a word turned into its opposite."""
    made = []
    if match := re.search(
        r"\b(is|are|was|were|has|have|had|will|would|can|could|should|must|did|does|do)"
        r"( not|n['’]t)\b",
        text,
    ):
        word = {"did": "", "does": "", "do": ""}.get(match[1], match[1])
        made.append(f"{text[: match.start()]}{word}{text[match.end() :]}".replace("  ", " "))
    elif match := _AUXILIARY.search(text):
        made.append(f"{text[: match.end()]} not{text[match.end() :]}")
    turned = set(re.findall(r"\w+", text)) & set(_OPPOSITES)
    made += [re.sub(rf"\b{word}\b", _OPPOSITES[word], text, count=1) for word in turned]
    return draw.choice(sorted(made)) if made else None


def attribute(text: str, speakers: Sequence[str], draw: random.Random) -> str | None:
    """Words told by another speaker, or denied by their own."""
    match = _SAID.match(text) or _SAID_LAST.match(text)
    if match is None:
        return None
    others = [who for who in speakers if not set(who.split()) & set(text.split())]
    what = match["what"]
    if not others or draw.random() < 0.3:
        return f"{match['who']} denied that {what[:1].lower()}{what[1:]}."
    other = draw.choice(others)
    return draw.choice([f"According to {other}, {what}.", f"{other} said that {what}."])


_PREDICATE = re.compile(r" (?:is|are|was|were|has|have|had|will|would|could|should|must) ")


def mix(first: str, second: str) -> str | None:
    """The subject of one sentence with the predicate of another."""
    left, right = _PREDICATE.search(first), _PREDICATE.search(second)
    if left is None or right is None or left.group() != right.group():
        return None
    subject, predicate = first[: left.start()], second[right.start() :]
    if not 1 <= len(subject.split()) <= 8 or second.startswith(subject) or "," in subject:
        return None
    if (
        re.match(r"(?:He|She|It|They|This|There|That|We|I|Each|Those|These|You|What)\b", subject)
        or len(predicate.split()) < 6
    ):
        return None
    return subject + predicate
