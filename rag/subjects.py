"""What a collection is about: the names that most of its titles hold."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from index.records import ArticleRow
from index.words import fold
from rag.dates import dates
from rag.lexicon import people
from rag.proper_names import proper_names

MOST = 6
TITLES = 1000  # the newest ones, which say enough
LEAST = 2  # titles that make a name a subject


def subjects(rows: Iterable[ArticleRow]) -> tuple[str, ...]:
    """The most frequent names, the most frequent first, each as it is mostly written."""
    newest = sorted(rows, key=lambda row: row.metadata.published or "", reverse=True)[:TITLES]
    outlets = {word for row in newest for word in fold(row.metadata.publisher or "").split()}
    counts: Counter[str] = Counter()
    spelt: dict[str, Counter[str]] = defaultdict(Counter)
    for row in newest:
        for key, words in _names(row.metadata.title or "").items():
            if not outlets.intersection(key.split()) and not people(key):
                counts[key] += 1
                spelt[key][words] += 1
    often = [key for key, count in counts.most_common(MOST) if count >= LEAST]
    return tuple(spelt[key].most_common(1)[0][0] for key in often)


def _names(title: str) -> dict[str, str]:
    """The names in a title, each once; a month or weekday is none."""
    days = list(dates(title))
    return {
        name.key: title[name.start : name.end]
        for name in proper_names(title)
        if not any(day.start < name.end and name.start < day.end for day in days)
    }
