"""What is handed on in place of a document that could not be had."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LoadFailure:
    """A file or record that did not become a document; `reason` is one line with the remedy."""

    source: str
    reason: str
