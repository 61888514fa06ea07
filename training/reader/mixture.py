"""All examples of a pass over the training data."""

import random
from pathlib import Path

from training.reader.data import Example, Squad, checked, news, selected, shifted, simplified
from training.reader.written import examples, written

DRAWS = 3  # of the written articles' examples in a pass: each has its words in another window


def training(folder: Path, squad: Squad, share: float, number: int) -> list[Example]:
    """All examples of one pass, shuffled; `share` of the SQuAD questions, drawn for this pass."""
    draw = random.Random(number)
    learnt, _ = squad.split()
    learnt = draw.sample(learnt, int(share * len(learnt)))
    found: list[Example] = []
    for one in learnt:
        found += squad.examples(one, draw)
        found += squad.claims(one, draw)
    for pid in sorted({one.passage for one in learnt}):
        found += squad.restated(pid, draw)
    for name, most in (("newwiki", 8000), ("reddit", 4000), ("amazon", 3000)):
        path = folder / f"qa_squadshifts_{name}.jsonl.xz"
        found += shifted(path, int(share * most), draw)
    found += news(folder / "qa_onestopqa_news.jsonl.xz", draw)
    found += simplified(folder / "qa_onestopqa_news.jsonl.xz", draw)
    for name in ("dev", "test"):
        found += selected(folder / f"ss_selqa_{name}.jsonl.xz", draw)
    for name in ("fever_dev", "fever_symmetric"):
        path = folder / f"ent_{name}.jsonl.xz"
        found += checked(path, draw)
    articles = written(held=False)
    for _ in range(DRAWS):
        found += examples(articles, draw)
    draw.shuffle(found)
    return found
