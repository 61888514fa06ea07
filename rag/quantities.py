"""Find numbers in a text with their hedges and units: "at least 20,000", "$1,000", "70 km"."""

import re
from collections.abc import Iterator

from rag.dates import YEAR
from rag.mention import Mention
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
_SCALE = r"(?:hundreds?|thousands?|millions?|billions?|trillions?|dozens?|bn|mn|tn)"
_SHORT_SCALE = r"(?:k|m|b)"  # only right behind the digits: "£10m"
_WORDED = (
    rf"(?:(?:tens|hundreds|dozens|several|a few|half) (?:of )?(?:a )?{_SCALE}|"
    rf"{_ONES}(?:-{_ONES})?(?: {_SCALE})*|"
    rf"(?:a |an )?(?:dozen|hundred|thousand|million|billion|half)|{_SCALE}(?= of\b)|both|none)"
)
_QUANTITY = rf"(?:{_DIGITS}(?:[ -]?{_SCALE}|{_SHORT_SCALE})?|{_WORDED})"
_RANGE = rf"{_QUANTITY}(?:\s?(?:-|–|to)\s?{_QUANTITY}| and {_DIGITS})?"
_CURRENCY = (
    r"(?:(?:\b(?:US|AU|NZ|HK|Mex|[ACRS]))?\$|[€£¥₹₽₺₩₦₪]|"
    r"\b(?:USD|EUR|GBP|AUD|CAD|CHF|RM|Rs\.?)(?= ?\d))"
)
_MONEY_UNIT = (
    r"(?:(?:US |U\.S\. |[a-z]+(?:an|ish|ese) )?(?:dollars?|euros?|pounds?|cents?|pence|dinars?|"
    r"yen|rubles?|roubles?|rupees?|francs?|lira|yuan|crowns?|pesos?|riyals?|dirhams?|bucks|"
    r"kron[aeo]r?|shekels?|baht|naira|shillings?|rupiahs?|reais|zlotys?|hryvnias?|soles|cedis?|"
    r"tenge|marks|ringgit|rand|lei|forints?|dong|taka|kwacha|birr|manat|drams?|laris?))"
)
_TIME_UNIT = (
    r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centuries|century|nights?)"
)
_PERCENT = r"(?:percentage points|per cent|percent|%)"
_MEASURE = (
    rf"(?:{_PERCENT}|(?:square |sq\.? |cubic |nautical )?(?:(?:kilo|centi|milli)?met(?:er|re)s?|km|"
    r"miles?|feet|foot|ft|inch(?:es)?|yards?)|light[ -]years?|cm|mm|"
    r"(?:kilo|milli)?grams?|kg|g|tonnes?|tons?|lbs?|ounces?|oz|lit(?:er|re)s?|gallons?|pints?|"
    r"barrels?|acres?|hectares?|degrees|°[CF]?|mph|km/h|kph|kmh|knots|"
    r"(?:kilo|mega|giga)?watts?|[kmg]w|calories|[mgt]b)"
)
_NUMBER = re.compile(
    rf"(?P<hedge>\b{_HEDGE} )?(?:(?P<currency>{_CURRENCY} ?)|(?<![\w.,+$]))"
    rf"(?P<value>{_RANGE})"
    rf"(?:(?P<unit>[ -]?(?:{_MEASURE}|{_MONEY_UNIT}|{_TIME_UNIT})(?!\w))|(?!\w|[.,+]\d))",
    re.IGNORECASE,
)
_SHARE = re.compile(
    rf"(?:\b{_HEDGE} )?\b(?P<share>(?:an?|one|two|three|four|five)[ -]"
    r"(?:third|quarter|fifth|sixth|tenth)s?|"
    rf"(?:one|two|three|four|five|seven|nine)(?: [a-z]+)? (?:in|out of)(?: every)? "
    rf"(?:{_ONES}|\d{{1,3}})"
    rf"(?! {_TIME_UNIT}|[,.]?\d))\b",
    re.IGNORECASE,
)  # "two-thirds", "one in five", "one adult in five"
_SPELL = re.compile(
    rf"(?:\b{_HEDGE} |\b(?:for|in|within|takes|took|lasts|lasted|of|is|was) )"
    rf"(?P<unit>(?:half )?an? (?:{_TIME_UNIT}|(?:kilo)?met(?:er|re)|mile|foot)(?: and a half)?)\b",
    re.IGNORECASE,
)  # "about a year", "of a metre and a half"
_TIMES = re.compile(r"\b(?:once|twice|thrice)\b", re.IGNORECASE)
_SCALES = {"k": 10**3, "m": 10**6, "b": 10**9}
_VALUES = {
    word: value
    for value, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen twenty""".split()
    )
}
_VALUES |= {
    word: 10 * tens
    for tens, word in enumerate("thirty forty fifty sixty seventy eighty ninety".split(), start=3)
}
_VALUES |= {"dozen": 12, "hundred": 100, "thousand": 1000, "both": 2, "none": 0, "a": 1, "an": 1}
_VALUES |= {
    "million": 10**6,
    "mn": 10**6,
    "billion": 10**9,
    "bn": 10**9,
    "trillion": 10**12,
    "tn": 10**12,
}


def number_key(value: str) -> str:
    """One spelling for one number: "20,000" and "20 thousand" give "20000"; a range stays."""
    total, seen = 1.0, False
    for part in re.split(r"[ -]+", value.casefold().replace(",", "")):
        word = part.rstrip("s") if part.rstrip("s") in _VALUES else part
        if figure := re.fullmatch(rf"(\d+(?:\.\d+)?)({'|'.join(_SCALES)})?", part):
            number = float(figure[1]) * _SCALES.get(figure[2], 1)
        elif word in _VALUES:
            number = float(_VALUES[word])
        else:
            return value.casefold()
        # "twenty-five" adds; "five thousand" multiplies.
        total = total + number if seen and 20 <= total < 100 and number < 10 else total * number
        seen = True
    return f"{total:.0f}" if total >= 1e6 else f"{total:g}"


def _kind(currency: str | None, unit: str) -> Kind:
    if currency or re.fullmatch(_MONEY_UNIT, unit, re.IGNORECASE):
        return Kind.MONEY
    if re.fullmatch(_PERCENT, unit):
        return Kind.PERCENT
    return Kind.EXTENT if unit else Kind.COUNT


def _unit_key(unit: str, kind: Kind) -> str:
    if kind is Kind.PERCENT:
        return "%"
    return "money" if kind is Kind.MONEY else unit.rstrip("s")


def quantities(text: str) -> Iterator[Mention]:
    """The numbers of a text, spelt in digits or words, its shares ("one in five"), spells ("about a
    year") and "twice"; years are dates and left out.
    """
    shares = list(_SHARE.finditer(text))
    for match in shares:
        key = match["share"].casefold().replace("-", " ")
        yield Mention(*match.span(), frozenset({Kind.PERCENT}), key, match.start("share"))
    for match in _SPELL.finditer(text):
        key, start = match["unit"].casefold(), match.start("unit")
        yield Mention(start, match.end("unit"), frozenset({Kind.EXTENT}), key, start)
    for match in _TIMES.finditer(text):
        key = match.group().casefold()
        yield Mention(*match.span(), frozenset({Kind.COUNT}), key, match.start())
    for match in _NUMBER.finditer(text):
        if not any(match.start() < share.end() and share.start() < match.end() for share in shares):
            yield from _number(match)


def _number(match: re.Match[str]) -> Iterator[Mention]:
    unit = (match["unit"] or "").strip(" -").casefold()
    kind = _kind(match["currency"], unit)
    if kind is Kind.COUNT and not match["hedge"] and re.fullmatch(YEAR, match["value"]):
        return
    kinds: set[Kind] = {kind} if kind is Kind.MONEY else {kind, Kind.COUNT}
    if match["value"].casefold().endswith("half"):
        kinds.add(Kind.PERCENT)
    if unit.startswith("pound"):
        kinds.add(Kind.EXTENT)  # a weight, it may be
    core = match.start("currency") if match["currency"] else match.start("value")
    key = f"{number_key(match['value'])} {_unit_key(unit, kind)}".strip()
    yield Mention(match.start(), match.end(), frozenset(kinds), key, core)
