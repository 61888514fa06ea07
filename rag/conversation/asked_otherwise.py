"""The last question with other asking words: "Which countries?", "Why?", "Since when?"."""

from collections.abc import Sequence

from index.words import tokens
from rag.conversation.names_exchanged import of_people
from rag.conversation.noun_phrases import asked_for
from rag.conversation.turns import Turn, plain
from rag.conversation.words import content
from rag.mentions import mentions
from rag.understand import ASKING, AUXILIARIES, Kind, understand


def other_asking(rest: str, words: Sequence[str], last: Turn) -> str | None:
    """The last question with other asking words: "Which countries?", "Why?"."""
    spot = asked_for(last.question)
    noun = last.question[spot[0] : spot[1]] if spot else ""
    clause = _clause(last.question)
    adverb = len(words) == 1 and words[0] in {"why", "when", "where", "how"}
    if adverb and _begins_with_auxiliary(clause):
        counted = understand(last.question).kind is Kind.COUNT and noun
        return f"{rest} {clause} ({noun})" if counted else f"{rest} {clause}"
    if len(words) == 2 and words[1] == "else":
        return f"{rest} {clause}" if last.question.lower().startswith(words[0]) else None
    if not _only_nouns(rest, words):
        return None
    if words[:2] == ["how", "many"]:
        named = [one for one in mentions(rest) if Kind.PEOPLE in one.kinds]
        name = rest[named[0].start : named[0].end] if len(words) == 3 and named else ""
        counted_people = of_people(last.question, name) if name else None
        return counted_people or (f"{rest} {clause}" if clause else None)
    if understand(last.question).kind is Kind.COUNT or not clause:
        return None
    return f"{rest} {clause}"


def asked_with_preposition(rest: str, last: Turn) -> str | None:
    """The last question with "since when" or the like in place of its own asking words."""
    clause = _clause(last.question)
    return f"{rest} {clause}" if _begins_with_auxiliary(clause) else None


def _clause(question: str) -> str:
    """What follows the asking words and their noun: "did the UN estimate"."""
    end = _asking_end(question)
    return plain(question[end:]).strip() if end is not None else ""


def _begins_with_auxiliary(clause: str) -> bool:
    return bool(clause) and clause.split()[0].lower() in AUXILIARIES


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


def _only_nouns(rest: str, words: Sequence[str]) -> bool:
    """Whether asking words are followed by what they ask for and by nothing else."""
    asks = words[0] in {"which", "what"} or words[:2] == ["how", "many"]
    said = content(rest)
    verbs = {"happened", "there", "then", "won", "died", "left", "remain", "remains"}
    return asks and bool(said) and not set(words) & verbs and said[-1].word[-2:] != "ed"
