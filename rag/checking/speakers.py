"""Who says what a claim tells: the speaker it names must be the speaker in its evidence."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.sentences import split_sentences
from index.words import Token
from rag.checking.clauses import alike, content
from rag.checking.evidence import Cited
from rag.checking.names import Names
from rag.lexicon import kin
from rag.proper_names import is_title

_SAY = (
    r"(?:said|says?|told|tells|warn(?:s|ed)|argue[sd]|announce[sd]|report(?:s|ed)|state[sd]|"
    r"explain(?:s|ed)|add(?:s|ed)|confirm(?:s|ed)|den(?:y|ies|ied)|claim(?:s|ed)|believes?d?|"
    r"estimate[sd]?|maintain(?:s|ed)|insist(?:s|ed)|conclude[sd]|reckons?|urge[sd]|"
    r"call(?:s|ed)(?! off| up)|describe[sd]|accuse[sd]?|found(?= that)|repeat(?:s|ed)|"
    r"promise[sd]|thank(?:s|ed)|doubt(?:s|ed)|admit(?:s|ted)|acknowledge[sd])"
)
_ACCORDING = re.compile(
    r"\b[Aa]ccording to (?P<who>[^,;.]+)|\bby the reckoning of (?P<by>[^,;.]+)", re.I
)
_VERB = re.compile(rf"\b(?:(?:has|have|had|also|later|never|not) )*{_SAY}\b")
_BY = re.compile(r"^ (?:by|that by) ")
_AFTER = re.compile(rf",[”\"]? {_SAY} (?P<who>(?:the |a |an )?[A-Z][^,;.]+)")
_PRONOUN = re.compile(
    r"^\W*(?:and |but |otherwise,? )?(?:he|she|it|they|who|which)\b", re.IGNORECASE
)
_RECENT = 500  # characters before a quote among which a "he" finds its name
_CONFIRMED = re.compile(
    r"\b(?:confirm|admit|acknowledg|recogni[sz]|verif|prove)\w*\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Speech:
    """A speaker as written and where in the sentence the telling words stand."""

    who: str
    start: int
    end: int


def _subject(sentence: str, end: int) -> tuple[str, int]:
    """The words before a verb that name who speaks, and where they begin."""
    before = sentence[:end]
    if match := re.search(r", ([^,]{2,60}) $", before):
        # ", Ms Williams said": the last piece; "The engineer, Piet Lanning, said": all of it.
        return match[1], match.start(1)
    begin = max(before.rfind(mark) for mark in (";", ":", "“", "”", '"', " but ", " because "))
    return before[begin + 1 :], begin + 1


def speeches(sentence: str) -> Iterator[Speech]:
    """Each speaker that a sentence names."""
    for match in _ACCORDING.finditer(sentence):
        yield Speech(match["who"] or match["by"], match.start(), match.end())
    for match in _AFTER.finditer(sentence):
        yield Speech(match["who"], match.start(), match.end())
    for match in _VERB.finditer(sentence):
        head = sentence[: match.start()].rstrip()
        follows = not head or head.endswith((",", ",”", '",'))  # ", said X" is found above
        within = re.search(r", [^,]{2,60},$", head)
        if (follows or _BY.match(sentence[match.end() :])) and not within:
            continue
        who, start = _subject(sentence, match.start())
        if len(who.split()) <= 16:
            yield Speech(who, start, match.end())


def _own_name(text: str) -> list[Token]:
    """The words of a speaker's own name: no title, no country, people or acronym."""
    return [
        token
        for token in content(text)
        if token.capital
        and not is_title(token.word)
        and not kin(token.word)
        and not text[token.start : token.end].isupper()
    ]


def _nearest(told: str, sentences: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """The sentence of the evidence, with the text before it, that has most of the told words."""
    words = content(told)

    def shared(pair: tuple[str, str]) -> int:
        found = content(pair[0])
        return sum(any(alike(word, other) for other in found) for word in words)

    return max(sentences, key=shared)


def _sentences(evidence: Sequence[Cited]) -> list[tuple[str, str]]:
    return [
        (part.quote[span.start : span.end], part.before + part.quote[: span.start])
        for part in evidence
        for span in split_sentences(part.quote)
    ]


def _held(words: Sequence[Token], text: str) -> bool:
    found = Names(text)
    return any(found.holds(word) for word in words)


def _speaks(who: str, sentence: str, before: str, everything: str) -> bool:
    """Whether the evidence's sentence may be told by `who`."""
    speakers = [speech.who for speech in speeches(sentence)]
    own, role = _own_name(who), [w for w in content(who) if not is_title(w.word)] or content(who)
    recent = before[-_RECENT:]
    implied = not speakers or any(_PRONOUN.match(one) for one in speakers)
    if any(_held(own or role, one) for one in speakers):
        return True
    if any(alike(word, other) for one in speakers for word in role for other in content(one)):
        return not own or not any(_own_name(one) for one in speakers)
    if own:
        return (_held(own, sentence) and implied) or (implied and _held(own, recent))
    if implied:
        return True
    return not _held(role, everything.replace(sentence, ""))


def misattributed(claim: str, evidence: Sequence[Cited]) -> Iterator[str]:
    """Speakers of a claim who do not say in the evidence what it has them say."""
    sentences = _sentences(evidence)
    if not sentences:
        return
    everything = "\n".join(part.quote for part in evidence)
    for speech in speeches(claim):
        if _PRONOUN.match(speech.who) or not content(speech.who):
            continue
        told = claim[: speech.start] + claim[speech.end :]
        sentence, before = _nearest(told, sentences)
        if not _speaks(speech.who, sentence, before, everything):
            yield f"not said by {speech.who.strip(' ,')}"
        elif _CONFIRMED.search(claim[speech.start : speech.end]) and not _CONFIRMED.search(
            everything
        ):
            yield "not confirmed"
