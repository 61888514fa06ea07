"""What somebody counted, said or estimated is told only by a passage that names them.

The institute's 800 is no answer to how many the mission counted.
"""

import re

from index.words import tokens
from rag.retrieve import Query
from rag.view import met

_STATES = (
    r"(?:count|find|estimate|report|say|claim|believe|think|predict|warn|state|calculate|reckon)"
)
_SOURCE = re.compile(
    rf"\b(?:did|does|do|has|have|had) (?P<source>(?:[\w’'-]+ ){{1,6}}?){_STATES}(?:ed|s)?\b",
    re.IGNORECASE,
)
NAMED = 0.5  # how far one of the source's names must be met


def names_source(query: Query, passage: str) -> bool:
    """Whether a passage under its title names the source whose statement is asked for; true where
    the question names none.
    """
    asked = _SOURCE.search(query.asked)
    source = {token.stem for token in tokens(asked["source"])} if asked else set()
    names = [one for one in query.wanted if one.term.is_name and one.term.stem in source]
    if not names:
        return True
    return float(met(names, list(tokens(passage)))[1].max()) >= NAMED
