"""How well a claim is checked against the words it cites: caught and wrongly rejected claims.

Run: `python -m benchmarks.verification [ARTICLES]`. ARTICLES is a folder of articles from which
pairs are made by rule (default ../shared/articles; --news adds a file of news2022). Writes
benchmarks/results/verification.md.
"""

import argparse
import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

import numpy as np

from benchmarks.claim_pairs import Pair, articles, generated, written
from benchmarks.retrieval import RESULTS
from index.article import Document, Metadata
from index.clean import prepare
from rag.answer import Support
from rag.checking.coverage import covered
from rag.checking.objections import objections
from rag.checking.support import LEAST, MOST, ModelChecker, combined
from rag.reader_model import Reading, check_pairs

KINDS = ("number", "date", "name", "negation", "attribution", "mixed")
JUDGES = ("rules", "model", "both")
NEWS_SENTENCES = 120  # articles of news2022 that are drawn from


def judgements(pairs: Sequence[Pair]) -> dict[str, list[Support]]:
    """What rules, model and both make of each claim."""
    asked = [(pair.claim, pair.evidence) for pair in pairs]
    read: dict[tuple[str, str], Reading] = {}

    def once(texts: Sequence[tuple[str, str]]) -> list[Reading]:
        new = [pair for pair in dict.fromkeys(texts) if pair not in read]
        read.update(zip(new, check_pairs(new), strict=True))
        return [read[pair] for pair in texts]

    with patch("rag.checking.support.check_pairs", once):
        both = [verdict.support for verdict in ModelChecker().check_all(asked)]
        silent = patch("rag.checking.support.objections", return_value=())
        neutral = patch("rag.checking.support.covered", return_value=(LEAST + MOST) / 2)
        with silent, neutral:
            model = [verdict.support for verdict in ModelChecker().check_all(asked)]
    rules = [combined(1.0, objections(*pair), covered(*pair))[0] for pair in asked]
    return {"rules": rules, "model": model, "both": both}


def share(flags: Sequence[bool]) -> str:
    """A share with its 95% Wilson interval."""
    n = len(flags)
    if not n:
        return "–"
    p, z = sum(flags) / n, 1.96
    middle, half = p + z * z / (2 * n), z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)
    return f"{p:.3f} ({max(low, 0):.2f}–{min(high, 1):.2f})"


def rows(pairs: Sequence[Pair], found: dict[str, list[Support]]) -> list[str]:
    """The table of one set of pairs."""
    lines = ["| | n | " + " | ".join(JUDGES) + " |", "|---|---|" + "---|" * len(JUDGES)]

    def line(name: str, chosen: list[int], wanted: set[Support]) -> str:
        cells = [share([found[judge][i] in wanted for i in chosen]) for judge in JUDGES]
        return f"| {name} | {len(chosen)} | " + " | ".join(cells) + " |"

    for kind in KINDS:
        chosen = [i for i, pair in enumerate(pairs) if pair.alteration == kind]
        lines.append(line(f"{kind}: caught (not supported)", chosen, {"partial", "unsupported"}))
        lines.append(line(f"{kind}: unsupported", chosen, {"unsupported"}))
    true = [i for i, pair in enumerate(pairs) if pair.alteration is None]
    lines.append(line("true: wrongly unsupported", true, {"unsupported"}))
    lines.append(line("true: supported (recall)", true, {"supported"}))
    cells = []
    for judge in JUDGES:
        passed = [
            p.alteration is None
            for p, v in zip(pairs, found[judge], strict=True)
            if v == "supported"
        ]
        cells.append(share(passed))
    lines.append("| supported: is true (precision) | | " + " | ".join(cells) + " |")
    return lines


def news(path: Path, count: int) -> dict[str, tuple[str, Metadata]]:
    """The first `count` articles of news2022 of a usual length."""
    found: dict[str, tuple[str, Metadata]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if 2000 < len(row["text"]) < 6000 and len(found) < count:
                known = Metadata(title=row["title"] or None, published=row["published"] or None)
                found[row["id"]] = prepare(Document(row["id"], row["text"], known))
    return found


def main() -> None:
    """Write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path, nargs="?", default=Path("../shared/articles"))
    parser.add_argument("--news", type=Path, help="articles.jsonl.gz of news2022")
    arguments = parser.parse_args()
    own = written()
    sets = {
        "Written, development half": [p for p in own if p.half == "development"],
        "Written, held-out half": [p for p in own if p.half == "held-out"],
        "Made by rule from the articles": generated(articles(arguments.articles)),
    }
    if arguments.news:
        sets["Made by rule from news2022"] = generated(news(arguments.news, NEWS_SENTENCES))
    lines = ["# Claims checked against the words they cite", "", "Shares with 95% intervals."]
    for name, pairs in sets.items():
        lines += ["", f"## {name}: {len(pairs)} pairs", "", *rows(pairs, judgements(pairs))]
    text = "\n".join(lines) + "\n"
    (RESULTS / "verification.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
