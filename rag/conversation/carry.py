"""Complete a follow-up by rule: what it leaves out is carried over from the turn before it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from index.words import STOPWORDS, Token, fold, tokens
from rag.conversation.dependent import ASKING, AUXILIARIES, NEUTER, PERSONAL, content
from rag.dates import dates
from rag.lexicon import country, is_common, people
from rag.mention import Mention
from rag.mentions import mentions
from rag.understand import Kind, understand

_MARKS = re.compile(r"\s*\[[\d, ]+\]")
_QUOTED = re.compile(r"[“\"]([^“”\"]{15,})[”\"]")
_ATTRIBUTED = re.compile(r", [^,]{2,60}\b(?:said|told|warned|added|announced)\b[^,]{0,40}$")
_OPENER = re.compile(r"^(?:(?:and|but|so|or|also|then|ok|okay|well)\b,? *)+", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:what|how) (?:about|of) +", re.IGNORECASE)
_PREPOSITION = re.compile(r"^(in|on|at|by|from|since|until|after|before|for|to|during) ", re.I)
_COUNTED = re.compile(r"^how (many|much) (?=(?:is|are|was|were|have|had|did|do|of)\b)", re.I)
_SHIFT = re.compile(
    r"\b(?P<number>an?|the|one|two|three|four|five|six|seven|eight|nine|ten|\d+) "
    r"(?P<unit>day|week|month|year|decade)s? (?P<way>later|on|after|afterwards|earlier|before)\b"
    r"|\bthe (?P<next>following|next|previous|preceding) (?P<unit2>day|week|month|year)\b",
    re.IGNORECASE,
)
_NUMBERS = {
    w: n for n, w in enumerate("zero one two three four five six seven eight nine ten".split())
}
_MONTHS = (
    "january february march april may june july august september october november december".split()
)
_HAPPENED = (
    r"\b(?:did|was|is|has) (?:that|this)(?: (?:happen\w*|true|possible|so|the case))?(?= *[?.!]*$)"
)
_PLACING = frozenset("in at from on to of".split())
_YEAR = re.compile(r"\b(1\d|20)\d\d\b")
_ALTERNATIVE = {Kind.PEOPLE: Kind.COUNTRY, Kind.COUNTRY: Kind.PEOPLE}
_LONGEST_CLAIM = 180  # characters of what was said that a question repeats
_MOST_WORDS = 4
_MOST_NAMES = 3  # carried over beside the words that are replaced


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question, complete, and what the articles were quoted with in answer to it."""

    question: str
    answer: str

    @property
    def claim(self) -> str:
        """The first statement of the answer, "" where nothing was answered."""
        if not _MARKS.search(self.answer):
            return ""
        quoted = _QUOTED.search(self.answer)
        said = quoted[1].removeprefix("that ") if quoted else _MARKS.split(self.answer)[0]
        said = _ATTRIBUTED.sub("", " ".join(said.split()).strip(' .,!?"“”'))
        return said if len(said) <= _LONGEST_CLAIM else said[:_LONGEST_CLAIM].rsplit(" ", 1)[0]


def complete(question: str, turns: Sequence[Turn]) -> str:
    """The question with what it leaves out taken from the last turn; one line."""
    bare = _OPENER.sub("", question).strip()
    last = turns[-1]
    if not any(c.isalnum() for c in bare):
        bare = question
    elif bare != question and not _ABOUT.match(bare) and _is_bare_noun(bare):
        bare = f"what about {bare}"
    if re.match(r"(?:please )?(?:tell me more|more (?:details?|on that)|go on)\b", bare, re.I):
        return _tidy(last.question)
    for rule in (_said, _shifted, _exchanged, _counted, _asked_again):
        if (found := rule(bare, last)) is not None:
            return _tidy(found)
    return _tidy(_resolved(bare, turns))


def _topic(last: Turn) -> list[str]:
    """What the last question was about, in its own words."""
    asked = understand(last.question)
    spot = _spot_of(last.question, [term.word for term in asked.head])
    counted = spot is not None and asked.kind is Kind.COUNT
    return [last.question[spot[0] : spot[1]]] if spot and counted else []


def _is_bare_noun(question: str) -> bool:
    words = {token.word for token in tokens(question)}
    odd = (
        ASKING | AUXILIARIES | PERSONAL | NEUTER | {"that", "this", "according", "later", "earlier"}
    )
    return not words & odd and not _PREPOSITION.match(question) and not _SHIFT.search(question)


def _tidy(question: str) -> str:
    question = " ".join(question.split()).rstrip(" ?.,") + "?"
    return question[0].upper() + question[1:]


def _plain(question: str) -> str:
    return question.rstrip(" ?.!")


def _words(text: str) -> set[str]:
    return {token.stem for token in tokens(text) if token.word not in STOPWORDS}


# "What about a year later?"


def _shifted(question: str, last: Turn) -> str | None:
    """The last question, or this one, at a time that lies apart from the one named before."""
    found = _SHIFT.search(question)
    if found is None:
        return None
    own = _ABOUT.sub("", question[: found.start()])
    keeps = len(content(own)) > 0
    base = _plain(question[: found.start()] if keeps else last.question)
    for text in (last.question, last.claim):
        for mention in reversed(list(dates(text))):
            named = text[mention.start : mention.end]
            moved = _moved(named, found)
            if moved is None:
                continue
            if not keeps and named in base:
                return base.replace(named, moved)
            return f"{base} {'on' if moved[-7:-6] == ' ' else 'in'} {moved}"
    return f"{base} {found.group()}" if not keeps else None


def _moved(named: str, shift: re.Match[str]) -> str | None:
    """A date as written, moved by so many days to years; None where it is not precise enough."""
    unit = (shift["unit"] or shift["unit2"]).lower()
    number = _NUMBERS.get((shift["number"] or "one").lower()) or (
        int(shift["number"]) if (shift["number"] or "").isdigit() else 1
    )
    back = (shift["way"] or shift["next"]).lower() in {"earlier", "before", "previous", "preceding"}
    number = -number if back else number
    if unit in {"year", "decade"}:
        years = number * (10 if unit == "decade" else 1)
        year = _YEAR.search(named)
        return _YEAR.sub(str(int(year.group()) + years), named) if year else None
    month = next((place for place, name in enumerate(_MONTHS) if name in named.lower()), None)
    if month is None:
        return None
    year_found = _YEAR.search(named)
    if unit == "month":
        total = month + number
        year_text = f" {int(year_found.group()) + total // 12}" if year_found else ""
        return f"{_MONTHS[total % 12].capitalize()}{year_text}"
    day = re.search(r"\b(\d{1,2})(?:st|nd|rd|th)?\b", named)
    if day is None:
        return None
    try:
        start = date(int(year_found.group()) if year_found else 2001, month + 1, int(day[1]))
        then = start + timedelta(days=number * (7 if unit == "week" else 1))
    except (ValueError, OverflowError):
        return None
    year_text = f", {then.year}" if year_found else ""
    return f"{_MONTHS[then.month - 1].capitalize()} {then.day}{year_text}"


# "What about Turkey?", "And in 2020?", "How many Sudanese?"


def _exchanged(question: str, last: Turn) -> str | None:
    """The last question with one of its parts exchanged for what a fragment names."""
    plain = _plain(question)
    about = _ABOUT.match(plain)
    rest = plain[about.end() :] if about else plain
    words = [token.word for token in tokens(rest)]
    if not words or (set(words) & AUXILIARIES) or set(words) & (PERSONAL | NEUTER):
        return None
    if words[0] in ASKING:
        return _other_asking(rest, words, last)
    if (
        len(words) > 1
        and words[0] in {"in", "on", "at", "by", "from", "since"}
        and words[1] in ASKING
    ):
        end = _asking_end(last.question)
        clause = _plain(last.question[end:]).strip() if end is not None else ""
        follows = clause.split()[:1] and clause.split()[0].lower() in AUXILIARIES
        return f"{rest} {clause}" if follows else None
    if words[:2] == ["according", "to"] or words[0] == "compared":
        return f"{_plain(last.question)}, {rest}"
    named = [one for one in mentions(rest) if one.end - one.start > 1]
    preposition = _PREPOSITION.match(rest)
    said = {token.word for token in content(rest)}
    if named and (preposition or about or len(said) <= len(rest[named[-1].start :].split()) + 1):
        spot = _counterpart(last.question, rest, named[-1], preposition)
        return _put(last.question, spot, rest, named[-1], preposition)
    if about or words[0] == "the":
        return _other_noun(rest, last)
    return None


def _counterpart(
    question: str, rest: str, new: Mention, preposition: re.Match[str] | None
) -> Mention | None:
    """What the last question names of the same kind, best after the same preposition."""
    wanted = preposition[1].lower() if preposition else ""

    def fit(old: Mention) -> tuple[int, int]:
        found = re.search(r"(\w+) (?:the )?$", question[: old.start])
        before = found[1].lower() if found else ""
        alike = before == wanted if wanted else before not in _PLACING
        return len(old.kinds & new.kinds) + 4 * alike, old.start

    wider = new.kinds | {_ALTERNATIVE[kind] for kind in new.kinds if kind in _ALTERNATIVE}
    alike = [old for old in mentions(question) if (old.kinds & wider) - {Kind.NAME}]
    if not alike:
        alike = [old for old in mentions(question) if old.kinds & new.kinds]
    return max(alike, key=fit, default=None)


def _put(
    question: str,
    old: Mention | None,
    rest: str,
    new: Mention,
    preposition: re.Match[str] | None,
) -> str:
    words = rest[new.start : new.end]
    plain = _plain(question)
    if old is None and Kind.PEOPLE in new.kinds and (counted := _of_people(question, words)):
        return counted
    if old is None:
        told = rest if preposition else f"({rest})"
        return f"{plain} {told}"
    was = question[old.start : old.end]
    if Kind.PEOPLE in old.kinds & new.kinds and not was.endswith("s"):
        words = words.removesuffix("s")  # "How many Sudanese fighters": "the Chadians" are Chadian
    return f"{plain[: old.start]}{words}{plain[old.end :]}"


def _of_people(question: str, name: str) -> str | None:
    """What is counted, of another people: "How many Russian fighters did the UN estimate?"."""
    spot = _spot_of(question, [term.word for term in understand(question).head])
    if spot is None or understand(question).kind is not Kind.COUNT:
        return None
    noun = question[spot[0] : spot[1]].split()[-1]
    adjective = name if name.endswith("ese") else name.removesuffix("s")
    return f"{question[: spot[0]]}{adjective} {noun}{_plain(question[spot[1] :])}"


def _other_noun(rest: str, last: Turn) -> str:
    """Another thing than the one that was asked about: "What about the trench?"."""
    head = understand(last.question).head
    noun = re.sub(r"^(?:the|a|an) ", "", rest, flags=re.IGNORECASE)
    spot = _spot_of(last.question, [term.word for term in head])
    if spot is not None:
        return last.question[: spot[0]] + noun + last.question[spot[1] :]
    phrases = _noun_phrases(last.question)
    if phrases:
        start, end = phrases[0]
        return f"{last.question[:start]}{rest}{last.question[end:]}"
    subject = re.search(
        r"\b(?:did|does|do|has|have|had|is|are|was|were|will) ([a-z]{3,})\b", last.question
    )
    if subject is not None:
        return f"{last.question[: subject.start(1)]}{rest}{last.question[subject.end(1) :]}"
    return f"{_plain(last.question)} ({rest})"


def _spot_of(text: str, words: Sequence[str]) -> tuple[int, int] | None:
    """Where words stand in a text, from the first to the last of them."""
    found = [token for token in tokens(text) if token.word in words]
    return (found[0].start, found[-1].end) if found else None


def _asking_end(question: str) -> int | None:
    """Where the asking words and their noun end: "How many foreign fighters| did …"."""
    found = list(tokens(question))
    if not found or found[0].word not in ASKING | {"in", "on", "at", "by", "from"}:
        return None
    head = {term.word for term in understand(question).head}
    end = found[0].end
    for place, token in enumerate(found[1:], 1):
        first = place == 1 and token.word in {"many", "much", "long", "far", "big", "which", "what"}
        if not (first or token.word in head):
            break
        end = token.end
    return end


def _other_asking(rest: str, words: Sequence[str], last: Turn) -> str | None:
    """The last question with other asking words: "Which countries?", "Why?"."""
    head = understand(last.question).head
    spot = _spot_of(last.question, [term.word for term in head])
    noun = last.question[spot[0] : spot[1]] if spot else ""
    end = _asking_end(last.question)
    clause = _plain(last.question[end:]).strip() if end is not None else ""
    adverb = len(words) == 1 and words[0] in {"why", "when", "where", "how"}
    if adverb and clause.split()[:1] and clause.split()[0].lower() in AUXILIARIES:
        counted = understand(last.question).kind is Kind.COUNT and noun
        return f"{rest} {clause} ({noun})" if counted else f"{rest} {clause}"
    if len(words) == 2 and words[1] == "else":
        return f"{rest} {clause}" if last.question.lower().startswith(words[0]) else None
    if not _only_nouns(rest, words):
        return None
    if words[:2] == ["how", "many"]:
        named = [one for one in mentions(rest) if Kind.PEOPLE in one.kinds]
        name = rest[named[0].start : named[0].end] if len(words) == 3 and named else ""
        counted_people = _of_people(last.question, name) if name else None
        return counted_people or (f"{rest} {clause}" if clause else None)
    if understand(last.question).kind is Kind.COUNT or not clause:
        return None
    return f"{rest} {clause}"


def _only_nouns(rest: str, words: Sequence[str]) -> bool:
    """Whether asking words are followed by what they ask for and by nothing else."""
    asks = words[0] in {"which", "what"} or words[:2] == ["how", "many"]
    said = content(rest)
    verbs = {"happened", "there", "then", "won", "died", "left", "remain", "remains"}
    return asks and bool(said) and not set(words) & verbs and said[-1].word[-2:] != "ed"


# "And how many were Syrian?"


def _counted(question: str, last: Turn) -> str | None:
    """What is counted and left out, from the last question."""
    bare = _COUNTED.match(question)
    if bare is None or re.match(r"how (?:many|much) of them", question, re.IGNORECASE):
        return None
    head = [term.word for term in understand(last.question).head]
    spot = _spot_of(last.question, head)
    if spot is None:
        return None
    noun = last.question[spot[0] : spot[1]]
    rest = last.question[spot[1] :]
    own = _words(question) | _words(noun)
    told = [
        last.question[spot[1] + token.start : spot[1] + token.end]
        for token in content(rest)
        if token.stem not in own
    ]
    context = f" ({' '.join(told)})" if told else ""
    return f"{question[: bare.end()]}{noun} {_plain(question[bare.end() :])}{context}"


# "Why?", "How many?" without a clause to put them into


def _asked_again(question: str, last: Turn) -> str | None:
    words = [token.word for token in tokens(question)]
    if content(question) or set(words) & (AUXILIARIES | PERSONAL | NEUTER) or "that" in words:
        return None
    return f"{_plain(question)}: {last.claim or _plain(last.question)}"


# "Who said that?"


def _said(question: str, last: Turn) -> str | None:
    """What was said, in place of a bare "that", "this" or "so"."""
    found = re.search(r"\b(?:that|this|so)(?= *[?.!]*$)", question, re.IGNORECASE)
    if found is None:
        found = re.search(_HAPPENED, question)
    if found is None:
        return None
    told = last.claim or _plain(last.question)
    if re.search(r"\b(?:say|said|says|claim\w*|report\w*|think|told)\b", question[: found.start()]):
        return f"{question[: found.start()]}that {_lowered(told)}"
    return f"{_plain(question)}: {told}"


def _lowered(claim: str) -> str:
    """A sentence to go on with: its first word small unless it is a name."""
    first = claim.split()[0] if claim.split() else ""
    ordinary = is_common(fold(first)) and not country(first) and not people(first)
    return claim[0].lower() + claim[1:] if ordinary else claim


# Pronouns, "there" and "then"


def _resolved(question: str, turns: Sequence[Turn]) -> str:
    """Each word that points back replaced by what it means; then the names still missing."""
    used: list[str] = []

    def meant(match: re.Match[str]) -> str:
        word = match.group().lower()
        found = _meaning(word, question[match.end() :], turns)
        if found is None:
            return match.group()
        used.append(found)
        return (
            f"{found}’s" if word in _OWNING or (word == "her" and _owns(question, match)) else found
        )

    completed = _BACK.sub(meant, question)
    missing = _missing(completed, turns[-1], used)
    if not used and not _words(completed) & _words(" ".join(_topic(turns[-1]))):
        missing = _topic(turns[-1]) + missing
    if not missing and not used:  # nothing to point at: what it was all about, in its own words
        said = content(turns[-1].question)[:_MOST_WORDS]
        missing = [" ".join(turns[-1].question[one.start : one.end] for one in said)]
    told = ", ".join(filter(None, missing))
    return f"{_plain(completed)} ({told})" if told else completed


_OWNING = frozenset({"his", "its", "their"})
_BACK = re.compile(r"\b(?:he|she|him|her|his|it|its|they|them|their|there|then)\b", re.IGNORECASE)


def _owns(question: str, match: re.Match[str]) -> bool:
    return bool(re.match(r" [a-z]", question[match.end() :]))


def _meaning(word: str, after: str, turns: Sequence[Turn]) -> str | None:
    """What a word points back to: nearest first, in the answer before its question for persons,
    places and times that the question asked for.
    """
    if word in PERSONAL:
        return _named(turns, {Kind.PERSON}, after)
    if word == "there":
        place = _named(turns, {Kind.PLACE}, after)
        return f"in {place}" if place else None
    if word == "then":
        time = _named(turns, {Kind.DATE}, after)
        return f"in {time}" if time else None
    last = turns[-1]
    if word.startswith("the"):  # they, them, their
        return _plural(last) or _thing(last)
    return _thing(last)


def _named(turns: Sequence[Turn], kinds: set[Kind], after: str) -> str | None:
    for turn in reversed(turns):
        asked = bool({understand(turn.question).kind} & kinds)
        texts = (turn.claim, turn.question) if asked else (turn.question, turn.claim)
        for text in texts:
            avoid = turn.question if asked and text == turn.claim else ""
            for one in mentions(text):
                name = text[one.start : one.end]
                if (
                    one.kinds & kinds
                    and name not in after
                    and name not in avoid
                    and _sure(one, kinds)
                ):
                    return name
    return None


def _sure(one: Mention, kinds: set[Kind]) -> bool:
    """A name that may be a person's is not an organisation's or a country's."""
    return not (Kind.PERSON in kinds and Kind.COUNTRY in one.kinds)


_DETERMINERS = frozenset("the a an his her its their this".split())
_ADJECTIVE = re.compile(r"(?:al|ous|ic|ive|ern|ian|yan|ish|ese|ary|able|est|ed)$|^\d")
_BARE_ADJECTIVES = frozenset("two three four five first last new big great giant old blue".split())


def _noun_phrases(text: str) -> list[tuple[int, int]]:
    """Where a noun stands with its article and what is between: "the giant cheese"."""
    found = [token for token in tokens(text) if "-" not in text[token.start : token.end]]
    phrases = []
    for place, token in enumerate(found):
        if token.word not in _DETERMINERS:
            continue
        subject = place > 0 and found[place - 1].word in AUXILIARIES
        end = _phrase_end(text, found[place + 1 : place + 6], subject)
        if end is not None:
            phrases.append((token.start, end))
    return phrases


def _phrase_end(text: str, rest: Sequence[Token], subject: bool) -> int | None:
    """Where the noun ends; after an auxiliary the verb follows it ("did the truce give …")."""
    end = None
    for place, token in enumerate(rest):
        if token.word in STOPWORDS | AUXILIARIES | ASKING:
            break
        end = token.end
        if text[token.start : end].endswith(("'s", "’s")):
            continue
        following = rest[place + 1] if place + 1 < len(rest) else None
        plural = token.word.endswith("s") and not token.word.endswith(("ss", "us"))
        if plural and not (token.capital and following and following.capital):
            break
        named = token.capital and not (following and following.capital) and not people(token.word)
        adjective = _ADJECTIVE.search(token.word) or token.word in _BARE_ADJECTIVES
        if subject and not token.capital and not adjective:
            break
        if subject and named:
            break
    return end


def _is_plural(phrase: str) -> bool:
    word = fold(phrase.split()[-1])
    return (word.endswith("s") and not word.endswith(("ss", "us"))) or word in {
        "people",
        "men",
        "women",
        "police",
        "troops",
    }


def _plural(last: Turn) -> str | None:
    """The several that the last question was about."""
    head = understand(last.question).head
    spot = _spot_of(last.question, [term.word for term in head])
    if spot is not None and _is_plural(last.question[spot[0] : spot[1]]):
        return f"the {last.question[spot[0] : spot[1]]}"
    found = [last.question[start:end] for start, end in _noun_phrases(last.question)]
    counted = re.search(r"\b\d[\d,]* ((?:[a-z]+ )?[a-z]{3,}s)\b", last.claim)
    if counted is not None:
        found.append(f"the {counted[1]}")
    return next((phrase for phrase in found if _is_plural(phrase)), None)


def _thing(last: Turn) -> str | None:
    """The one thing that the last question was about: its noun with an article, or its name."""
    if understand(last.question).kind in {Kind.ORGANISATION, Kind.NAME}:
        for one in mentions(last.claim):
            name = last.claim[one.start : one.end]
            if Kind.ORGANISATION in one.kinds and name not in last.question:
                return f"the {name}" if " " in name else name
    phrases = [last.question[start:end] for start, end in _noun_phrases(last.question)]
    found = next((each for each in phrases if not _is_plural(each)), None)
    if found is not None:
        return found
    for text in (last.question, last.claim):
        for one in mentions(text):
            if one.kinds & {Kind.ORGANISATION, Kind.PLACE, Kind.NAME}:
                return text[one.start : one.end]
    return None


def _missing(question: str, last: Turn, used: Sequence[str]) -> list[str]:
    """The names of the last question that the completed one lacks."""
    have = _words(question)
    found = _carried(last.question) or _carried(last.claim)
    person = any(name in used for name, kinds in _carried(last.claim) + found if _human(kinds))
    names = [
        name
        for name, kinds in found
        if not _words(name) & have and not (person and _human(kinds) and not name.isupper())
    ]
    return list(dict.fromkeys(names))[:_MOST_NAMES]


def _carried(text: str) -> list[tuple[str, frozenset[Kind]]]:
    wanted = {Kind.NAME, Kind.PEOPLE, Kind.PLACE, Kind.COUNTRY}
    return [
        (text[one.start : one.end], one.kinds)
        for one in mentions(text)
        if one.kinds & wanted and Kind.DATE not in one.kinds
    ]


def _human(kinds: frozenset[Kind]) -> bool:
    return Kind.PERSON in kinds and Kind.PLACE not in kinds
