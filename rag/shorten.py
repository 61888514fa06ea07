"""Find the short answer in a sentence that answers: a figure with its hedge, a date, a name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from rag.dates import dates
from rag.mention import Mention
from rag.understand import EXACT_KINDS, Kind, Question
from rag.view import SentenceView
from rag.weigh import Wanted
from rag.when import day_meant

FADE = 40  # characters over which closeness to a term of the question falls to a third
NOUN = 1.0  # worth of the noun asked for beside a mention, against one met term
COUNTED_REACH = 40  # characters within which the counted noun follows its number
JOINT = re.compile(r"^(?:,| and| or|, and|, or| as well as|, the| and the|, and the| and of)\s$")
# Between the names of a list with asides: each gap begins like this, the last holds that.
_ASIDE = re.compile(r"[,;(\n]|,? and\b")
_LAST = re.compile(r"\band\b|\n")
PURPOSE = re.compile(
    r"\b(?:because(?: of)?|due to|owing to|in order to|so that|so as to|to avoid|to prevent|"
    r"as a result of|thanks to|for fear|aimed at|amid)\b[^.;]*"
)


@dataclass(frozen=True, slots=True)
class Short:
    """A short answer: its words in the article (of a list with asides the names), a key that is
    equal for two that say the same, and the day that its words are by the article's date, where
    they need one to be understood.
    """

    text: str
    key: str
    day: str | None = None

    @property
    def told(self) -> str:
        """The words with their day."""
        return f"{self.text} ({self.day}, by the article's date)" if self.day else self.text

    @property
    def names_several(self) -> bool:
        """Whether it is an enumeration."""
        return "|" in self.key


def _worth(
    mention: Mention, view: SentenceView, question: Question, wanted: Sequence[Wanted]
) -> float:
    """How likely a mention is the one asked for: near the question's words, its noun beside it."""
    centres = np.array([(t.start + t.end) / 2 for t in view.tokens])
    gap = np.maximum(np.maximum(mention.start - centres, centres - mention.end), 0)
    inside = np.array([t.end > mention.core and t.start < mention.end for t in view.tokens])
    near = view.met * (np.exp(-gap / FADE) * ~inside)
    weights = np.array([want.weight for want in wanted], dtype=np.float32)
    worth = float((near.max(axis=1, initial=0) * weights).sum())
    return worth + NOUN * _noun_beside(mention, view, question, wanted)


def _noun_beside(
    mention: Mention, view: SentenceView, question: Question, wanted: Sequence[Wanted]
) -> float:
    """How far the noun asked for follows at once: "20,000 fighters", "Latakia province"."""
    if not question.head:
        return 0.0
    reach = COUNTED_REACH if question.kind is Kind.COUNT else 1
    after = [n for n, t in enumerate(view.tokens) if mention.end <= t.start <= mention.end + reach]
    rows = [n for n, want in enumerate(wanted) if want.term.stem == question.head[-1].stem]
    return float(view.met[np.ix_(rows, after)].max(initial=0))


def _run(first: Mention, others: Sequence[Mention], text: str) -> list[Mention]:
    """The enumeration that a mention belongs to: "Syrians, Russians, Sudanese and Chadians"."""
    place = others.index(first)
    run = [first]
    for following in others[place + 1 :]:
        if not JOINT.match(text[run[-1].end : following.start]):
            break
        run.append(following)
    for earlier in reversed(others[:place]):
        if not JOINT.match(text[earlier.end : run[0].start]):
            break
        run.insert(0, earlier)
    return run


def _all_wanted(question: Question, named: Sequence[Mention], text: str) -> list[Mention]:
    """The names of a sentence where they are as many as the question asks for and follow one
    another as a list, each with more said of it: "Ada Boll, a baker, and Jon Reed"; else nothing.
    """
    distinct = list({mention.key: mention for mention in named}.values())
    if question.kind in EXACT_KINDS or len(distinct) != question.many:
        return []
    gaps = [text[one.end : other.start] for one, other in pairwise(distinct)]
    listed = all(_ASIDE.match(gap) for gap in gaps) and _LAST.search(gaps[-1])
    return distinct if listed else []


def _key(several: Sequence[Mention]) -> str:
    """Equal for the same items in any order."""
    return "|".join(sorted({mention.key for mention in several}))


def nearest(
    mentions: Sequence[Mention],
    view: SentenceView,
    question: Question,
    wanted: Sequence[Wanted],
) -> Mention:
    """Of some mentions of a sentence, the one that is most likely asked for."""
    return max(mentions, key=lambda mention: _worth(mention, view, question, wanted))


def shorten(question: Question, wanted: Sequence[Wanted], view: SentenceView) -> Short | None:
    """The short answer in a sentence, or None when the sentence itself is the answer."""
    if question.kind is Kind.REASON:
        match = PURPOSE.search(view.text)
        return Short(match.group().strip(), match.group().casefold()) if match else None
    answers = view.answers
    if not answers or not wanted:
        return None
    fitting = [mention for mention in answers if question.kind in mention.kinds] or answers
    best = nearest(fitting, view, question, wanted)
    if question.wants_list:
        if listed := _all_wanted(question, fitting, view.text):
            names = ", ".join(view.text[one.start : one.end] for one in listed)
            return Short(names, _key(listed))
        run = _run(best, answers, view.text)
        if any(len(_run(one, answers, view.text)) > 1 for one in answers if one not in run):
            return None  # "Egypt and France backed him, Turkey and Qatar his rivals": who knows
        return Short(view.text[run[0].start : run[-1].end], _key(run))
    return Short(view.text[best.start : best.end], best.key)


def dated(short: Short, said: str, published: str | None) -> Short:
    """A weekday or "yesterday" with the day that it is by its article's date.

    `said` is the sentence. Two articles' Fridays agree only where they are one day.
    """
    found = next(iter(dates(short.text)), None)
    if found is None or (found.start, found.end) != (0, len(short.text)):
        return short
    meant = day_meant(short.text, said, published)
    if meant is None:
        return short
    day = f"{meant:%B} {meant.day}, {meant.year}"
    key = next(iter(dates(day))).key
    return Short(short.text, key, day)
