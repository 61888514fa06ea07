"""Install what the peers need, run everything, write the table.

Run: `python -m benchmarks.peers [--shared ../shared] [--only samples|articles|scifact …]`.
With `--only`, the table is printed and not written to benchmarks/results/peers.md.
"""

import argparse
import tempfile
from pathlib import Path

from benchmarks.peers.packages import make_importable

ROOT = Path(__file__).parents[2]
RESULT = ROOT / "benchmarks" / "results" / "peers.md"


def main() -> None:
    """Compare the peers on each corpus in a folder of its own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--only", nargs="+", choices=["samples", "articles", "scifact"])
    arguments = parser.parse_args()
    make_importable(ROOT / "build" / "peers")
    from benchmarks.peers.compare import compare
    from benchmarks.peers.corpora import corpora
    from benchmarks.peers.report import describe_machine, report

    machine = describe_machine()
    with tempfile.TemporaryDirectory() as name:
        wanted = corpora(ROOT, arguments.shared, Path(name), arguments.only)
        text = report([compare(corpus, Path(name) / corpus.name) for corpus in wanted], machine)
    if not arguments.only:
        RESULT.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
