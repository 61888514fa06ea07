"""What speaks against a claim by rule, in the words to show."""

from dataclasses import dataclass
from typing import Literal

from rag.checking.aligned import negated, replaced
from rag.checking.bound import unbound
from rag.checking.deeds import other_subjects
from rag.checking.evidence import Cited
from rag.checking.facts import missing_dates
from rag.checking.missing_figures import missing_figures
from rag.checking.missing_names import missing_names
from rag.checking.polarity import contradicted
from rag.checking.speakers import misattributed

Kind = Literal["figure", "date", "name", "negation", "replaced", "speaker", "subject", "binding"]


@dataclass(frozen=True, slots=True)
class Objection:
    """One thing that the evidence does not bear out, and in which words."""

    kind: Kind
    words: str

    @property
    def sure(self) -> bool:
        """Whether it alone shows that the claim is not supported; the others only lower it."""
        return self.kind in ("figure", "date", "name", "negation", "replaced")


def objections(claim: str, evidence: tuple[Cited, ...]) -> tuple[Objection, ...]:
    """Why evidence does not found a claim, each once; empty where no rule objects."""
    text = "\n".join(part.quote for part in evidence)
    found = [Objection("figure", words) for words in missing_figures(claim, text)]
    found += [Objection("date", words) for words in missing_dates(claim, evidence)]
    found += [Objection("name", words) for words in missing_names(claim, evidence)]
    found += [Objection("negation", words) for words in contradicted(claim, text)]
    found += [Objection("negation", words) for words in negated(claim, evidence)]
    found += [Objection("replaced", words) for words in replaced(claim, evidence)]
    found += [Objection("speaker", words) for words in misattributed(claim, evidence)]
    found += [Objection("subject", words) for words in other_subjects(claim, evidence)]
    found += [Objection("binding", words) for words in unbound(claim, evidence)]
    return tuple(dict.fromkeys(found))
