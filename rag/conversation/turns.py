"""What was said before: earlier questions with what was quoted in answer."""

import re
from dataclasses import dataclass

_MARKS = re.compile(r"\s*\[[\d, ]+\]")
_QUOTED = re.compile(r"[“\"]([^“”\"]{15,})[”\"]")
_ATTRIBUTED = re.compile(r", [^,]{2,60}\b(?:said|told|warned|added|announced)\b[^,]{0,40}$")
_LONGEST_CLAIM = 180  # characters of what was said that a question repeats


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


def plain(question: str) -> str:
    """A question without the mark at its end."""
    return question.rstrip(" ?.!")
