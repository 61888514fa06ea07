"""A streamed text cut into sentences as they are completed."""

import re

from index.sentences import split_sentences
from rag.writing.marks import marks_before_stops, without_open_mark

_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|$)", re.DOTALL | re.IGNORECASE)
_LINE_HEAD = re.compile(r"^[ \t]*(?:(?:[-*+•–]|\d{1,2}[.)]|#{1,6}|>)[ \t]+)+", re.MULTILINE)
_EMPHASIS = re.compile(r"\*\*|__|`+|(?<!\w)\*(?=\w)|(?<=[\w.,!?])\*(?!\w)")
_SOURCES = re.compile(
    r"^\W*(?:sources?|references?|citations?|passages?)(?: used)?\W*$", re.MULTILINE | re.IGNORECASE
)
_CONTROLS = re.compile(
    r"[^\S\n]|[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]"
)
_WHOLE_WORDS = re.compile(r"^.*\s", re.DOTALL)
_MARK_BEGUN = ("[", "【")


class SentenceBuffer:
    """Takes a text in pieces of any size and gives its sentences, without Markdown.

    Each sentence keeps its citation marks, also those that follow its full stop. A list of
    sources at the end is left out, and so is what a model thinks aloud in <think> tags.
    """

    def __init__(self) -> None:
        self._text = ""
        self._given = 0

    def feed(self, piece: str) -> list[str]:
        """The sentences that are complete now and were not before."""
        self._text += piece
        whole = _WHOLE_WORDS.match(self._text)  # half a word may still turn out an abbreviation
        found = self._sentences(whole.group() if whole else "")
        # The last sentence may go on, and one before a mark that is not finished is to have it.
        begun = bool(found) and found[-1].startswith(_MARK_BEGUN)
        return self._new(found[: -2 if begun else -1])

    def finish(self) -> list[str]:
        """The sentences that are left."""
        return self._new(self._sentences(self._text))

    @property
    def draft(self) -> str:
        """The sentence under way, without marks."""
        rest = self._sentences(self._text)[self._given :]
        return without_open_mark(rest[0]).strip() if rest else ""

    def _new(self, complete: list[str]) -> list[str]:
        new = complete[self._given :]
        self._given += len(new)
        return new

    def _sentences(self, text: str) -> list[str]:
        plain = _CONTROLS.sub(" ", _THOUGHT.sub("", text))
        listed = _SOURCES.search(plain)
        if listed and plain[: listed.start()].strip():
            plain = plain[: listed.start()]
        plain = marks_before_stops(_EMPHASIS.sub("", _LINE_HEAD.sub("", plain)))
        return [plain[span.start : span.end] for span in split_sentences(plain)]
