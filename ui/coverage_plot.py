"""How many articles each outlet has over time: as a picture and as a table. Pure functions."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from index.article import Metadata, publisher_key
from ui import text
from ui.render import escape

_MOST_ROWS = 12  # outlets that have a row of their own
_MOST_SPANS = 36  # columns
_WIDTH, _ROW, _LEFT, _RIGHT, _FOOT = 400, 26, 128, 34, 22  # units; the page scales the drawing
_LONGEST = 17  # characters of an outlet's name
_UNKNOWN = "Unknown outlet"


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts of articles: a row an outlet, the largest first, a column a span of time.

    `spans` name the columns; `undated` counts the articles that are in no column.
    """

    spans: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    undated: int


def coverage_of(articles: Iterable[Metadata]) -> Coverage:
    """Count articles by outlet and by day, week, month or year, whichever fits."""
    dated: list[tuple[str, date]] = []
    names: dict[str, str] = {}
    undated = 0
    for each in articles:
        day = _day(each.published)
        if day is None:
            undated += 1
            continue
        key = publisher_key(each.publisher)
        names.setdefault(key, text.line(each.publisher or _UNKNOWN))
        dated.append((key, day))
    if not dated:
        return Coverage((), (), undated)
    spans = _spans(min(day for _, day in dated), max(day for _, day in dated))
    largest = [key for key, _ in Counter(key for key, _ in dated).most_common()]
    own = largest if len(largest) <= _MOST_ROWS else largest[: _MOST_ROWS - 1]
    counts = Counter((key if key in own else None, _column(spans, day)) for key, day in dated)
    rows = [(names[key], _counts(counts, key, len(spans))) for key in own]
    if len(own) < len(largest):
        others = text.count(len(largest) - len(own), "other outlet")
        rows.append((others, _counts(counts, None, len(spans))))
    return Coverage(tuple(name for name, _ in spans), tuple(rows), undated)


def coverage_html(coverage: Coverage) -> str:
    """The picture with its caption, and the same numbers as a table; "" when nothing is dated."""
    note = f"{text.count(coverage.undated, 'article')} without a date." if coverage.undated else ""
    if not coverage.rows:
        return f'<p class="dl-small">{escape(note)}</p>' if note else ""
    return (
        '<figure class="dl-coverage"><figcaption><h3>Coverage</h3>'
        f"<p>{escape(_summary(coverage))} {escape(note)}</p></figcaption>{_drawing(coverage)}"
        f"<details><summary>As a table</summary>{_as_table(coverage)}</details></figure>"
    )


def _counts(
    counts: Counter[tuple[str | None, int]], key: str | None, columns: int
) -> tuple[int, ...]:
    return tuple(counts[key, column] for column in range(columns))


def _day(iso: str | None) -> date | None:
    try:
        return date.fromisoformat(iso) if iso else None
    except ValueError:
        return None


def _spans(first: date, last: date) -> list[tuple[str, date]]:
    """Spans of time that cover two days: each its name and its first day."""
    days = (last - first).days + 1
    if days <= _MOST_SPANS:
        starts = [first + timedelta(days=number) for number in range(days)]
        return [(f"{day.day} {day:%B %Y}", day) for day in starts]
    monday = first - timedelta(days=first.weekday())
    weeks = (last - monday).days // 7 + 1
    if weeks <= _MOST_SPANS:
        starts = [monday + timedelta(weeks=number) for number in range(weeks)]
        return [(f"week of {day.day} {day:%B %Y}", day) for day in starts]
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months <= _MOST_SPANS:
        return [(f"{day:%B %Y}", day) for day in _months(first, months)]
    step = -(-(last.year - first.year + 1) // _MOST_SPANS)
    years = range(first.year, last.year + 1, step)
    return [(_years(year, min(year + step - 1, last.year)), date(year, 1, 1)) for year in years]


def _years(first: int, last: int) -> str:
    return str(first) if first == last else f"{first} to {last}"


def _months(first: date, count: int) -> Iterator[date]:
    for number in range(count):
        year, month = divmod(first.month - 1 + number, 12)
        yield date(first.year + year, month + 1, 1)


def _column(spans: Sequence[tuple[str, date]], day: date) -> int:
    return max(number for number, (_, start) in enumerate(spans) if start <= day)


def _summary(coverage: Coverage) -> str:
    total = sum(sum(counts) for _, counts in coverage.rows)
    name, counts = coverage.rows[0]
    first, last = coverage.spans[0], coverage.spans[-1]
    when = first if first == last else f"{first} to {last}"
    told = f"{text.count(total, 'dated article')}, {when}"
    return f"{told}; most from {name} ({sum(counts):,})." if len(coverage.rows) > 1 else f"{told}."


def _drawing(coverage: Coverage) -> str:
    height = _ROW * len(coverage.rows) + _FOOT
    most = max(max(counts) for _, counts in coverage.rows)
    parts = [
        part
        for number, row in enumerate(coverage.rows)
        for part in _row(row, coverage.spans, _ROW * number, most)
    ]
    first, last = coverage.spans[0], coverage.spans[-1]
    parts.append(_text(_LEFT, height - 6, first, "tick"))
    if first != last:
        parts.append(_text(_WIDTH - _RIGHT, height - 6, last, "tick end"))
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" '
        'aria-labelledby="dl-coverage-title dl-coverage-told">'
        '<title id="dl-coverage-title">Articles of each outlet over time</title>'
        f'<desc id="dl-coverage-told">{escape(_summary(coverage))}</desc>{"".join(parts)}</svg>'
    )


def _row(
    row: tuple[str, tuple[int, ...]], spans: Sequence[str], top: int, most: int
) -> Iterator[str]:
    """One outlet: its name, a column for each span with articles, how many in all."""
    name, counts = row
    step = (_WIDTH - _LEFT - _RIGHT) / len(spans)
    width = max(1.5, min(step * 0.8, 18))
    foot = top + _ROW - 4
    shown = name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
    yield _text(_LEFT - 8, foot - 4, shown, "name end")
    yield f'<path class="grid" d="M{_LEFT} {foot}H{_WIDTH - _RIGHT}"/>'
    for number, count in enumerate(counts):
        if count:
            tall = max(2.0, (_ROW - 8) * count / most)
            told = f"{name}, {spans[number]}: {text.count(count, 'article')}"
            yield (
                f'<rect class="bar" x="{_LEFT + step * (number + 0.5) - width / 2:.1f}" '
                f'y="{foot - tall:.1f}" width="{width:.1f}" height="{tall:.1f}">'
                f"<title>{escape(told)}</title></rect>"
            )
    yield _text(_WIDTH, foot - 4, f"{sum(counts):,}", "value end")


def _text(x: float, y: float, words: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>'


def _as_table(coverage: Coverage) -> str:
    """The numbers, a row for each outlet and span that has any."""
    rows = "".join(
        f'<tr><th scope="row" dir="auto">{escape(name)}</th>'
        f"<td>{escape(coverage.spans[number])}</td><td>{count:,}</td></tr>"
        for name, counts in coverage.rows
        for number, count in enumerate(counts)
        if count
    )
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Outlet", "When", "Articles"))
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
