"""How long a warm answer takes over a year of news, stage by stage.

Run: `python -m benchmarks.answer_speed ../shared/data NEWS_HOME` (the home of
benchmarks/retrieval.py). Asks all 429 quiz questions after ten to warm up. Writes
benchmarks/results/answer-speed.md.
"""

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np

import rag
from benchmarks.retrieval import RESULTS, lines

WARM_UP = 10


def main() -> None:
    """Ask everything once and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("home", type=Path)
    arguments = parser.parse_args()
    questions = [row["question"] for row in lines(arguments.data / "news2022/questions.jsonl")]
    stages: dict[str, list[float]] = defaultdict(list)
    with rag.connect(arguments.home) as engine:
        chunks = engine.status().chunks
        for number, question in enumerate([*questions[:WARM_UP], *questions]):
            answer = engine.ask(question)
            if number >= WARM_UP:
                for stage, seconds in {**answer.timings, "all": answer.seconds}.items():
                    stages[stage].append(seconds * 1000)
    head = f"# A warm answer over {chunks:,} chunks, {len(questions)} questions, two cores"
    rows = [
        f"| {stage} | {np.percentile(times, 50):.0f} | {np.percentile(times, 95):.0f} |"
        for stage, times in stages.items()
    ]
    text = "\n".join([head, "", "| stage | p50 ms | p95 ms |", "|---|---|---|", *rows]) + "\n"
    (RESULTS / "answer-speed.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
