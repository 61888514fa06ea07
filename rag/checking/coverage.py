"""How much of a claim's words its evidence holds, in these words or in like ones."""

from collections.abc import Sequence

from rag.checking.clauses import alike, content
from rag.checking.evidence import Cited
from rag.checking.names import Names


def covered(claim: str, evidence: Sequence[Cited]) -> float:
    """The share of the claim's content words that the evidence holds, 0 to 1.

    Figures count as held: whether they are is another rule's matter.
    """
    words = content(claim)
    text = "\n".join(part.quote for part in evidence)
    found, names = content(text), Names(text)

    def held(place: int) -> bool:
        word = words[place]
        if word.word[:1].isdigit() or (word.capital and names.holds(word)):
            return True
        return any(alike(word, other) for other in found)

    return sum(map(held, range(len(words)))) / len(words) if words else 0.0
