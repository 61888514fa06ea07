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
_SCALE = r"(?:hundreds?|thousands?|millions?|billions?|trillions?|dozens?|bn|mn)"
_WORDED = (
    rf"(?:(?:tens|hundreds|dozens|several|a few|half) (?:of )?(?:a )?{_SCALE}|"
    rf"{_ONES}(?:-{_ONES})?(?: {_SCALE})*|"
    rf"(?:a |an )?(?:dozen|hundred|thousand|million|billion|half)|{_SCALE}(?= of\b)|both|none)"
)
_QUANTITY = rf"(?:{_DIGITS}(?:[ -]?{_SCALE})?|{_WORDED})"
_RANGE = rf"{_QUANTITY}(?:\s?(?:-|–|to)\s?{_QUANTITY}| and {_DIGITS})?"
_CURRENCY = r"(?:US\$|A\$|C\$|[$€£¥₹])"
_MONEY_UNIT = (
    r"(?:(?:US |U\.S\. |[a-z]+(?:an|ish|ese) )?(?:dollars?|euros?|pounds?|cents?|dinars?|"
    r"yen|rubles?|roubles?|rupees?|francs?|lira|yuan|crowns?|pesos?|riyals?|dirhams?))"
)
_TIME_UNIT = (
    r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centuries|century|nights?)"
)
_PERCENT = r"(?:percentage points|per cent|percent|%)"
_MEASURE = (
    rf"(?:{_PERCENT}|kilomet(?:er|re)s?|km|miles?|met(?:er|re)s?|feet|foot|inches|kilograms?|kg|"
    r"tonnes?|tons?|lbs?|lit(?:er|re)s?|barrels?|acres?|hectares?|degrees|mph|km/h)"
)
_NUMBER = re.compile(
    rf"(?P<hedge>\b{_HEDGE} )?(?:(?P<currency>{_CURRENCY} ?)|(?<![\w.,+$]))"
    rf"(?P<value>{_RANGE})(?!\w|[.,+]\d)"
    rf"(?P<unit>[ -]?(?:{_MEASURE}|{_MONEY_UNIT}|{_TIME_UNIT})(?!\w))?",
    re.IGNORECASE,
)
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
_VALUES |= {"million": 10**6, "mn": 10**6, "billion": 10**9, "bn": 10**9, "trillion": 10**12}


def number_key(value: str) -> str:
    """One spelling for one number: "20,000" and "20 thousand" give "20000"; a range stays."""
    total, seen = 1.0, False
    for part in re.split(r"[ -]+", value.casefold().replace(",", "")):
        word = part.rstrip("s") if part.rstrip("s") in _VALUES else part
        if re.fullmatch(r"\d+(?:\.\d+)?", part):
            number = float(part)
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
    """The numbers of a text, spelt in digits or words; years are dates and left out."""
    for match in _NUMBER.finditer(text):
        unit = (match["unit"] or "").strip(" -").casefold()
        kind = _kind(match["currency"], unit)
        if kind is Kind.COUNT and not match["hedge"] and re.fullmatch(YEAR, match["value"]):
            continue
        kinds = {kind} if kind is Kind.MONEY else {kind, Kind.COUNT}
        core = match.start("currency") if match["currency"] else match.start("value")
        key = f"{number_key(match['value'])} {_unit_key(unit, kind)}".strip()
        yield Mention(match.start(), match.end(), frozenset(kinds), key, core)
