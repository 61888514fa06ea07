"""Two evaluations of the same questions, side by side."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import UsageError
from rag.evaluation import statistics
from rag.evaluation.figures import SPECS, Spec
from rag.evaluation.results import FORMAT, Evaluation, Result
from rag.evaluation.score import Pair
from rag.evaluation.statistics import Difference

_NONE: Pair = (0.0, 0.0)  # of a question that counts towards a figure in only one of the runs


@dataclass(frozen=True, slots=True)
class Earlier:
    """One question as an earlier run left it."""

    question: str
    answered: bool
    text: str
    scores: Mapping[str, Pair]
    judge: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A question that came out otherwise: what was said before and what is said now."""

    id: str
    question: str
    better: bool
    earlier: str
    later: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """An evaluation against an earlier one, over the `shared` questions: same id, same words.

    `differences` are later minus earlier, by figure; a figure that one of the runs does not have
    is left out, and so are judged figures of two different judges.
    """

    shared: int
    only_earlier: int
    only_later: int
    differences: Mapping[str, Difference]
    changes: tuple[Change, ...]

    def to_dict(self) -> dict[str, Any]:
        """The comparison in plain JSON types."""
        return {
            "shared": self.shared,
            "only_earlier": self.only_earlier,
            "only_later": self.only_later,
            "differences": {name: asdict(each) for name, each in self.differences.items()},
            "better": [asdict(each) for each in self.changes if each.better],
            "worse": [asdict(each) for each in self.changes if not each.better],
        }


def read_earlier(path: str | Path) -> dict[str, Earlier]:
    """The questions of an earlier results.json, by id. Raises UsageError when it is none."""
    try:
        stored = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"The earlier results {path} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise UsageError(f"{path} is not JSON. Give the results.json of an earlier run.") from None
    if not isinstance(stored, dict) or stored.get("format") != FORMAT:
        raise UsageError(f"{path} is not of this program. Give the results.json of an earlier run.")
    try:
        return {
            each["id"]: Earlier(
                each["question"],
                each["answered"],
                each["text"],
                {name: (float(top), float(low)) for name, (top, low) in each["scores"].items()},
                (each.get("judged") or {}).get("judge"),
            )
            for each in stored["results"]
        }
    except (KeyError, TypeError, ValueError, AttributeError):
        raise UsageError(f"{path} is damaged. Run the earlier evaluation again.") from None


def compare(earlier: Mapping[str, Earlier], later: Evaluation) -> Comparison:
    """What became better and worse. Raises UsageError when no question is in both."""
    pairs = [
        (earlier[result.item.id], result)
        for result in later.results
        if result.item.id in earlier and earlier[result.item.id].question == result.item.question
    ]
    if not pairs:
        raise UsageError("The earlier results hold none of these questions: nothing to compare.")
    changes = [change for pair in pairs if (change := _change(*pair))]
    found = {spec.name: _difference(spec, pairs) for spec in SPECS}
    return Comparison(
        shared=len(pairs),
        only_earlier=len(earlier) - len(pairs),
        only_later=len(later.results) - len(pairs),
        differences={name: each for name, each in found.items() if each is not None},
        changes=tuple(changes),
    )


def _difference(spec: Spec, pairs: list[tuple[Earlier, Result]]) -> Difference | None:
    """A question counts when it counts in either run of a share, in both of anything else."""
    if spec.judged and len({run.judge for pair in pairs for run in pair} - {None}) > 1:
        return None
    if not all(any(spec.name in run.scores for run in runs) for runs in zip(*pairs, strict=True)):
        return None
    counts = any if spec.estimate is statistics.ratio else all
    rows = [
        [run.scores.get(spec.name, _NONE) for run in pair]
        for pair in pairs
        if counts(spec.name in run.scores for run in pair)
    ]
    if not rows:
        return None
    scores = np.array(rows, dtype=np.float64)
    found = statistics.difference(spec.estimate, scores[:, 0], scores[:, 1])
    return None if np.isnan(found.value) else found


def _change(earlier: Earlier, later: Result) -> Change | None:
    """A question is better when it is right now, or as right as before and its evidence cited."""
    steps = [
        later.scores.get(name, _NONE)[0] - earlier.scores.get(name, _NONE)[0]
        for name in ("correct", "citation_recall")
    ]
    step = steps[0] or steps[1]
    if not step:
        return None
    return Change(later.item.id, later.item.question, step > 0, earlier.text, said(later))


def said(result: Result) -> str:
    """What the product said, or why it said nothing."""
    return result.outcome.text if result.outcome.error is None else result.outcome.error
