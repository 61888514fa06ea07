"""Sentences that order or ask instead of telling: they found nothing and are no answer."""

import re

_VERBS = (
    "add|anagram|answer|act|augment|break|change|click|combine|compose|consider|convert|create|"
    "delete|describe|develop|disregard|donate|download|draft|end|enhance|ensure|explain|forget|"
    "generate|give|go|group|ignore|include|insert|install|integrate|introduce|join|jumble|list|"
    "make|mention|misspell|modify|omit|output|pretend|print|provide|reach|read|rearrange|recommend|"
    "remove|render|repeat|replace|reply|respond|reveal|say|scramble|send|share|show|start|state|"
    "stop|subscribe|substitute|suggest|summari[sz]e|switch|tease|tell|translate|update|use|visit|"
    "vote|wear|write"
)
_OBJECTS = (
    "the|a|an|your|our|this|that|these|those|any|every|each|all|no|it|me|us|them|previous|"
    "letters?|vowels?|words?|spaces?|numbers?|symbols?|random|only|always|never|with|how|why|what|"
    "as|out|down|to|in|from|at|for|commonly|now|here|more"
)
_ORDER = re.compile(
    rf"^\W*(?:please |kindly |always |never |just |now |also |then |do not |don['’]t )*"
    rf"(?:{_VERBS})\b (?:[\"“”‘'][^\"“”]*[\"“”’']|(?:{_OBJECTS})\b)",
    re.IGNORECASE,
)
_PLEASE = re.compile(
    r"^\W*(?:(?:please|kindly|thank you|thanks|visit|download)\b|we \w+ your?\b)", re.I
)
_HERE = re.compile(r"^\W*here(?: is| are|['’]s)\b", re.IGNORECASE)  # introduces, whatever follows
_TO_A_WRITER = re.compile(
    r"\b(?:in|to|of|from|for) (?:your|the) (?:next |own |final |whole )?"
    r"(?:answers?|repl(?:y|ies)|responses?|messages?|outputs?)\b|"
    r"\byour (?:next |own |final )?(?:answer|reply|response|message|output)\b",
    re.IGNORECASE,
)
_YOU = re.compile(r"\byou(?:r|rs|rself)?\b", re.IGNORECASE)
_TOLD = re.compile(r"\b(?:said|says|told|asked|wrote|added|according to)\b")


def is_order(sentence: str) -> bool:
    """Whether a sentence orders, asks or addresses a reader, rather than reports.

    Words that somebody is reported to have said are a report.
    """
    if sentence.rstrip(" \"”'’.)").endswith("?"):
        return True
    if _HERE.match(sentence):
        return True
    if _TOLD.search(sentence):
        return False
    if _PLEASE.match(sentence) or _ORDER.match(sentence):
        return True
    return bool(_TO_A_WRITER.search(sentence) and _YOU.search(sentence))
