"""The classes of words by which a follow-up is known and completed."""

import re

from index.words import STOPWORDS, Token, tokens
from rag.understand import ASKING, AUXILIARIES

PERSONAL = frozenset("he she him her his hers himself herself".split())
NEUTER = frozenset("it its they them their theirs itself themselves".split())
OPENERS = frozenset("and but or so also then ok okay well".split())
_COUNTING = frozenset({"many"})
ABOUT = re.compile(r"^(?:what|how) (?:about|of) +", re.IGNORECASE)


def content(text: str) -> list[Token]:
    """The words of a question that say something, in order."""
    return [
        token
        for token in tokens(text)
        if token.word not in STOPWORDS | ASKING | AUXILIARIES | OPENERS | _COUNTING
        and "-" not in text[token.start : token.end]
    ]


def stems(text: str) -> set[str]:
    """The stems of the words of a text that say something."""
    return {token.stem for token in tokens(text) if token.word not in STOPWORDS}
