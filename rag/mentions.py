"""Find what could be a short answer in a text: numbers, dates, durations, names.

Rules, not a model: explainable, quick, and the same in every home.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.words import STOPWORDS, fold
from rag.lexicon import country, is_common, people
from rag.understand import Kind

_HEDGE = (
    r"(?:at least|at most|(?:no )?(?:more|less|fewer) than|over|under|above|below|about|around|"
    r"approximately|roughly|nearly|almost|some|up to|as (?:many|few|much) as|close to|"
    r"just (?:over|under)|well over|an estimated|estimated|only|exactly|between|within)"
)
_DIGITS = r"\d+(?:,\d{3})*(?:\.\d+)?"
_ONES = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
)
_SCALE = r"(?:hundreds?|thousands?|millions?|billions?|trillions?|dozens?|bn|mn)"
_WORDED = (
    rf"(?:(?:tens|hundreds|dozens|several|a few|half) (?:of )?(?:a )?{_SCALE}|{_ONES}(?:-{_ONES})?(?: {_SCALE})*|"
    rf"(?:a |an )?(?:dozen|hundred|thousand|million|billion|half)|{_SCALE}(?= of\b)|both|none)"
)
_QUANTITY = rf"(?:{_DIGITS}(?:[ -]?{_SCALE})?|{_WORDED})"
_RANGE = rf"{_QUANTITY}(?:\s?(?:-|–|to)\s?{_QUANTITY})?"
_CURRENCY = r"(?:US\$|A\$|C\$|[$€£¥₹])"
_MONEY_UNIT = r"(?:(?:US |U\.S\. |Libyan |American )?(?:dollars?|euros?|pounds?|cents?|dinars?|yen|rubles?|roubles?|rupees?|francs?|lira|yuan))"
_TIME_UNIT = r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centuries|century|nights?)"
_MEASURE = (
    r"(?:percentage points|per cent|percent|%|kilomet(?:er|re)s?|km|miles?|met(?:er|re)s?|feet|foot|inches|"
    r"kilograms?|kg|tonnes?|tons?|pounds|lbs?|lit(?:er|re)s?|barrels?|acres?|hectares?|degrees|mph|km/h)"
)
_FULL_MONTH = (
    r"(?:January|February|March|April|May(?! (?:be|have|not))|June|July|August|September|October|"
    r"November|December)"
)
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
)
_WEEKDAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?(?!\d)"
_YEAR = r"(?:1[0-9]|20)\d\d"
_DATE = re.compile(
    rf"\b(?:{_WEEKDAY},? )?(?:{_MONTH} {_DAY}(?:,? (?:in )?{_YEAR})?|{_DAY} (?:of )?{_MONTH}(?:,? (?:in )?{_YEAR})?"
    rf"|(?:early |late |mid-)?{_MONTH},? (?:of )?{_YEAR})(?: (?:this|last|next) year)?"
    rf"|\b(?:the )?(?:early|late|mid|end of|beginning of|start of|middle of)[ -](?:the )?(?:{_MONTH}(?: {_YEAR})?|{_YEAR}s?)"
    rf"|\b(?:(?:last|next|this) )?(?:{_FULL_MONTH}|{_WEEKDAY})(?: this year| last year)?\b(?!\.[A-Za-z])"
    rf"|\b(?:{_YEAR})s?\b(?![,.]\d|%)|\b\d{{4}}-\d\d-\d\d\b|\b\d{{1,2}}/\d{{1,2}}/\d{{2,4}}\b"
    rf"|\b(?:last|next|this) (?:week|month|year|summer|winter|spring|autumn|fall|night|weekend)\b|\b(?:yesterday|today|tomorrow)\b"
    rf"|\b(?:the )?\d{{1,2}}(?:st|nd|rd|th)(?:[ -]century)\b"
)
_NUMBER = re.compile(
    rf"(?P<hedge>\b{_HEDGE} )?(?:(?P<currency>{_CURRENCY} ?)|(?<![\w.,+$]))(?P<value>{_RANGE})(?!\w|[.,+]\d)"
    rf"(?P<unit>[ -]?(?:{_MEASURE}|{_MONEY_UNIT}|{_TIME_UNIT})(?!\w))?",
    re.IGNORECASE,
)
_SPELT = {
    word: value
    for value, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen twenty""".split()
    )
} | {"dozen": 12, "hundred": 100, "thousand": 1000, "thirty": 30, "forty": 40, "fifty": 50} | {
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "million": 10**6, "billion": 10**9,
    "trillion": 10**12, "bn": 10**9, "mn": 10**6, "both": 2, "none": 0,
}

_CAP = r"[^\W\d_a-z][\w’'&.-]*"
_LINK = r"(?:of the|for the|of|for|al|el|bin|ibn|ben|de|del|da|van|von|der|la|le)"
_NAME = re.compile(rf"(?<![\w-])(?:al-|el-|as-|ash-|an-)?{_CAP}(?:[ \-](?:(?:{_LINK}) )?(?:al-|el-)?{_CAP}|-based|[ ]\d+\+?\d*(?= [A-Z]))*")
_TITLES = frozenset(
    """president prime minister foreign deputy defence defense chairman chairwoman general field
    marshal special envoy secretary secretary-general ambassador commander colonel captain major
    dr mr mrs ms professor warlord senator king queen prince princess pope sheikh sir lord lady
    representative spokesman spokeswoman spokesperson chancellor governor mayor judge lieutenant
    sergeant sen rep gov gen col lt sgt prof rev vice acting former interim chief director head
    premier lawmaker coach justice attorney analyst""".split()
)
_ORGANISATION_WORDS = frozenset(
    """group council committee commission ministry army government organisation organization
    agency union party bank university institute court command office forces force department
    company corporation corp inc ltd airlines airways wings league club association federation
    mission assembly parliament congress senate board brigade brigades battalion militia network
    foundation fund authority service services police nations team forum alliance coalition
    society front movement times post journal press news daily television tv radio""".split()
)
_ADJECTIVE = re.compile(r"[-‑][a-z]+$")
_LINKS = frozenset({"of", "for", "the", "to", "and"})
_SPEECH = re.compile(
    r"^(?:,[^,]{0,60},)? (?:said|says|told|added|stressed|noted|warned|announced|stated|emphasized|"
    r"emphasised|recalled|claimed|argued|explained|insisted|wrote|tweeted|replied|pointed)\b"
)
_PLACE_BEFORE = re.compile(
    r"(?:\b(?:in|at|near|from|outside|to|towards?|around|across|on|of|off)|(?:city|town|village|"
    r"port|capital|province|region|island|district|state) of|(?:city|town|village|capital|port),?)"
    r"(?: the)?(?: (?:eastern|western|northern|southern|central|north|south|east|west|coastal))? $"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A possible short answer: its span in the text and the kinds of question it could answer.

    `key` is equal for two mentions that say the same ("20,000" and "about 20,000").
    """

    start: int
    end: int
    kinds: frozenset[Kind]
    key: str
    core: int  # offset where the value itself begins, after any hedge


def _number_value(value: str) -> str:
    """One spelling for one number: "20,000", "20 thousand" → "20000"; others as they stand."""
    total = 1.0
    seen = False
    for part in re.split(r"[ -]+", value.casefold().replace(",", "")):
        word = part.rstrip("s") if part.rstrip("s") in _SPELT else part
        if re.fullmatch(r"\d+(?:\.\d+)?", part):
            total *= float(part)
        elif word in _SPELT:
            number = _SPELT[word]
            total = total + number if seen and 20 <= total < 100 and number < 10 else total * number
        else:
            return value.casefold()
        seen = True
    return f"{total:g}" if total < 1e6 else f"{total:.0f}"


def _numbers(text: str) -> Iterator[Mention]:
    for match in _NUMBER.finditer(text):
        unit = (match["unit"] or "").strip(" -").casefold()
        if match["currency"] or re.fullmatch(_MONEY_UNIT, unit, re.IGNORECASE):
            kind = Kind.MONEY
        elif unit in {"%", "percent", "per cent", "percentage points"}:
            kind = Kind.PERCENT
        elif unit and re.fullmatch(_TIME_UNIT, unit, re.IGNORECASE):
            kind = Kind.DURATION
        else:
            kind = Kind.COUNT
            if re.fullmatch(_YEAR, match["value"]) and not match["hedge"]:
                continue  # a year, found as a date
        core = match.start("currency") if match["currency"] else match.start("value")
        kinds = {kind} | ({Kind.COUNT} if kind in {Kind.PERCENT, Kind.DURATION} else set())
        key = f"{_number_value(match['value'])} {_unit_key(unit, kind)}".strip()
        yield Mention(match.start(), match.end(), frozenset(kinds), key, core)


def _unit_key(unit: str, kind: Kind) -> str:
    if kind is Kind.PERCENT:
        return "%"
    if kind is Kind.MONEY:
        return "money"
    return unit.rstrip("s")


def _dates(text: str) -> Iterator[Mention]:
    for match in _DATE.finditer(text):
        key = " ".join(sorted(fold(part) for part in match.group().split() if part != "in"))
        yield Mention(match.start(), match.end(), frozenset({Kind.DATE}), key, match.start())


def _trim_titles(text: str, start: int, end: int) -> int:
    """Where the name itself begins in "Turkish President Recep Tayyip Erdogan"."""
    begin = start
    for word in re.finditer(r"[^\s]+", text[start:end]):
        last = start + word.end() >= end
        plain = fold(word.group())
        if not last and _is_description(word.group(), plain):
            begin = start + word.end() + 1
        elif plain not in _LINKS or begin == start:
            break
    while (link := re.match(r"(?:of|for|the|to|and) ", text[begin:end])) is not None:
        begin += link.end()
    return begin


def _is_description(word: str, plain: str) -> bool:
    """Whether a capitalised word before a name only describes it: a title, a people, "Paris-based"."""
    return plain in _TITLES or bool(people(word) or country(word)) or bool(_ADJECTIVE.search(word))


def _begins_sentence(text: str, start: int) -> bool:
    return not text[:start].rstrip(" \"'“‘(").strip() or text[:start].rstrip(" \"'“‘(")[-1] in ".!?:;"


def _name_kinds(text: str, start: int, end: int, titled: bool) -> set[Kind]:
    """What a capitalised phrase may name, judged by its words and its surroundings."""
    name = text[start:end]
    words = [fold(word) for word in re.split(r"[\s]+", name)]
    if country(name):
        return {Kind.COUNTRY, Kind.PLACE, Kind.NAME}
    if people(name):
        return {Kind.PEOPLE}
    kinds = {Kind.NAME}
    organisation = bool(_ORGANISATION_WORDS & set(words)) or bool(re.fullmatch(r"[A-Z][A-Z.&-]{1,7}", name))
    placed = bool(_PLACE_BEFORE.search(text[max(0, start - 40) : start]))
    if organisation:
        kinds.add(Kind.ORGANISATION)
    elif titled or _SPEECH.match(text[end : end + 90]):
        kinds.add(Kind.PERSON)
    else:
        if placed:
            kinds.add(Kind.PLACE)
        if len(words) > 1 or not placed:
            kinds.add(Kind.PERSON)
        kinds.add(Kind.ORGANISATION)
    return kinds


def _names(text: str) -> Iterator[Mention]:
    for match in _NAME.finditer(text):
        start, end = match.span()
        end = start + len(_TAIL.sub("", text[start:end]))
        if text[start:end].endswith(("'s", "’s")):
            end -= 2
        first = re.match(r"[^\s]+", text[start:end])
        if first and _begins_sentence(text, start):
            plain = fold(first.group())
            if plain in STOPWORDS or (first.end() < end - start and plain in _OPENERS):
                start += first.end() + 1
            elif first.end() == end - start and _is_plain_word(first.group()):
                continue
        if start >= end or fold(text[start:end]) in STOPWORDS:
            continue
        begin = _trim_titles(text, start, end)
        kinds = _name_kinds(text, begin, end, begin > start)
        yield Mention(begin, end, frozenset(kinds), fold(text[begin:end]), begin)


_TAIL = re.compile(r"(?:[-‑][a-z]+|[.\-'’&])+$")  # "UN-backed" names the UN
_OPENERS = frozenset("subsequent last earlier according despite following during while when after".split())


def _is_plain_word(word: str) -> bool:
    """Whether a capitalised first word of a sentence is likely no name."""
    return is_common(fold(word)) and not country(word) and not people(word)


def mentions(text: str) -> list[Mention]:
    """Everything in a text that could be a short answer, by place; dates win over numbers."""
    dates = list(_dates(text))
    taken = [(d.start, d.end) for d in dates]

    def free(mention: Mention) -> bool:
        return all(mention.core >= end or mention.end <= start for start, end in taken)

    numbers = [number for number in _numbers(text) if free(number)]
    taken += [(n.core, n.end) for n in numbers]
    names = [name for name in _names(text) if free(name)]
    return sorted(dates + numbers + names, key=lambda m: m.start)
