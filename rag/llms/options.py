"""How language models are asked: keys, patience and room. Keys are never shown.

A key comes from the environment or from the settings file (the command line passes that on).
"""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import SecretStr

from index.errors import LLMError

VARIABLES = {
    "openai": "OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "google": "GOOGLE_API_KEY",
}
SECONDS = 120.0  # for an answer, or between two pieces of one that streams
TIMEOUT_VARIABLE = "DATELINE_LLM_TIMEOUT"
CONTEXT_VARIABLE = "DATELINE_LLM_CONTEXT"
SMALLEST_CONTEXT = 512  # tokens; less leaves no room for a passage
LARGEST_CONTEXT = 100_000_000
LONGEST_WAIT = 86_400.0  # seconds
_taken: set[str] = set()  # keys in use, so that no error can repeat one


@dataclass(frozen=True, slots=True)
class LLMOptions:
    """`seconds` to wait for an answer or its next piece; `context`, the tokens that the model
    takes, None to find out; `keys` of providers that the environment holds none for.
    """

    seconds: float = SECONDS
    context: int | None = None
    keys: Mapping[str, SecretStr] = field(default_factory=dict)

    @classmethod
    def from_environment(cls) -> "LLMOptions":
        """What DATELINE_LLM_TIMEOUT and DATELINE_LLM_CONTEXT say. Raises LLMError."""
        return cls(
            seconds=_number(TIMEOUT_VARIABLE, 0.01, LONGEST_WAIT) or SECONDS,
            context=round(_number(CONTEXT_VARIABLE, SMALLEST_CONTEXT, LARGEST_CONTEXT)) or None,
        )

    def key(self, provider: str) -> str:
        """The key to send to a provider, "" where there is none. Raises LLMError if unusable."""
        variable = VARIABLES[provider]
        kept = self.keys.get(provider, SecretStr("")).get_secret_value()
        key = os.environ.get(variable, "").strip() or kept.strip()
        if not (key.isascii() and key.isprintable()):
            raise LLMError(f"{variable} holds characters that no key has. Set it again.")
        if key:
            _taken.add(key)
        return key


def without_keys(words: str) -> str:
    """The words with every key that is in use, or that the environment holds, left out."""
    known = _taken | {os.environ.get(name, "").strip() for name in VARIABLES.values()}
    for key in sorted(known - {""}, key=len, reverse=True):
        words = words.replace(key, "…")
    return words


def _number(variable: str, least: float, most: float) -> float:
    """A number from the environment, 0 where it is not set."""
    told = os.environ.get(variable, "").strip()
    if not told:
        return 0
    try:
        number = float(told)
    except ValueError:
        number = math.nan
    if not least <= number <= most:
        raise LLMError(f"{variable} must be a number from {least:g} to {most:g}. Set it again.")
    return number
