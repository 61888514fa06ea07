"""Understand a question: what kind of answer it wants, and which of its words must be met."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.words import STOPWORDS, Token, tokens

LONGEST_QUESTION = 2000  # characters; nobody asks more, and the embedder reads about 1,000


class Kind(StrEnum):
    """The kind of answer that a question wants."""

    COUNT = "count"
    MONEY = "money"
    PERCENT = "percent"
    EXTENT = "extent"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    COUNTRY = "country"
    PEOPLE = "people"
    ORGANISATION = "organisation"
    NAME = "name"
    REASON = "reason"
    OTHER = "other"


# Figures and dates: what answers them is recognised surely, so its lack tells something.
EXACT_KINDS = frozenset({Kind.COUNT, Kind.MONEY, Kind.PERCENT, Kind.EXTENT, Kind.DATE})
_HEADS: dict[Kind, str] = {
    Kind.PERSON: """minister president envoy leader commander general spokesman spokeswoman
        spokesperson official ruler king queen author secretary chief chairman chairwoman diplomat
        ambassador journalist man woman person actor actress singer player coach politician judge
        lawyer scientist pope prince princess director ceo founder candidate governor mayor senator
        warlord dictator athlete writer host winner head premier chancellor negotiator
        representative delegate expert analyst pilot captain officer""",
    Kind.PLACE: """city town village province region state place location capital airport street
        river island district port continent sea ocean mountain neighbourhood neighborhood
        county venue site border territory base""",
    Kind.COUNTRY: "country nation",
    Kind.PEOPLE: "nationality ethnicity",
    Kind.ORGANISATION: """airline company organisation organization group agency party bank
        newspaper outlet committee commission body militia contractor firm university court
        alliance team club brand manufacturer retailer ministry institute council coalition
        regiment brigade army union publisher network channel website app""",
    Kind.DATE: "year date day month time century decade deadline week season",
    Kind.COUNT: "number amount quantity count total figure size population age",
    Kind.PERCENT: "percentage percent share proportion rate fraction",
    Kind.MONEY: "price cost fee salary budget sum fine money pay wage ransom revenue income debt",
    Kind.EXTENT: "duration length height weight depth width distance",
    Kind.NAME: "name title film movie book song show series ship operation nickname",
}
_HEAD_KINDS = {word: kind for kind, words in _HEADS.items() for word in words.split()}
AUXILIARIES = frozenset(
    """is are was were be been do does did has have had will would can could shall should may might
    must""".split()
)
_PLURALS = frozenset("people children men women police troops personnel staff".split())
ASKING = frozenset("who whom whose what which where when why how".split())
_TELLING = re.compile(r"\s*(?:please )?(?:name|list) (?!of\b)", re.IGNORECASE)
_MISSPELT = {
    wrong: right
    for right, several in {
        "what": "wat waht whta hwat whats wht",
        "who": "woh hwo whos",
        "when": "wen whne wehn hwen",
        "where": "wher whre weher",
        "which": "wich whcih wihch witch whitch",
        "how": "hoe ho",
        "why": "wy whay",
    }.items()
    for wrong in several.split()
}  # only as the first word of a question
_REASONS = ("why", "for what reason", "what caused", "what is the reason", "what was the reason")
_WHO_IS = re.compile(r"\s*[Ww]ho (?:is|was|are|were) (?:[A-Z][\w’'-]*[ ?]*)+$")
_CURRENCIES = frozenset("dollars euros pounds cents pence yen rubles roubles rupees francs".split())
_OPEN = re.compile(r"\bhow (?:much(?! time\b)|big|large|high)\b", re.IGNORECASE)
_COMPARED = re.compile(
    r"\bhow much (?:more|less|higher|lower)\b|\b(?:rise|raise|increase|cut|reduction|change)\b",
    re.IGNORECASE,
)
_FIGURES = frozenset("amount figure total quantity size".split())
_SPENT = re.compile(r"\b(?:money|costs?|pay|paid|price|worth|spen[dt]|earn\w*|owe\w*)\b|[$€£]")
_TOLD = frozenset("please name list all".split())
_MEASURED = frozenset("long far old heavy tall high deep wide fast thick".split())
_MANY = dict(zip("two three four five six seven eight nine ten".split(), range(2, 11), strict=True))
_MANY |= {str(number): number for number in range(2, 21)}  # more is a year: "which 2020 films"
_COUNTED = frozenset("many much big large strong often".split())


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the question that an answer should meet.

    `parts` are the index terms of a hyphenated word's parts, which together mean the same.
    """

    word: str
    stem: str
    is_name: bool
    is_number: bool
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the retriever and the reader use it.

    `head` holds the words that say what is asked for ("foreign fighters" in "How many foreign
    fighters …"); they are among `terms` unless they only name the kind ("which country").
    `kind_stems` are the index terms of head words that name a kind of thing ("which airline").
    `asks_much` is whether "how much" or "what figure" leaves open of what: money, a share.
    `many` is how many answers a list shall have, where the question says so ("which two dates").
    """

    text: str
    kind: Kind
    terms: tuple[Term, ...]
    head: tuple[Term, ...]
    kind_stems: frozenset[str]
    wants_list: bool
    asks_age: bool = False
    asks_much: bool = False
    many: int | None = None


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def names_kind(word: str) -> bool:
    """Whether a word names a kind of person, place or body: "mayor", "city", "company"."""
    kind = _HEAD_KINDS.get(word)
    return kind in {Kind.PERSON, Kind.PLACE, Kind.COUNTRY, Kind.ORGANISATION}


def _term(token: Token, first: bool, parts: tuple[str, ...] = ()) -> Term:
    number = token.word[:1].isdigit()
    return Term(token.word, token.stem, token.capital and not first and not number, number, parts)


def _terms(found: Sequence[Token], left_out: set[int]) -> Iterator[Term]:
    """A term for each word that matters; a hyphenated word is one term, not three."""
    joined = {t.start: t for t in found if any(o.start > t.start and o.end == t.end for o in found)}
    inner = {t.start for t in found for j in joined.values() if j.start < t.start < j.end}
    seen: set[int] = set()
    for token in found:
        if token.start in left_out | inner | seen or token.word in STOPWORDS:
            continue
        seen.add(token.start)
        whole = joined.get(token.start)
        parts = () if whole is None else _parts(whole, found)
        yield _term(whole or token, token.start == found[0].start, parts)


def _parts(whole: Token, found: Sequence[Token]) -> tuple[str, ...]:
    return tuple(
        t.stem for t in found if t is not whole and whole.start <= t.start and t.end <= whole.end
    )


def _wh_phrase(found: Sequence[Token], telling: bool) -> tuple[str, list[Token]]:
    """The question word and the noun words that directly follow it; "name" for "Name the …"."""
    if telling:
        return "name", _noun_words([t for t in found if t.word not in _TOLD], False)
    for place, token in enumerate(found):
        if token.word not in ASKING:
            continue
        word, rest = token.word, list(found[place + 1 :])
        if word == "how" and rest and rest[0].word in _MEASURED | _COUNTED:
            word, rest = f"how {rest[0].word}", rest[1:]
        if word in {"what", "which"} and rest and rest[0].word in {"is", "are", "was", "were"}:
            rest = rest[1:]  # "What is the name of …": the noun comes after the verb
        asks_for_noun = word not in {"who", "whom", "when", "where", "why", "how"}
        return word, _noun_words(rest, word == "how many") if asks_for_noun else []
    return "", []


def _noun_words(rest: Sequence[Token], counted: bool) -> list[Token]:
    """Words up to the verb: at most four, cut after a plural or a noun that names a kind.

    What is counted is always a plural: "how many Security Council members".
    """
    words: list[Token] = []
    for token in rest[:6]:
        if token.word in AUXILIARIES or token.word in ASKING:
            break
        if token.word in STOPWORDS:
            if words:
                break
            continue
        words.append(token)
        plural = token.word in _PLURALS or _singular(token.word) != token.word
        if plural or (token.word in _HEAD_KINDS and not counted) or len(words) == 4:
            break
    return words


def _kind(text: str, word: str, nouns: Sequence[Token]) -> Kind:
    """The kind of answer wanted, from the question word and the noun after it."""
    lowered = text.casefold()
    if _WHO_IS.match(text):
        return Kind.OTHER  # asks what is said of a person, not for a name
    if lowered.lstrip().startswith(_REASONS) or re.search(r"\bwhy\b", lowered):
        return Kind.REASON
    named = _HEAD_KINDS.get(_singular(nouns[-1].word)) if nouns else None
    if word in {"who", "whom", "whose"}:
        return Kind.PERSON
    if word == "where":
        return Kind.PLACE
    if word == "when" or re.search(r"\b(?:what|which) (?:year|date|day|month)\b", lowered):
        return Kind.DATE
    if word == "how many":
        if nouns and nouns[-1].word in _CURRENCIES:
            return Kind.MONEY
        return Kind.PERCENT if named is Kind.PERCENT else Kind.COUNT
    if word.startswith("how "):
        return _measure(lowered, word, nouns)
    if word == "name":
        return named or Kind.NAME
    return named if named and word in {"what", "which"} else Kind.OTHER


def _measure(lowered: str, word: str, nouns: Sequence[Token]) -> Kind:
    """What "how long", "how much" and their like ask for."""
    if word == "how much" and nouns and nouns[0].word == "time":
        return Kind.EXTENT
    if word == "how much" and _SPENT.search(lowered):
        return Kind.MONEY
    return Kind.EXTENT if word.removeprefix("how ") in _MEASURED else Kind.COUNT


def _wants_list(word: str, nouns: Sequence[Token], kind: Kind) -> bool:
    """Whether several answers are asked for: "Which countries …", "What are the names …"."""
    if not nouns or word not in {"what", "which", "who", "name"}:
        return False
    last = nouns[-1].word
    return _singular(last) != last and kind is not Kind.OTHER


def _asks_much(text: str, word: str, nouns: Sequence[Token], kind: Kind) -> bool:
    """Whether any quantity may answer: "How big was the loss?", "What pay rise did they want?"."""
    if kind in {Kind.COUNT, Kind.EXTENT}:
        figure = word in {"what", "which"} and any(noun.word in _FIGURES for noun in nouns[-1:])
        return figure or _OPEN.search(text) is not None
    return kind in {Kind.MONEY, Kind.PERCENT} and _COMPARED.search(text) is not None


def _many(nouns: Sequence[Token]) -> int | None:
    """How many are asked for: "which two dates", "the 3 members"; None where it is not said."""
    return next((_MANY[noun.word] for noun in nouns if noun.word in _MANY), None)


def understand(text: str) -> Question:
    """Analyse a question; pure and quick (under a millisecond)."""
    found = list(tokens(text))
    if found and (meant := _MISSPELT.get(found[0].word)):
        found[0] = found[0]._replace(word=meant, stem=meant)
    telling = _TELLING.match(text) is not None
    word, nouns = _wh_phrase(found, telling)
    kind = _kind(text, word, nouns)
    spoken = {*word.split(), *ASKING}
    left_out = {n.start for n in nouns[-1:] if _names_kind(n.word, kind)}
    left_out |= {token.start for token in found if token.word in spoken}
    left_out |= {token.start for token in found[:2] if telling and token.word in _TOLD}
    terms = tuple(_terms(found, left_out))
    head = tuple(_term(token, False) for token in nouns)
    kinds = frozenset(
        term.stem for term in head if word != "how many" and _singular(term.word) in _HEAD_KINDS
    )
    several = _wants_list(word, nouns, kind)
    many = _many(nouns) if several else None
    much = _asks_much(text, word, nouns, kind)
    return Question(text, kind, terms, head, kinds, several, word == "how old", much, many)


def _names_kind(word: str, kind: Kind) -> bool:
    """Whether a noun says no more than the kind: "year", "country", but not "population"."""
    plain = {Kind.DATE, Kind.COUNTRY, Kind.PEOPLE, Kind.NAME, Kind.PERCENT}
    generic = {
        "number",
        "amount",
        "place",
        "location",
        "person",
        "city",
        "organisation",
        "organization",
        "money",
        "time",
    }
    return (kind in plain and _HEAD_KINDS.get(_singular(word)) is kind) or word in generic
