"""Figures, times, amounts and differences as people read them."""

from rag.evaluate import BY_NAME, Figure
from rag.evaluation.statistics import Difference

SURE = 0.05  # a difference less likely than this by chance is marked
NONE = "–"


def value_words(figure: Figure) -> str:
    """A figure's value, "0.933" or "48 ms"; a dash when nothing counts towards it."""
    return number_words(figure.name, figure.value)


def interval_words(figure: Figure) -> str:
    """A figure's 95% interval, "0.876 to 0.981"."""
    return _range(figure.name, figure.low, figure.high)


def number_words(name: str, value: float | None) -> str:
    """A value of the figure of this name."""
    if value is None:
        return NONE
    return seconds_words(value) if _in_seconds(name) else f"{value:.3f}"


def seconds_words(value: float) -> str:
    """A time, "4.8 ms", "48 ms" or "1.25 s"."""
    if abs(value) >= 1:
        return f"{value:.2f} s"
    return f"{value * 1000:.0f} ms" if abs(value) >= 0.01 else f"{value * 1000:.1f} ms"


def amount_words(value: float) -> str:
    """A number of tokens, "12,400", or a cost, "0.0015"."""
    return f"{value:,.6f}".rstrip("0").rstrip(".")


def difference_words(name: str, difference: Difference) -> tuple[str, str, str]:
    """A difference, its interval and its p, each in words."""
    sign = "+" if difference.value > 0 else ""
    return (
        sign + number_words(name, difference.value),
        _range(name, difference.low, difference.high),
        f"{difference.p:.3f}" if difference.p >= 0.001 else "< 0.001",
    )


def better(name: str, difference: Difference) -> bool | None:
    """Whether a difference is for the better; None when chance may well have made it."""
    if difference.p >= SURE or not difference.value:
        return None
    return (difference.value < 0) == BY_NAME[name].lower_is_better


def _range(name: str, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return NONE
    return f"{number_words(name, low)} to {number_words(name, high)}"


def _in_seconds(name: str) -> bool:
    spec = BY_NAME.get(name)
    return spec is None or spec.unit == "s"  # stages have no spec, and are times
