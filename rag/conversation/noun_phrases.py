"""The things that a question is about, as it puts them."""

import re
from collections.abc import Sequence

from index.words import STOPWORDS, Token, fold, tokens
from rag.lexicon import people
from rag.understand import ASKING, AUXILIARIES, understand

_DETERMINERS = frozenset("the a an his her its their this".split())
_ADJECTIVE = re.compile(r"(?:al|ous|ic|ive|ern|ian|yan|ish|ese|ary|able|est|ed)$|^\d")
_BARE_ADJECTIVES = frozenset("two three four five first last new big great giant old blue".split())
_PLURALS = frozenset("people men women police troops".split())


def asked_for(question: str) -> tuple[int, int] | None:
    """Where that stands which a question asks for: "foreign fighters"; None where nothing does."""
    words = {term.word for term in understand(question).head}
    found = [token for token in tokens(question) if token.word in words]
    return (found[0].start, found[-1].end) if found else None


def noun_phrases(text: str) -> list[tuple[int, int]]:
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
        if _ends_plural(token.word) and not (token.capital and following and following.capital):
            break
        named = token.capital and not (following and following.capital) and not people(token.word)
        adjective = _ADJECTIVE.search(token.word) or token.word in _BARE_ADJECTIVES
        if subject and not token.capital and not adjective:
            break
        if subject and named:
            break
    return end


def is_plural(phrase: str) -> bool:
    """Whether a phrase names several: its last word does."""
    word = fold(phrase.split()[-1])
    return _ends_plural(word) or word in _PLURALS


def _ends_plural(word: str) -> bool:
    return word.endswith("s") and not word.endswith(("ss", "us"))
