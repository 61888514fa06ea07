"""What files made to harm cost: seconds and memory of each, until loaded and cleaned.

    python -m tests.hostile_files FOLDER && python -m benchmarks.hostile FOLDER

Prints the slowest and what came of all. Memory is the most that this process and any child
process ever held; the children are limited to 1 GB of address space.
"""

import resource
import sys
import time
from pathlib import Path

from index.clean import prepare
from index.errors import LoadError
from index.failure import LoadFailure
from index.intake import ARTICLE_LIMIT
from index.load import find_sources, load

_SLOWEST = 15


def outcome(path: Path) -> tuple[float, int, str]:
    """Seconds, articles, and the reason of the first failure."""
    start = time.perf_counter()
    articles, reason = 0, ""
    for item in load(path):
        if isinstance(item, LoadFailure):
            reason = reason or item.reason
        elif len(item.text) > ARTICLE_LIMIT:
            reason = reason or "holds too many characters for an article"
        else:
            try:
                prepare(item)
                articles += 1
            except LoadError as error:
                reason = reason or str(error)
    return time.perf_counter() - start, articles, reason


def main() -> None:
    """Load every file of the folder."""
    found = [(path.name, *outcome(path)) for path in find_sources([sys.argv[1]])]
    found.sort(key=lambda each: -each[1])
    print("| seconds | file | articles | reason |\n|---|---|---|---|")
    for name, seconds, articles, reason in found[:_SLOWEST]:
        print(f"| {seconds:.1f} | {name!r} | {articles} | {reason} |")
    clean = sum(1 for _, _, articles, _ in found if articles)
    peaks = [
        resource.getrusage(who).ru_maxrss // 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    print(f"\n{len(found)} files: {clean} gave text, {len(found) - clean} failed with a reason.")
    print(f"Most memory: {peaks[0]} MB in this process, {peaks[1]} MB in a child.")


if __name__ == "__main__":
    main()
