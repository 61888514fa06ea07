"""Find the names in a text, and what each may name: a person, a place or an organisation."""

import re
from collections.abc import Iterator

from index.words import STOPWORDS, fold
from rag.lexicon import country, is_common, people
from rag.mention import Mention
from rag.understand import Kind

_CAPITALISED = r"[^\W\d_a-z][\w’'&.-]*"
_LINK = r"(?:of the|for the|of|for|al|el|bin|ibn|ben|de|del|da|van|von|der|la|le)"
_ARTICLE = r"(?:al-|el-|as-|ash-|an-)"  # of Arabic family names
_NAME = re.compile(
    rf"(?<![\w-]){_ARTICLE}?{_CAPITALISED}"
    rf"(?:[ \-](?:{_LINK} )?{_ARTICLE}?{_CAPITALISED}|[ ]\d+\+?\d*(?= [A-Z]))*"
)
_TAIL = re.compile(r"(?:[-‑][a-z]+|[.\-'’&])+$")  # "UN-backed" names the UN
_DESCRIBED = re.compile(r"[-‑][a-z]+$")  # "Paris-based analyst …"
_LINKS = frozenset({"of", "for", "the", "to", "and"})
_OPENERS = frozenset(
    "subsequent last earlier according despite following during while when after".split()
)
_TITLES = frozenset(
    """president prime minister foreign deputy defence defense chairman chairwoman general field
    marshal special envoy secretary secretary-general ambassador commander colonel captain major
    dr mr mrs ms professor warlord senator king queen prince princess pope sheikh sir lord lady
    representative spokesman spokeswoman spokesperson chancellor governor mayor judge lieutenant
    sergeant sen rep gov gen col lt sgt prof rev vice acting former interim chief director head
    premier lawmaker coach justice attorney analyst un us eu uk""".split()
)
_ORGANISATION = frozenset(
    """group council committee commission ministry army government organisation organization
    agency union party bank university institute court command office forces force department
    company corporation corp inc ltd airlines airways wings league club association federation
    mission assembly parliament congress senate board brigade brigades battalion militia network
    foundation fund authority service services police nations team forum alliance coalition
    society front movement times post journal press news daily television tv radio""".split()
)
_PLACE = frozenset(
    """airport province city river island islands park street avenue square bridge lake mountain
    mountains stadium arena valley desert county bay beach harbour harbor port canyon forest
    peninsula hill hills coast ocean sea gulf falls district village town""".split()
)  # as the last word of a name
_ACRONYM = re.compile(r"[A-Z][A-Z.&-]{1,7}")
_SPEECH = re.compile(
    r"^(?:,[^,]{0,60},)? (?:said|says|told|added|stressed|noted|warned|announced|stated|"
    r"emphasi[sz]ed|recalled|claimed|argued|explained|insisted|wrote|tweeted|replied|pointed)\b"
)
_PLACE_BEFORE = re.compile(
    r"(?:\b(?:in|at|near|from|outside|to|towards?|around|across|on|of|off)|(?:city|town|village|"
    r"port|capital|province|region|island|district|state) of|(?:city|town|village|capital|port),?)"
    r"(?: the)?(?: (?:eastern|western|northern|southern|central|north|south|east|west|coastal))? $"
)
_PLACE_AFTER = re.compile(
    r"^-based\b|^ (?:province|city|town|village|region|district|island|river|airport|county|valley|"
    r"desert)\b"
)
_BEFORE = 40  # characters before a name that may show it to be a place
_AFTER = 90  # characters after a name in which a verb of speech shows it to be a person


def is_title(word: str) -> bool:
    """Whether a folded word is a title or office: president, gen."""
    return word in _TITLES and word not in {"un", "us", "eu", "uk"}


def _describes(word: str) -> bool:
    """Whether a capitalised word only describes the name after it: a title, a country, a people."""
    plain = fold(word)
    known = plain in _TITLES or country(word) or people(word)
    return bool(known) or bool(_DESCRIBED.search(word))


def _skip_titles(text: str, start: int, end: int) -> int:
    """Where the name itself begins in "Turkish President Recep Tayyip Erdogan"."""
    begin = start
    for word in re.finditer(r"\S+", text[start:end]):
        last = start + word.end() >= end
        if not last and _describes(word.group()):
            begin = start + word.end() + 1
        elif fold(word.group()) not in _LINKS or begin == start:
            break
    while (link := re.match(r"(?:of|for|the|to|and) ", text[begin:end])) is not None:
        begin += link.end()
    return begin


def _opens_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \"'“‘(")
    return not before or before[-1] in ".!?:;"


def _without_opener(text: str, start: int, end: int) -> int | None:
    """The start of the name without a sentence's capitalised first word; None if that is all."""
    first = text[start:end].split()[0]
    plain = fold(first)
    alone = len(first) == end - start
    if plain in STOPWORDS or plain in _OPENERS:
        return None if alone else start + len(first) + 1
    # An ordinary word that stands alone at the start is capitalised for that reason only.
    ordinary = is_common(plain) and not country(first) and not people(first)
    return None if alone and ordinary else start


def _kinds(text: str, start: int, end: int, titled: bool) -> set[Kind]:
    """What a name may name, judged by its words and its surroundings."""
    name = text[start:end]
    if country(name):
        return {Kind.COUNTRY, Kind.PLACE, Kind.NAME}
    if people(name):
        return {Kind.PEOPLE}
    words = [fold(word) for word in name.split()]
    if _ORGANISATION & set(words) or _ACRONYM.fullmatch(name):
        return {Kind.NAME, Kind.ORGANISATION}
    if words[-1] in _PLACE and len(words) > 1:
        return {Kind.NAME, Kind.PLACE, Kind.ORGANISATION}
    if _PLACE_AFTER.match(text[end : end + _AFTER]):
        return {Kind.NAME, Kind.PLACE}
    if titled or _SPEECH.match(text[end : end + _AFTER]):
        return {Kind.NAME, Kind.PERSON}
    if _PLACE_BEFORE.search(text[max(0, start - _BEFORE) : start]):
        person = {Kind.PERSON} if len(words) > 1 else set()
        return {Kind.NAME, Kind.ORGANISATION, Kind.PLACE} | person
    return {Kind.NAME, Kind.ORGANISATION, Kind.PERSON}


def proper_names(text: str) -> Iterator[Mention]:
    """The names of a text, without titles and descriptions before them."""
    for match in _NAME.finditer(text):
        start: int | None = match.start()
        end = match.start() + len(_TAIL.sub("", match.group()))
        if text[match.start() : end].endswith(("'s", "’s")):
            end -= 2
        if end > match.start() and _opens_sentence(text, match.start()):
            start = _without_opener(text, match.start(), end)
        if start is None or start >= end or fold(text[start:end]) in STOPWORDS:
            continue
        begin = _skip_titles(text, start, end)
        titled = any(fold(word) in _TITLES for word in text[start:begin].split())
        kinds = _kinds(text, begin, end, titled)
        yield Mention(begin, end, frozenset(kinds), fold(text[begin:end]), begin)
