"""What the answers of a language model used up, as far as its provider tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

_PROMPT = ("prompt_tokens", "input_tokens", "prompt_token_count", "prompt_eval_count")
_COMPLETION = ("completion_tokens", "output_tokens", "candidates_token_count", "eval_count")
_USAGE = ("usage", "usage_metadata")
_MOST = 1e15  # more is no count of anything
Number = TypeVar("Number", int, float)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens read and written, and their cost in the provider's currency; None is unknown."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost: float | None = None

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            _sum(self.prompt_tokens, other.prompt_tokens),
            _sum(self.completion_tokens, other.completion_tokens),
            _sum(self.cost, other.cost),
        )


def usage_of(raw: object) -> Usage:
    """The usage that a provider's raw response tells: OpenAI's names, Anthropic's, Google's and
    Ollama's; `cost` as OpenRouter sends it.
    """
    told = next((found for name in _USAGE if (found := _field(raw, name)) is not None), raw)
    return Usage(_tokens(told, _PROMPT), _tokens(told, _COMPLETION), _number(_field(told, "cost")))


def _sum(one: Number | None, other: Number | None) -> Number | None:
    if one is None or other is None:
        return other if one is None else one
    return one + other


def _tokens(told: object, names: tuple[str, ...]) -> int | None:
    found = (_number(_field(told, name)) for name in names)
    return next((int(number) for number in found if number is not None), None)


def _number(value: object) -> float | None:
    """A number that can be counted up; None for anything else that a server may send."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if 0 <= value < _MOST else None  # neither does NaN


def _field(of: object, name: str) -> object:
    """A field of a response, which libraries give as a mapping or as an object."""
    return of.get(name) if isinstance(of, Mapping) else getattr(of, name, None)
